/**
 * CBOR in few bytes, for records that are written one by one, where what is written with each edit counts: texts that the
 * product knows (words.ts), texts that stood before, and identifiers stand as heads that plain data does not have:
 *
 *     c0 ... df   one of the texts before: first those that are known beforehand, then those that came, in their order
 *     e0 ... f3   one of the first words
 *     f8 NN       one of the other words
 *     f9 .. fa    an identifier of 32 hex digits; of 36 characters, with dashes: its 16 bytes follow
 *
 * What is made of it again is what was given, byte by byte.
 */
import { SyncError } from "../model/errors.ts";
import { numberOfWord, WORDS } from "./words.ts";

const BEFORE = 0xc0;
const BEFORE_MAX = 32;
const FIRST_WORDS = 0xe0;
const FIRST_WORDS_MAX = 20;
const OTHER_WORDS = 0xf8;
const HEX = 0xf9;
const DASHED = 0xfa;
const ID_BYTES = 16;

const TEXT = 0x60;
const LONG_TEXT = 0x78;
const BYTES = 0x40;
const TAG = 0xc0;
const FALSE = 0xf4;
const UNDEFINED = 0xf7;
const DOUBLE = 0xfb;
/** Longer ones are rarely the same twice. */
const TEXT_BYTES_MAX = 64;
/** Shorter ones take no more than what stands for them. */
const TEXT_BYTES_MIN = 2;

/** The same data in fewer bytes; undefined for what is no plain CBOR, or would not be the shorter for it. `known`: texts that may stand in it. */
export function toTerse(cbor: Uint8Array, known: readonly string[]): Uint8Array | undefined {
  const bytes = Buffer.from(cbor.buffer, cbor.byteOffset, cbor.byteLength);
  const terse = Buffer.allocUnsafe(bytes.length);
  const before = new Map<string, number>();
  for (const text of known) note(before, latinOf(text));
  let [at, length] = [0, 0];
  while (at < bytes.length) {
    const end = endOf(bytes, at);
    if (end === undefined) return undefined;
    const text = textAt(bytes, at, end);
    const code = text === undefined ? [] : codeOf(text, before);
    if (text !== undefined) note(before, text);
    if (code.length > 0) terse.set(code, length);
    else bytes.copy(terse, length, at, end);
    length += code.length > 0 ? code.length : end - at;
    at = end;
  }
  return length < bytes.length ? terse.subarray(0, length) : undefined;
}

/** What `toTerse` was given, with the same texts. Throws "storage-damaged" for what it cannot have made. */
export function fromTerse(terse: Uint8Array, known: readonly string[]): Uint8Array {
  const bytes = Buffer.from(terse.buffer, terse.byteOffset, terse.byteLength);
  const texts: string[] = [];
  const before = new Map<string, number>();
  const learn = (text: string): void => {
    if (note(before, text)) texts.push(text);
  };
  for (const text of known) learn(latinOf(text));
  const pieces: Buffer[] = [];
  let [at, plainFrom] = [0, 0];
  while (at < bytes.length) {
    const meant = meantAt(bytes, at, texts);
    const end = meant?.end ?? endOf(bytes, at);
    if (end === undefined) throw damaged();
    if (meant !== undefined) {
      pieces.push(bytes.subarray(plainFrom, at), itemOf(meant.text));
      plainFrom = end;
    }
    const text = meant?.text ?? textAt(bytes, at, end);
    if (text !== undefined) learn(text);
    at = end;
  }
  pieces.push(bytes.subarray(plainFrom));
  return joined(pieces);
}

/** Memory of its own: one out of Node's pool would be held by whoever holds the record. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Keeps a text in mind; false where it is already, or cannot be. */
function note(before: Map<string, number>, text: string): boolean {
  if (text.length < TEXT_BYTES_MIN || before.size >= BEFORE_MAX || before.has(text) || numberOfWord(text) !== undefined) return false;
  before.set(text, before.size);
  return true;
}

/** What stands for a text; nothing where it stands for itself. */
function codeOf(text: string, before: ReadonlyMap<string, number>): readonly number[] | Buffer {
  const earlier = before.get(text);
  if (earlier !== undefined) return [BEFORE + earlier];
  const word = numberOfWord(text);
  if (word !== undefined) return word < FIRST_WORDS_MAX ? [FIRST_WORDS + word] : [OTHER_WORDS, word - FIRST_WORDS_MAX];
  if (text.length === 2 * ID_BYTES && HEX_TEXT.test(text)) return Buffer.from([HEX, ...Buffer.from(text, "hex")]);
  if (text.length === 2 * ID_BYTES + 4 && DASHED_TEXT.test(text))
    return Buffer.from([DASHED, ...Buffer.from(text.replaceAll("-", ""), "hex")]);
  return [];
}

const HEX_TEXT = /^[0-9a-f]{32}$/;
const DASHED_TEXT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The text that something stands for, and where that ends; undefined for what stands for itself. */
function meantAt(bytes: Buffer, at: number, before: readonly string[]): { readonly text: string; readonly end: number } | undefined {
  const head = bytes[at] ?? 0;
  const next = bytes[at + 1] ?? 0;
  if (head >= BEFORE && head < BEFORE + BEFORE_MAX) return { text: mustStand(before[head - BEFORE]), end: at + 1 };
  if (head >= FIRST_WORDS && head < FIRST_WORDS + FIRST_WORDS_MAX) return { text: mustStand(WORDS[head - FIRST_WORDS]), end: at + 1 };
  if (head === OTHER_WORDS) return { text: mustStand(WORDS[FIRST_WORDS_MAX + next]), end: at + 2 };
  if (head !== HEX && head !== DASHED) return undefined;
  const end = at + 1 + ID_BYTES;
  const digits = bytes.toString("hex", at + 1, end);
  if (digits.length < 2 * ID_BYTES) throw damaged();
  return { text: head === HEX ? digits : digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"), end };
}

/** Where an item of plain CBOR ends, of an array or a map its head; undefined for any other. */
function endOf(bytes: Buffer, at: number): number | undefined {
  const head = bytes[at] ?? 0;
  const info = head & 0x1f;
  if (head >= TAG) {
    if (head === DOUBLE) return within(bytes, at + 9);
    return head >= FALSE && head <= UNDEFINED ? at + 1 : undefined;
  }
  if (info > 27) return undefined;
  const size = info < 24 ? 0 : 1 << (info - 24);
  const after = at + 1 + size;
  if (head < BYTES || head >= TEXT + 0x20) return within(bytes, after);
  // No record has so much that a length takes eight bytes.
  if (size > 4 || after > bytes.length) return undefined;
  return within(bytes, after + (size === 0 ? info : bytes.readUIntBE(at + 1, size)));
}

const within = (bytes: Buffer, end: number): number | undefined => (end <= bytes.length ? end : undefined);

/** A text of no great length whose head is the shortest, as Latin-1 of its bytes. */
function textAt(bytes: Buffer, at: number, end: number): string | undefined {
  const head = bytes[at] ?? 0;
  const from = head === LONG_TEXT ? at + 2 : at + 1;
  const length = end - from;
  const isShortest = head === LONG_TEXT ? length >= 24 : head >= TEXT && head < LONG_TEXT;
  return isShortest && length >= TEXT_BYTES_MIN && length <= TEXT_BYTES_MAX ? bytes.toString("latin1", from, end) : undefined;
}

function itemOf(text: string): Buffer {
  const head = text.length < 24 ? [TEXT + text.length] : [LONG_TEXT, text.length];
  return Buffer.concat([Buffer.from(head), Buffer.from(text, "latin1")]);
}

const latinOf = (text: string): string => Buffer.from(text).toString("latin1");

function mustStand(text: string | undefined): string {
  if (text === undefined) throw damaged();
  return text;
}

const damaged = (): SyncError => new SyncError("storage-damaged", "a record of this machine's copy cannot be read; it is kept as it is");
