/**
 * The floor, server side: entries, a log of edits by sequence, and ready compressed chunks of all entries as they were
 * at the server's start. Edits that arrive while a synced write is under way go into the next one; each is then sent
 * to everybody, encoded once. No TLS, no acknowledgements, no checks.
 */
import { type Server, type Socket, createServer } from "node:net";
import { GroupedWrites } from "../../../../hal/parts/grouped-writes.ts";
import type { TcpBytes } from "../../orders.ts";
import { Keeper, type Put, decodeCbor, encodeCbor, recordOf } from "../keeper.ts";
import type { Role, RoleParts } from "../role.ts";
import { type Change, type Chunk, FRAME, type Hello, chunkFrame, chunksOf, frame, frameOf, framesOf } from "./frames.ts";

const LOG = "l";
const CHUNK = "c";
const CHUNK_END = "d";
/** The sequence up to which the chunks have everything. */
const CHUNKED = "b";
const DIGITS = 12;
const GROUP_BYTES_MAX = 4 * 1024 * 1024;

const numbered = (prefix: string, number: number): string => `${prefix}${String(number).padStart(DIGITS, "0")}`;

interface Edit {
  readonly author: number;
  readonly put: Put;
}

export class RawServer implements Role {
  readonly pending = 0;
  readonly recordOf = recordOf;
  readonly tcp: TcpBytes = { received: Number.NaN, sent: Number.NaN };
  readonly #keeper: Keeper;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those who have all that was before, and get each change as it comes. */
  readonly #live = new Set<Socket>();
  readonly #commits = new GroupedWrites<Edit>({ write: (edits) => this.#commit(edits), bytesMax: GROUP_BYTES_MAX });
  #sequence = 0;
  #chunkedSequence = 0;

  private constructor({ keeper }: RoleParts) {
    this.#keeper = keeper;
    this.#server = createServer({ noDelay: true }, (socket) => void this.#serve(socket));
  }

  static async open(parts: RoleParts): Promise<RawServer> {
    const role = new RawServer(parts);
    role.#sequence = Number((await parts.keeper.position()) ?? 0);
    const chunked = await parts.keeper.database.get(CHUNKED);
    role.#chunkedSequence = chunked === undefined ? 0 : Number(decodeCbor(chunked));
    if (role.#sequence > role.#chunkedSequence) await role.#makeChunks();
    await new Promise<void>((resolve) => role.#server.listen(parts.port, parts.host, resolve));
    return role;
  }

  async load(batches: Iterable<readonly Put[]>): Promise<void> {
    for (const puts of batches) await this.#keeper.write(puts);
    await this.#makeChunks();
  }

  /** When the data was loaded, and at a start: nobody waits for it. */
  async #makeChunks(): Promise<void> {
    await this.#keeper.database.clear({ gte: CHUNK, lt: CHUNK_END });
    let number = 0;
    for await (const puts of chunksOf(this.#keeper.entries())) {
      await this.#keeper.write([{ key: numbered(CHUNK, number), value: chunkFrame(puts) }]);
      number += 1;
    }
    this.#chunkedSequence = this.#sequence;
    await this.#keeper.write([{ key: CHUNKED, value: encodeCbor(this.#chunkedSequence) }]);
  }

  edit(): Promise<void> {
    return Promise.reject(new Error("a server edits nothing"));
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await this.#commits.idle();
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#live.delete(socket);
    });
    let author = 0;
    try {
      for await (const { kind, body } of framesOf(socket)) {
        if (kind === FRAME.hello) {
          const [client, sequence] = decodeCbor(body) as Hello;
          author = client;
          void this.#bringUp(socket, sequence);
        } else {
          const [key, value] = decodeCbor(body) as Chunk[number];
          void this.#commits.add([{ author, put: { key, value } }], key.length + value.length);
        }
      }
    } catch {
      socket.destroy();
    }
  }

  async #commit(edits: readonly Edit[]): Promise<void> {
    const changes = edits.map(({ author, put: { key, value } }, index): Change => [this.#sequence + 1 + index, author, key, value]);
    const sequence = this.#sequence + changes.length;
    const encoded = changes.map((change) => encodeCbor(change));
    const log = encoded.map((value, index) => ({ key: numbered(LOG, this.#sequence + 1 + index), value }));
    await this.#keeper.write([...edits.map(({ put }) => put), ...log, Keeper.position(sequence)]);
    this.#sequence = sequence;
    const frames = encoded.map((body) => frame(FRAME.change, body));
    for (const socket of this.#live) {
      socket.cork();
      for (const bytes of frames) socket.write(bytes);
      socket.uncork();
    }
  }

  /** Chunks for whoever has nothing, then the log in chunks; once nothing is left of it the client is live in the same turn. */
  async #bringUp(socket: Socket, from: number): Promise<void> {
    if (from < 0) {
      for await (const bytes of this.#keeper.database.values({ gte: CHUNK, lt: CHUNK_END })) await sent(socket, bytes);
    }
    let at = from < 0 ? this.#chunkedSequence : from;
    while (at < this.#sequence && !socket.destroyed) {
      const until = this.#sequence;
      for await (const puts of chunksOf(this.#logged(at, until))) await sent(socket, chunkFrame(puts));
      at = until;
    }
    socket.write(frameOf(FRAME.end, at));
    this.#live.add(socket);
  }

  async *#logged(after: number, until: number): AsyncGenerator<Put> {
    for await (const bytes of this.#keeper.database.values({ gt: numbered(LOG, after), lte: numbered(LOG, until) })) {
      const [, , key, value] = decodeCbor(bytes) as Change;
      yield { key, value };
    }
  }
}

/** Waits while the other side takes nothing. */
async function sent(socket: Socket, bytes: Uint8Array): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return;
  await new Promise<void>((resolve) => {
    socket.once("drain", resolve);
    socket.once("close", resolve);
  });
}
