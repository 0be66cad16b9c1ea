/**
 * Records of comma-separated cells (RFC 4180), with the place of every cell. A cell in quotes may hold commas, line
 * ends and doubled quotes; a cell without is taken as it stands, quotes inside it included. No cell is trimmed.
 */
import { type Fault, faultAt, nextLine } from "./address-text.ts";

export interface Delimited {
  readonly kind: "record";
  readonly cells: readonly string[];
  /** Where each cell begins, its opening quote included. */
  readonly starts: readonly number[];
  /** Where the next record begins. */
  readonly next: number;
}

const COMMA = 0x2c;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Reads the record at an offset: at most `cellsMax` cells and an empty one behind a comma at the end. */
export function readRecord(text: string, from: number, cellsMax: number): Delimited | Fault {
  const cells: string[] = [];
  const starts: number[] = [];
  for (let at = from; ; at += 1) {
    if (cells.length > cellsMax) return surplus(starts, cellsMax);
    const quoted = text.charCodeAt(at) === QUOTE;
    const end = quoted ? closingQuote(text, at) + 1 : endOfCell(text, at);
    if (end === 0) return faultAt(at, "the quote that opens here is never closed");
    starts.push(at);
    cells.push(quoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end));
    at = end;
    const after = text.charCodeAt(at);
    if (after === COMMA) continue;
    if (at < text.length && after !== LF && after !== CR)
      return faultAt(at, "after a closing quote a comma or the end of the line is expected");
    const closed = cells.at(-1) === "" && !quoted;
    if (cells.length > cellsMax && !closed) return surplus(starts, cellsMax);
    return { kind: "record", cells, starts, next: nextLine(text, at) };
  }
}

const surplus = (starts: readonly number[], cellsMax: number): Fault =>
  faultAt(starts[cellsMax] ?? 0, `the row has more than ${cellsMax} cells`);

/** The quote that ends the cell, -1 for none. */
function closingQuote(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}

function endOfCell(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === LF || code === CR) break;
  }
  return at;
}

/** A cell as it is written: in quotes when asked for, or when it could not be read back without. */
export function writeCell(text: string, inQuotes: boolean): string {
  if (text === "") return "";
  return inQuotes || /[",\r\n]|^\s|\s$|^#/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
