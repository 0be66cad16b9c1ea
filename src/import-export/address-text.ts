/** Bytes of a file to text and back, and places in it: what is wrong is told with its line and column. */
import type { ImportOutcome } from "../../hal/services.ts";
import { LIMITS } from "../model/limits.ts";

export type Malformed = Extract<ImportOutcome, { readonly kind: "malformed" }>;

/** Something wrong at an offset of the text. */
export interface Fault {
  readonly kind: "fault";
  readonly at: number;
  readonly message: string;
}

export const faultAt = (at: number, message: string): Fault => ({ kind: "fault", at, message });

/** The charsets by the names that the printers write; WCP1252 is Windows' Western European one. */
export type Charset = "UTF-8" | "SJIS" | "WCP1252";

export interface Text {
  readonly kind: "text";
  readonly text: string;
}

// A printer's own files have none of these; a NUL would cut texts short in its database.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const EVERY_UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Text that may stand in a file: control characters become blanks, halves of surrogate pairs U+FFFD. */
export const fitText = (text: string): string => text.replace(EVERY_UNFIT, " ").toWellFormed();

export const isFitText = (text: string): boolean => !UNFIT.test(text);

/** Text that does not keep the whole file in memory, as a slice of it would. */
export const detached = (text: string): string => (text.length < 13 ? text : Buffer.from(text, "utf16le").toString("utf16le"));

/** A piece of a cell for a message: short, on one line. */
export const quoted = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40).toWellFormed()}...` : text);

/** The malformed outcome for a fault. Lines end with LF, CR LF or CR; columns count characters; both begin with 1. */
export function malformed(text: string, { at, message }: Fault): Malformed {
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < at; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== 0x0a && code !== 0x0d) continue;
    if (code === 0x0d && text.charCodeAt(index + 1) === 0x0a) index += 1;
    line += 1;
    lineStart = index + 1;
  }
  const column = charactersOf(text.slice(lineStart, at)) + 1;
  return { kind: "malformed", message: `line ${line}, column ${column}: ${message}; nothing was imported`, line, column };
}

/** Characters, not UTF-16 units: a half of a surrogate pair does not count twice. */
const charactersOf = (text: string): number => text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);

/** Where the line ends that goes on from there: at its LF, CR LF or CR, or at the end of the text. */
export function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) return at;
  }
  return text.length;
}

/** The start of the line after the one that ends at `end`. */
export function nextLine(text: string, end: number): number {
  return text.charCodeAt(end) === 0x0d && text.charCodeAt(end + 1) === 0x0a ? end + 2 : Math.min(end + 1, text.length);
}

/** The version line and the charset are looked for in so many bytes. */
const HEAD_BYTES = 4_096;
const startsWith = (bytes: Uint8Array, ...start: number[]): boolean => start.every((byte, index) => bytes[index] === byte);

/**
 * The text of a file. The charset is what the header's `# CharSet:` line says, one of `charsets`; a byte order mark
 * says UTF-8 and is left out. `magic` must be found among the first lines.
 */
export function readText(bytes: Uint8Array, { magic, charsets }: { magic: RegExp; charsets: readonly Charset[] }): Text | Malformed {
  const whole = (message: string): Malformed => malformed("", faultAt(0, message));
  if (bytes.length === 0) return whole("the file is empty");
  if (bytes.length > LIMITS.importBytesMax) return whole(`the file has more than ${LIMITS.importBytesMax} bytes`);
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff))
    return whole("the file is UTF-16; an address book file is UTF-8 or SJIS");
  const marked = startsWith(bytes, 0xef, 0xbb, 0xbf);
  const body = marked ? bytes.subarray(3) : bytes;
  const head = Buffer.from(body.subarray(0, HEAD_BYTES)).toString("latin1");
  if (!magic.test(head)) return whole("this is not an address book file as these printers export it: its version line is missing");
  const named = /^#[ \t]*CharSet[ \t]*:[ \t]*([^\r\n,]*)/im.exec(head);
  const charset = charsets.find((known) => known.toLowerCase() === (named?.[1] ?? "UTF-8").trim().toLowerCase());
  if (charset === undefined) {
    const at = (named?.index ?? 0) + (named?.[0].length ?? 0) - (named?.[1]?.length ?? 0);
    return malformed(head, faultAt(at, `the CharSet must be ${charsets.join(" or ")}, is ${quoted(named?.[1] ?? "")}`));
  }
  const decoded = decode(body, marked ? "UTF-8" : charset);
  if (decoded.kind === "malformed") return decoded;
  const unfit = UNFIT.exec(decoded.text);
  if (unfit === null) return decoded;
  const code = unfit[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return malformed(decoded.text, faultAt(unfit.index, `the control character U+${code} has no place in an address book`));
}

function decode(bytes: Uint8Array, charset: Charset): Text | Malformed {
  if (charset === "WCP1252") return decodeWestern(bytes);
  const label = charset === "SJIS" ? "shift_jis" : "utf-8";
  try {
    return { kind: "text", text: new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    // A RangeError: this Node was built without that charset. A TypeError: the bytes are not of it.
    if (error instanceof RangeError) return malformed("", faultAt(0, `this machine cannot read the charset ${charset}`));
    if (!(error instanceof TypeError)) throw error;
    const valid = decodableStart(bytes, label);
    return malformed(valid, faultAt(valid.length, `this byte is not ${charset}, which the file's CharSet line names`));
  }
}

/** The text in front of the first bytes that are not of the charset. */
function decodableStart(bytes: Uint8Array, label: string): string {
  const decoder = () => new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const decodes = (end: number): boolean => fits(() => decoder().decode(bytes.subarray(0, end), { stream: true }));
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decodes(middle)) good = middle;
    else bad = middle;
  }
  return decoder().decode(bytes.subarray(0, good), { stream: true });
}

function fits(decoding: () => string): boolean {
  try {
    decoding();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Bytes 0x80-0x9F of WCP1252; a blank stands for a byte without a character. (Node's own decoder takes them for Latin-1.) */
const WESTERN =
  "\u20ac \u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152 \u017d  \u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153 \u017e\u0178";

function decodeWestern(bytes: Uint8Array): Text | Malformed {
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replace(/[\u0080-\u009f]/g, (byte) => {
      const character = WESTERN[byte.charCodeAt(0) - 0x80] ?? " ";
      return character === " " ? byte : character;
    });
  const at = text.search(/[\u0080-\u009f]/);
  return at < 0 ? { kind: "text", text } : malformed(text, faultAt(at, "this byte is not WCP1252, which the file's CharSet line names"));
}

/** The bytes of a text in WCP1252, or undefined when it has characters beyond. */
export function encodeWestern(text: string): Uint8Array | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Latin-1 without the range that differs
  const latin = text.replace(/[^\u0000-\u007f\u00a0-\u00ff]/g, (character) => {
    const index = character === " " ? -1 : WESTERN.indexOf(character);
    return index < 0 ? "\uffff" : String.fromCharCode(0x80 + index);
  });
  return latin.includes("\uffff") ? undefined : Buffer.from(latin, "latin1");
}
