/**
 * MQTT 3.1.1 as a server machine speaks it: the packets that a machine may send are read, and those that it may be sent
 * are written. The frame guard has looked at their form before (frame-guard.ts); here nothing is read beyond a packet's end.
 */
import { SyncError } from "../model/errors.ts";

export type ClientPacket =
  | { readonly kind: "connect"; readonly clientId: string; readonly clean: boolean; readonly will: boolean; readonly keepAliveS: number }
  /** `identifier`: it is to be acknowledged (QoS 1). The payload is a view of the bytes that came. */
  | {
      readonly kind: "publish";
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly retain: boolean;
      readonly identifier: number | undefined;
    }
  | { readonly kind: "subscribe"; readonly identifier: number; readonly filters: readonly Filter[] }
  | { readonly kind: "unsubscribe"; readonly identifier: number; readonly topics: readonly string[] }
  | { readonly kind: "puback" | "ping" | "disconnect" };

export interface Filter {
  readonly topic: string;
  readonly qos: number;
}

const FLAG = { clean: 0x02, will: 0x04, password: 0x40, username: 0x80, reserved: 0x01 } as const;
const RETAIN = 0x01;
/** Protocol name and level, which the frame guard compares. */
const PROTOCOL_BYTES = 7;

/** Puts packets together from the pieces of a stream. It holds no more than one packet and what came with its end. */
export class PacketReader {
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** With fewer bytes than these there is no whole packet. */
  #needed = 2;

  /** The packets that are whole now, in order. Throws "message-malformed" for one that is shorter or longer than what it says. */
  take(bytes: Uint8Array): readonly ClientPacket[] {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    if (this.#held < this.#needed) return [];
    const all = this.#pieces.length === 1 ? bytes : Buffer.concat(this.#pieces);
    const packets: ClientPacket[] = [];
    let at = 0;
    let end = endOfPacket(all, at);
    for (; end !== undefined && end <= all.length; end = endOfPacket(all, at)) {
      packets.push(readPacket(all.subarray(at, end)));
      at = end;
    }
    const rest = all.subarray(at);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    this.#needed = end === undefined ? rest.length + 1 : end - at;
    return packets;
  }
}

/** Where the packet ends that begins there; undefined while its length is not whole. */
function endOfPacket(bytes: Uint8Array, from: number): number | undefined {
  let length = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[from + 1 + index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return from + 2 + index + length;
  }
  throw malformed("a length of more than four bytes");
}

function readPacket(packet: Uint8Array): ClientPacket {
  const [head = 0] = packet;
  const fields = new Fields(packet);
  const read = READERS[head >> 4];
  if (read === undefined) throw malformed(`packet type ${head >> 4}`);
  const result = read(fields, head & 0x0f);
  if (fields.left > 0) throw malformed(`${result.kind} with ${fields.left} bytes too many`);
  return result;
}

const READERS: { readonly [type: number]: (fields: Fields, flags: number) => ClientPacket } = {
  1: readConnect,
  3: readPublish,
  4: (fields) => {
    fields.word();
    return { kind: "puback" };
  },
  8: (fields) => ({
    kind: "subscribe",
    identifier: fields.word(),
    filters: list(fields, () => ({ topic: fields.text(), qos: fields.byte() })),
  }),
  10: (fields) => ({ kind: "unsubscribe", identifier: fields.word(), topics: list(fields, () => fields.text()) }),
  12: () => ({ kind: "ping" }),
  14: () => ({ kind: "disconnect" }),
};

function readConnect(fields: Fields): ClientPacket {
  fields.skip(PROTOCOL_BYTES);
  const flags = fields.byte();
  if ((flags & FLAG.reserved) !== 0) throw malformed("CONNECT with a flag that is reserved");
  const keepAliveS = fields.word();
  const clientId = fields.text();
  const will = (flags & FLAG.will) !== 0;
  // Topic and message of a will, name and password: who a machine is says its certificate, and a will is refused.
  const more = (will ? 2 : 0) + ((flags & FLAG.username) === 0 ? 0 : 1) + ((flags & FLAG.password) === 0 ? 0 : 1);
  for (let index = 0; index < more; index += 1) fields.skip(fields.word());
  return { kind: "connect", clientId, clean: (flags & FLAG.clean) !== 0, will, keepAliveS };
}

function readPublish(fields: Fields, flags: number): ClientPacket {
  const topic = fields.text();
  const identifier = ((flags >> 1) & 3) === 0 ? undefined : fields.word();
  return { kind: "publish", topic, payload: fields.rest(), retain: (flags & RETAIN) !== 0, identifier };
}

/** One or more to the packet's end. */
function list<T>(fields: Fields, read: () => T): T[] {
  const items: T[] = [read()];
  while (fields.left > 0) items.push(read());
  return items;
}

/** Reads a packet field by field behind its fixed header. */
class Fields {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(packet: Uint8Array) {
    this.#bytes = packet;
    this.#at = 1;
    while (this.byte() >= 0x80);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  word(): number {
    const [high = 0, low = 0] = this.#take(2);
    return high * 256 + low;
  }

  text(): string {
    const bytes = this.#take(this.word());
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  }

  skip(count: number): void {
    this.#take(count);
  }

  rest(): Uint8Array {
    return this.#take(this.left);
  }

  #take(count: number): Uint8Array {
    if (count > this.left) throw malformed("a packet is shorter than its fields");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

const malformed = (what: string): SyncError => new SyncError("message-malformed", `MQTT: ${what}; the connection is ended`);

export const connack = (code: number): Uint8Array => Uint8Array.of(0x20, 2, 0, code);
export const puback = (identifier: number): Uint8Array => Uint8Array.of(0x40, 2, ...word(identifier));
export const suback = (identifier: number, codes: readonly number[]): Uint8Array =>
  Uint8Array.of(0x90, ...lengthOf(2 + codes.length), ...word(identifier), ...codes);
export const unsuback = (identifier: number): Uint8Array => Uint8Array.of(0xb0, 2, ...word(identifier));
export const pingresp = (): Uint8Array => Uint8Array.of(0xd0, 0);

/** A PUBLISH with QoS 0: the same bytes for all who are to have it. */
export function publish(topic: string, payload: Uint8Array): Uint8Array {
  const name = Buffer.from(topic);
  return Buffer.concat([Uint8Array.of(0x30, ...lengthOf(2 + name.length + payload.length), ...word(name.length)), name, payload]);
}

const word = (number: number): readonly [number, number] => [number >> 8, number & 0xff];

function lengthOf(bytes: number): number[] {
  const low = bytes & 0x7f;
  return bytes < 128 ? [low] : [low | 0x80, ...lengthOf(bytes >> 7)];
}
