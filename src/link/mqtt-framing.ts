/**
 * What all packets of MQTT 3.1.1 have in common: how they are put together from the pieces of a stream, and how their fields are
 * read and written. The frame guard has looked at their form before (frame-guard.ts); here nothing is read beyond a packet's end.
 */
import { SyncError } from "../model/errors.ts";

/** How the fields of each type of packet are read. What they leave unread is a fault. */
export interface Readers<Packet extends { readonly kind: string }> {
  readonly [type: number]: (fields: Fields, flags: number) => Packet;
}

/** As both ends send it. `identifier`: it is to be acknowledged (QoS 1). The payload is a view of the bytes that came. */
export interface Publish {
  readonly kind: "publish";
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  readonly identifier: number | undefined;
}

const RETAIN = 0x01;

/** Puts packets together from the pieces of a stream. It holds no more than one packet and what came with its end. */
export class PacketReader<Packet extends { readonly kind: string }> {
  readonly #readers: Readers<Packet>;
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** With fewer bytes than these there is no whole packet. */
  #needed = 2;

  constructor(readers: Readers<Packet>) {
    this.#readers = readers;
  }

  /** The packets that are whole now, in order. Throws "message-malformed" for one that is shorter or longer than what it says. */
  take(bytes: Uint8Array): readonly Packet[] {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    if (this.#held < this.#needed) return [];
    const all = this.#pieces.length === 1 ? bufferOf(bytes) : Buffer.concat(this.#pieces);
    const packets: Packet[] = [];
    let at = 0;
    let end = endOfPacket(all, at);
    for (; end !== undefined && end <= all.length; end = endOfPacket(all, at)) {
      packets.push(this.#read(all, at, end));
      at = end;
    }
    this.#held = all.length - at;
    this.#pieces = this.#held === 0 ? [] : [all.subarray(at)];
    this.#needed = end === undefined ? this.#held + 1 : end - at;
    return packets;
  }

  #read(all: Buffer, from: number, to: number): Packet {
    const head = all[from] ?? 0;
    const fields = new Fields(all, from, to);
    const read = this.#readers[head >> 4];
    if (read === undefined) throw malformed(`packet type ${head >> 4}`);
    const result = read(fields, head & 0x0f);
    if (fields.left > 0) throw malformed(`${result.kind} with ${fields.left} bytes too many`);
    return result;
  }
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Where the packet ends that begins there; undefined while its length is not whole. */
function endOfPacket(bytes: Uint8Array, from: number): number | undefined {
  let length = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[from + 1 + index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return from + 2 + index + length;
  }
  throw malformed("a length of more than four bytes");
}

export function readPublish(fields: Fields, flags: number): Publish {
  const topic = fields.text();
  const identifier = ((flags >> 1) & 3) === 0 ? undefined : fields.word();
  return { kind: "publish", topic, payload: fields.rest(), retain: (flags & RETAIN) !== 0, identifier };
}

/** One or more to the packet's end. */
export function list<T>(fields: Fields, read: () => T): T[] {
  const items: T[] = [read()];
  while (fields.left > 0) items.push(read());
  return items;
}

/** Reads a packet field by field behind its fixed header. */
export class Fields {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  /** The packet between two places. */
  constructor(bytes: Buffer, from: number, to: number) {
    this.#bytes = bytes;
    this.#end = to;
    this.#at = from + 1;
    while (this.byte() >= 0x80);
  }

  get left(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    this.#skipTo(this.#at + 1);
    return this.#bytes[this.#at - 1] ?? 0;
  }

  word(): number {
    return this.byte() * 256 + this.byte();
  }

  text(): string {
    const length = this.word();
    const from = this.#at;
    this.#skipTo(from + length);
    return this.#bytes.toString("utf8", from, this.#at);
  }

  skip(count: number): void {
    this.#skipTo(this.#at + count);
  }

  rest(): Uint8Array {
    const from = this.#at;
    this.#at = this.#end;
    return this.#bytes.subarray(from, this.#end);
  }

  #skipTo(at: number): void {
    if (at > this.#end) throw malformed("a packet is shorter than its fields");
    this.#at = at;
  }
}

export const malformed = (what: string): SyncError => new SyncError("message-malformed", `MQTT: ${what}; the connection is ended`);

export const puback = (identifier: number): Uint8Array => Uint8Array.of(0x40, 2, ...word(identifier));

/** A PUBLISH with QoS 0: the same bytes for all who are to have it. */
export function publish(topic: string, payload: Uint8Array): Uint8Array {
  const name = Buffer.from(topic);
  return Buffer.concat([Uint8Array.of(0x30, ...lengthOf(2 + name.length + payload.length), ...word(name.length)), name, payload]);
}

export const word = (number: number): readonly [number, number] => [number >> 8, number & 0xff];

export function lengthOf(bytes: number): number[] {
  const low = bytes & 0x7f;
  return bytes < 128 ? [low] : [low | 0x80, ...lengthOf(bytes >> 7)];
}
