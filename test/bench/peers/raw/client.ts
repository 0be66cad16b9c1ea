/**
 * The floor, client side: an edit is written, synced, and sent; what arrives while a synced write is under way goes into
 * the next one. A chunk is one synced batch, written while the next one is taken apart.
 */
import { type Socket, connect } from "node:net";
import { GroupedWrites } from "../../../../hal/parts/grouped-writes.ts";
import type { EntryChange } from "../../../../src/model/entry.ts";
import type { TcpBytes } from "../../orders.ts";
import { Keeper, type Put, decodeCbor, recordOf } from "../keeper.ts";
import type { Joining, Role, RoleParts } from "../role.ts";
import { type Change, FRAME, type Frame, type Hello, chunkIn, frameOf, framesOf } from "./frames.ts";

const GROUP_BYTES_MAX = 4 * 1024 * 1024;
const RETRY_MS = 20;

export class RawClient implements Role {
  readonly pending = 0;
  readonly recordOf = recordOf;
  readonly #parts: RoleParts;
  readonly #keeper: Keeper;
  readonly #joining: Joining;
  readonly #writes: GroupedWrites<Put>;
  #socket: Socket | undefined;
  #sequence = -1;
  #savedSequence = -1;
  /** The chunk that is being written. */
  #chunk: Promise<void> = Promise.resolve();
  #closing = false;

  private constructor(parts: RoleParts) {
    this.#parts = parts;
    this.#keeper = parts.keeper;
    this.#joining = parts.joining;
    this.#writes = new GroupedWrites({ write: (puts) => this.#write(puts), bytesMax: GROUP_BYTES_MAX });
  }

  static async open(parts: RoleParts): Promise<RawClient> {
    const role = new RawClient(parts);
    role.#sequence = Number((await parts.keeper.position()) ?? -1);
    role.#savedSequence = role.#sequence;
    void role.#follow();
    return role;
  }

  get tcp(): TcpBytes {
    return { received: this.#socket?.bytesRead ?? 0, sent: this.#socket?.bytesWritten ?? 0 };
  }

  async edit(change: EntryChange): Promise<void> {
    const put = recordOf(change);
    await this.#writes.add([put], put.key.length + put.value.length);
    this.#socket?.write(frameOf(FRAME.edit, [put.key, put.value]));
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#socket?.destroy();
    await this.#writes.idle();
    await this.#chunk;
    if (this.#sequence > this.#savedSequence) await this.#write([]);
  }

  /** The newest sequence goes along with whatever is written. */
  async #write(puts: readonly Put[]): Promise<void> {
    const sequence = this.#sequence;
    await this.#keeper.write(sequence < 0 ? puts : [...puts, Keeper.position(sequence)]);
    this.#savedSequence = sequence;
  }

  async #follow(): Promise<void> {
    while (!this.#closing) {
      try {
        await this.#session();
      } catch {
        // The server is being restarted; it is asked again.
        this.#socket?.destroy();
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #session(): Promise<void> {
    const { host, port, number } = this.#parts;
    this.#joining.connecting();
    const socket = connect({ host, port, noDelay: true });
    this.#socket = socket;
    const hello: Hello = [number, this.#sequence];
    socket.write(frameOf(FRAME.hello, hello));
    for await (const each of framesOf(socket)) await this.#take(each);
  }

  async #take(each: Frame): Promise<void> {
    if (each.kind === FRAME.chunk) {
      const puts = chunkIn(each).map(([key, value]) => ({ key, value }));
      await this.#chunk;
      this.#chunk = this.#keeper.write(puts);
    } else if (each.kind === FRAME.end) {
      await this.#chunk;
      this.#sequence = decodeCbor(each.body) as number;
      if (this.#sequence > this.#savedSequence) await this.#write([]);
      this.#joining.joined(this.tcp);
    } else {
      const [sequence, author, key, value] = decodeCbor(each.body) as Change;
      this.#sequence = sequence;
      // Its own edit is there already, and nobody else edits the same entry.
      if (author !== this.#parts.number) void this.#writes.add([{ key, value }], key.length + value.length);
    }
  }
}
