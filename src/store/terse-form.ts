/** The items of terse records (terse.ts), and of the plain CBOR that they stand for. */
export const BEFORE = 0xc0;
export const FIRST_WORDS = 0xe0;
export const FIRST_WORDS_MAX = 20;
export const OTHER_WORDS = 0xf8;
export const HEX = 0xf9;
export const DASHED = 0xfa;
export const ID_BYTES = 16;
export const HEX_LENGTH = 2 * ID_BYTES;
export const DASHED_LENGTH = HEX_LENGTH + 4;

export const TEXT = 0x60;
export const LONG_TEXT = 0x78;
const BYTES = 0x40;
const TAG = 0xc0;
const FALSE = 0xf4;
const UNDEFINED = 0xf7;
const DOUBLE = 0xfb;
export const SHORT_TEXT_MAX = 23;

/** As many as one byte can name. */
export const BEFORE_MAX = 32;
/** Longer texts are rarely the same twice; shorter ones take no more than what stands for them. */
export const TEXT_BYTES_MAX = 64;
export const TEXT_BYTES_MIN = 2;

/** Where an item of plain CBOR ends, of an array or a map its head; -1 for any other. */
export function endOfItem(bytes: Uint8Array, at: number): number {
  const head = bytes[at] ?? 0;
  const info = head & 0x1f;
  if (head >= TAG) {
    if (head === DOUBLE) return within(bytes, at + 9);
    return head >= FALSE && head <= UNDEFINED ? at + 1 : -1;
  }
  if (info > 27) return -1;
  const size = info < 24 ? 0 : 1 << (info - 24);
  const after = at + 1 + size;
  if (head < BYTES || head >= TEXT + 0x20) return within(bytes, after);
  // No record has so much that a length takes eight bytes.
  if (size > 4 || after > bytes.length) return -1;
  let length = size === 0 ? info : 0;
  for (let digit = at + 1; digit < after; digit += 1) length = length * 256 + (bytes[digit] ?? 0);
  return within(bytes, after + length);
}

const within = (bytes: Uint8Array, end: number): number => (end <= bytes.length ? end : -1);

/** Where the text in an item begins that is of no great length and has the shortest head; -1 for anything else. */
export function textStart(bytes: Uint8Array, at: number, end: number): number {
  const head = bytes[at] ?? 0;
  if (head < TEXT || head > LONG_TEXT) return -1;
  const from = head === LONG_TEXT ? at + 2 : at + 1;
  const length = end - from;
  if (length < TEXT_BYTES_MIN || length > TEXT_BYTES_MAX || (head === LONG_TEXT && length <= SHORT_TEXT_MAX)) return -1;
  return from;
}
