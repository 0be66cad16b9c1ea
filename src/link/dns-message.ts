/**
 * The two DNS messages that a search for the server needs (RFC 1035, 6762, 6763): the question for our service, and the
 * answer that says which machine offers it. What comes from the network is read within bounds, and what is not exactly
 * such a message is undefined; nothing of it is ever trusted (M09).
 */
import { type DeviceId, deviceId, isHex32 } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";

const SERVICE = ["_custom-settings-sync", "_tcp", "local"] as const;
const TYPE = { a: 1, ptr: 12, txt: 16, srv: 33, any: 255 } as const;
const INTERNET = 1;
/** In a question: answer me alone. */
const UNICAST = 0x8000;
const RESPONSE = 0x8400;
/** A one-shot answer is not to be kept (RFC 6762, 6.7). */
const TTL_S = 10;
const HEADER_BYTES = 12;
const LABEL_BYTES_MAX = 63;
const NAME_BYTES_MAX = 255;

export interface Question {
  readonly id: number;
}

export interface Answer {
  readonly id: number;
  readonly server: DeviceId;
  readonly deviceName: string;
  readonly port: number;
}

export function encodeQuestion({ id }: Question): Uint8Array {
  return Buffer.concat([header(id, 0, [1, 0, 0]), name(SERVICE), u16(TYPE.ptr), u16(INTERNET | UNICAST)]);
}

/** undefined: it does not ask for our service, or not by an answer to the asker alone. `port`: where it came from. */
export function decodeQuestion(bytes: Uint8Array, { port }: { readonly port: number }): Question | undefined {
  const reader = readerOf(bytes);
  if (reader === undefined) return undefined;
  const { id, flags, counts } = reader.header;
  // Of the flags only the operation and "is an answer" matter; a question has neither.
  if ((flags & 0xf800) !== 0) return undefined;
  for (let left = Math.min(counts[0], LIMITS.searchRecordsMax); left > 0; left -= 1) {
    const asked = reader.name();
    const [type, kind] = [reader.u16(), reader.u16()];
    if (asked === undefined || type === undefined || kind === undefined) return undefined;
    if (!isService(asked) || (type !== TYPE.ptr && type !== TYPE.any)) continue;
    // One that asks from the port of mDNS itself wants an answer to all unless it says otherwise; such readers are not ours.
    if ((kind & UNICAST) !== 0 || port !== MDNS_PORT) return { id };
  }
  return undefined;
}

export const MDNS_PORT = 5353;

/** The question is repeated, as one-shot askers expect; then service, place and identity of this machine. */
export function encodeAnswer({ id, server, deviceName, port }: Answer): Uint8Array {
  const instance = Buffer.concat([text(cut(deviceName)), THE_SERVICE]);
  const host = name([`${SERVICE[0].slice(1)}-${server}`, "local"]);
  return Buffer.concat([
    header(id, RESPONSE, [1, 1, 2]),
    name(SERVICE),
    u16(TYPE.ptr),
    u16(INTERNET),
    record(THE_SERVICE, TYPE.ptr, instance),
    record(instance, TYPE.srv, Buffer.concat([u16(0), u16(0), u16(port), host])),
    record(instance, TYPE.txt, Buffer.concat([text("txtvers=1"), text(`id=${server}`)])),
  ]);
}

/** undefined: it is no answer of a server machine to question `id`. */
export function decodeAnswer(bytes: Uint8Array, { id }: Question): Answer | undefined {
  const reader = readerOf(bytes);
  if (reader === undefined || reader.header.id !== id || (reader.header.flags & 0xf80f) !== 0x8000) return undefined;
  const [questions, ...others] = reader.header.counts;
  const records = others.reduce((sum, count) => sum + count, 0);
  if (questions > LIMITS.searchRecordsMax || records > LIMITS.searchRecordsMax) return undefined;
  for (let left = questions; left > 0; left -= 1) {
    if (reader.name() === undefined || reader.u16() === undefined || reader.u16() === undefined) return undefined;
  }
  let found: Partial<Answer> = {};
  for (let left = records; left > 0; left -= 1) {
    const told = reader.record();
    if (told === undefined) return undefined;
    found = { ...found, ...told };
  }
  const { server, deviceName, port } = found;
  return server === undefined || deviceName === undefined || port === undefined ? undefined : { id, server, deviceName, port };
}

// ---- writing

/** A pointer to the name in the question, which is the service's. */
const THE_SERVICE = Buffer.from([0xc0, HEADER_BYTES]);
const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
const text = (value: string): Buffer => Buffer.concat([Buffer.from([Buffer.byteLength(value)]), Buffer.from(value)]);
const name = (labels: readonly string[]): Buffer => Buffer.concat([...labels.map(text), Buffer.from([0])]);

function header(id: number, flags: number, [questions, answers, additional]: readonly [number, number, number]): Buffer {
  return Buffer.concat([id, flags, questions, answers, 0, additional].map(u16));
}

function record(of: Buffer, type: number, data: Buffer): Buffer {
  return Buffer.concat([of, u16(type), u16(INTERNET), u16(0), u16(TTL_S), u16(data.length), data]);
}

/** As much of a name as a label takes, in whole characters. */
function cut(deviceName: string): string {
  let label = "";
  for (const character of deviceName.toWellFormed()) {
    if (Buffer.byteLength(label + character) > LABEL_BYTES_MAX) break;
    label += character;
  }
  return label === "" ? "-" : label;
}

// ---- reading

const isService = (labels: readonly string[]): boolean =>
  labels.length === SERVICE.length && labels.every((label, index) => label.toLowerCase() === SERVICE[index]);

interface Header {
  readonly id: number;
  readonly flags: number;
  /** Questions, answers, authorities, additional records. */
  readonly counts: readonly [number, number, number, number];
}

function readerOf(bytes: Uint8Array): Reader | undefined {
  if (bytes.byteLength < HEADER_BYTES || bytes.byteLength > LIMITS.searchDatagramBytesMax) return undefined;
  return new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** Reads on from where it stands; undefined when the message ends before. */
class Reader {
  readonly header: Header;
  readonly #bytes: Buffer;
  #at = HEADER_BYTES;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const at = (index: number): number => bytes.readUInt16BE(2 * index);
    this.header = { id: at(0), flags: at(1), counts: [at(2), at(3), at(4), at(5)] };
  }

  u16(): number | undefined {
    if (this.#at + 2 > this.#bytes.length) return undefined;
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  name(): string[] | undefined {
    const read = nameAt(this.#bytes, this.#at);
    if (read === undefined) return undefined;
    this.#at = read.end;
    return read.labels;
  }

  /** What a record tells of a server machine; nothing for one that is about something else. */
  record(): Partial<Answer> | undefined {
    const labels = this.name();
    const [type, , , , length] = [this.u16(), this.u16(), this.u16(), this.u16(), this.u16()];
    const start = this.#at;
    if (labels === undefined || type === undefined || length === undefined || start + length > this.#bytes.length) return undefined;
    this.#at = start + length;
    const [label, ...rest] = labels;
    if (label === undefined || !isService(rest)) return {};
    if (type === TYPE.srv && length > 6) return { deviceName: oneLine(label), port: this.#bytes.readUInt16BE(start + 4) };
    return type === TYPE.txt ? identityIn(this.#bytes.subarray(start, start + length)) : {};
  }
}

/** A run of labels may end in a pointer to an earlier run; each jump goes back before its own run, so that it comes to an end. */
function nameAt(bytes: Buffer, from: number): { readonly labels: string[]; readonly end: number } | undefined {
  const labels: string[] = [];
  let [at, run, size, end] = [from, from, 0, -1];
  for (;;) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    if (length === 0) return { labels, end: end < 0 ? at + 1 : end };
    if (length >= 0xc0) {
      const low = bytes[at + 1];
      const target = ((length & 0x3f) << 8) | (low ?? 0);
      if (low === undefined || target >= run) return undefined;
      if (end < 0) end = at + 2;
      [at, run] = [target, target];
      continue;
    }
    size += length + 1;
    if (length > LABEL_BYTES_MAX || size > NAME_BYTES_MAX || at + 1 + length > bytes.length) return undefined;
    labels.push(bytes.toString("utf8", at + 1, at + 1 + length));
    at += 1 + length;
  }
}

function identityIn(data: Buffer): Partial<Answer> {
  for (let at = 0; at < data.length; at += 1 + (data[at] ?? 0)) {
    const pair = data.toString("latin1", at + 1, at + 1 + (data[at] ?? 0));
    const id = pair.startsWith("id=") ? pair.slice(3) : "";
    if (isHex32(id)) return { server: deviceId(id) };
  }
  return {};
}

/** It will stand on a panel and in a log. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const oneLine = (label: string): string => label.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ");
