/** A machine that follows a stream: an edit is written, synced, and added to it; what comes is written in groups, with the id to go on from. */
import { GroupedWrites } from "../../../../hal/parts/grouped-writes.ts";
import type { EntryChange } from "../../../../src/model/entry.ts";
import type { TcpBytes } from "../../orders.ts";
import { Keeper, type Put, jsonRecordOf } from "../keeper.ts";
import type { Joining, Role, RoleParts } from "../role.ts";
import { RedisLine, type Reply } from "./resp.ts";

const STREAM = "entries";
const START = "0-0";
const ENTRIES_A_READ = 1_000;
const GROUP_BYTES_MAX = 4 * 1024 * 1024;

interface Read {
  readonly id: string;
  readonly puts: readonly Put[];
}

/** Waiting for what comes would hold up what is added. */
interface Lines {
  readonly reading: RedisLine;
  readonly adding: RedisLine;
}

export class RedisClient implements Role {
  readonly recordOf = jsonRecordOf;
  readonly #keeper: Keeper;
  readonly #joining: Joining;
  readonly #number: string;
  readonly #reading: RedisLine;
  readonly #adding: RedisLine;
  readonly #writes: GroupedWrites<Put>;
  #id = START;
  #savedId = START;
  #pending = 0;

  private constructor({ keeper, joining, number }: RoleParts, { reading, adding }: Lines) {
    this.#keeper = keeper;
    this.#joining = joining;
    this.#number = String(number);
    this.#reading = reading;
    this.#adding = adding;
    this.#writes = new GroupedWrites({ write: (puts) => this.#write(puts), bytesMax: GROUP_BYTES_MAX });
  }

  static async open(parts: RoleParts): Promise<RedisClient> {
    parts.joining.connecting();
    const [reading, adding] = await Promise.all([RedisLine.open(parts), RedisLine.open(parts)]);
    const role = new RedisClient(parts, { reading, adding });
    role.#id = String((await parts.keeper.position()) ?? START);
    role.#savedId = role.#id;
    // Whoever puts the data in follows nobody.
    if (parts.role === "client") void role.#follow();
    return role;
  }

  get pending(): number {
    return this.#pending;
  }

  get tcp(): TcpBytes {
    const sockets = [this.#reading.socket, this.#adding.socket];
    return {
      received: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
      sent: sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    };
  }

  async load(batches: Iterable<readonly Put[]>): Promise<void> {
    for (const puts of batches) await Promise.all(puts.map((put) => this.#add(put)));
  }

  async edit(change: EntryChange): Promise<void> {
    const put = jsonRecordOf(change);
    this.#pending += 1;
    await this.#writes.add([put], put.key.length + put.value.length);
    void this.#add(put).then(() => {
      this.#pending -= 1;
    });
  }

  async close(): Promise<void> {
    this.#reading.socket.destroy();
    this.#adding.socket.destroy();
    await this.#writes.idle();
    if (this.#id !== this.#savedId) await this.#write([]);
  }

  #add({ key, value }: Put): Promise<Reply> {
    return this.#adding.command("XADD", STREAM, "*", "a", this.#number, "k", key, "v", value);
  }

  async #write(puts: readonly Put[]): Promise<void> {
    const id = this.#id;
    await this.#keeper.write([...puts, Keeper.position(id)]);
    this.#savedId = id;
  }

  /** Reads without waiting until nothing is left, and is up to date then; from there on each read waits for what comes. */
  async #follow(): Promise<void> {
    try {
      let written = Promise.resolve();
      for (let read = await this.#read(); read !== undefined; ) {
        const next = this.#read(read.id);
        await written;
        this.#id = read.id;
        written = this.#write(read.puts);
        read = await next;
      }
      await written;
      this.#joining.joined(this.tcp);
      for (;;) {
        const read = await this.#read(this.#id, "BLOCK", "0");
        if (read === undefined) continue;
        this.#id = read.id;
        if (read.puts.length > 0) void this.#writes.add(read.puts, 0);
      }
    } catch (cause) {
      // The connection ends with the process.
      if (!this.#reading.socket.destroyed) throw cause;
    }
  }

  async #read(after = this.#id, ...waiting: readonly string[]): Promise<Read | undefined> {
    const reply = await this.#reading.command("XREAD", "COUNT", String(ENTRIES_A_READ), ...waiting, "STREAMS", STREAM, after);
    if (reply === null) return undefined;
    // [[stream, [[id, ["a", author, "k", key, "v", value]], ...]]]
    const entries = (reply as readonly (readonly [Buffer, readonly (readonly [Buffer, readonly Buffer[]])[]])[])[0]?.[1] ?? [];
    const puts: Put[] = [];
    for (const [, [, author, , key, , value]] of entries) {
      if (author === undefined || key === undefined || value === undefined)
        throw new Error("an entry of the stream is not as it was added");
      // Its own edit is there already, and nobody else edits the same entry.
      if (author.toString() !== this.#number) puts.push({ key: key.toString(), value });
    }
    const last = entries.at(-1)?.[0].toString();
    return last === undefined ? undefined : { id: last, puts };
  }
}
