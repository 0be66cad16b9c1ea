/** Frames on a TCP stream: a length, a kind, and bytes. */
import type { Socket } from "node:net";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Put, decodeCbor, encodeCbor } from "../keeper.ts";

export const FRAME = { hello: 1, chunk: 2, end: 3, edit: 4, change: 5 } as const;

export interface Frame {
  readonly kind: number;
  readonly body: Buffer;
}

/** A client's number, and how far it is; -1: it has nothing. */
export type Hello = readonly [client: number, sequence: number];
/** Entries that came with one another. */
export type Chunk = readonly (readonly [key: string, value: Uint8Array])[];
/** One edit, in the server's order. */
export type Change = readonly [sequence: number, author: number, key: string, value: Uint8Array];

const HEAD_BYTES = 5;
/** Of entries, before they are compressed. */
export const CHUNK_BYTES = 256 * 1024;

export function frame(kind: number, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  bytes.writeUInt32BE(body.length, 0);
  bytes[4] = kind;
  bytes.set(body, HEAD_BYTES);
  return bytes;
}

export const frameOf = (kind: number, value: unknown): Buffer => frame(kind, encodeCbor(value));

/** All frames until the other side ends; while one is being worked at, TCP holds the others back. */
export async function* framesOf(socket: Socket): AsyncGenerator<Frame> {
  let unread: Buffer = Buffer.alloc(0);
  for await (const piece of socket) {
    unread = unread.length === 0 ? piece : Buffer.concat([unread, piece]);
    let at = 0;
    while (unread.length - at >= HEAD_BYTES) {
      const end = at + HEAD_BYTES + unread.readUInt32BE(at);
      if (end > unread.length) break;
      yield { kind: unread[at + 4] ?? 0, body: unread.subarray(at + HEAD_BYTES, end) };
      at = end;
    }
    unread = unread.subarray(at);
  }
}

export const chunkFrame = (puts: readonly Put[]): Buffer =>
  frame(FRAME.chunk, deflateRawSync(encodeCbor(puts.map(({ key, value }) => [key, value]))));

/** A process of the same build has made it. */
export const chunkIn = ({ body }: Frame): Chunk => decodeCbor(inflateRawSync(body)) as Chunk;

/** Groups of entries of about a chunk's size. */
export async function* chunksOf(puts: AsyncIterable<Put>): AsyncGenerator<readonly Put[]> {
  let [chunk, bytes]: [Put[], number] = [[], 0];
  for await (const put of puts) {
    chunk.push(put);
    bytes += put.key.length + put.value.length;
    if (bytes < CHUNK_BYTES) continue;
    yield chunk;
    [chunk, bytes] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}
