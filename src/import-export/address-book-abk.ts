/**
 * The ABK form of an address book ("custom format"): header lines, then a block of `name: value` lines for each
 * destination, blocks apart by empty lines. Its column names are those of the CSV form, but for three things:
 * the number is called `dn`; `objectclass` is written three times, `top`, `extensibleobject` and the class itself;
 * `enablepartial` is `false` or `true` where the CSV has `off` or `on`. As in LDIF a line that begins with a blank goes on
 * with the line before it, `name:: ` is base64 of UTF-8, and a member of a group may have a line of its own.
 */
import { LIMITS } from "../model/limits.ts";
import { COLUMNS, isColumnName } from "./address-columns.ts";
import type { AddressFile, AddressRow, AddressSheet } from "./address-file.ts";
import { cryptoLines, type HeaderForm, listNameLine, readHeader } from "./address-header.ts";
import {
  encodeWestern,
  endOfLine,
  type Fault,
  faultAt,
  fitText,
  isFitText,
  type Malformed,
  malformed,
  nextLine,
  quoted,
  readText,
} from "./address-text.ts";

const FORM: HeaderForm = { name: "Canon AddressBook version", versions: ["1"] };
const MAGIC = /^#[ \t]*Canon AddressBook version[ \t]*:/im;
const GENERAL_CLASSES = ["top", "extensibleobject"];
const REPEATABLE = ["member", "memberobjectuuid"];

/** Reads the form; what the rows mean is not looked at. Everything malformed is told with its line and column. */
export function readAddressBookAbk(bytes: Uint8Array): AddressFile | Malformed {
  const read = readText(bytes, { magic: MAGIC, charsets: ["WCP1252", "UTF-8", "SJIS"] });
  if (read.kind === "malformed") return read;
  const head = readHeader(read.text, FORM);
  if (head.kind === "fault") return malformed(read.text, head);
  const body = blocksFrom(read.text, head.bodyAt);
  if ("kind" in body) return malformed(read.text, body);
  return { kind: "file", text: read.text, header: head.header, ...rowsOf(body) };
}

interface Line {
  readonly kind: "line";
  readonly name: string;
  readonly value: string;
  readonly at: number;
  readonly valueAt: number;
}

interface Cell {
  readonly value: string;
  readonly at: number;
}

interface Block {
  readonly at: number;
  readonly cells: Map<string, Cell>;
}

function blocksFrom(text: string, from: number): readonly Block[] | Fault {
  const blocks: Block[] = [];
  const names = new Set(COLUMNS);
  let block: Block | undefined;
  for (let at = from; at < text.length; ) {
    const { content, next } = unfolded(text, at);
    if (content.trim() === "") block = undefined;
    else if (!content.startsWith("#")) {
      const line = lineOf(content, at);
      if (line.kind === "fault") return line;
      names.add(line.name);
      if (names.size > LIMITS.addressColumnsMax) return faultAt(at, `the file has more than ${LIMITS.addressColumnsMax} columns`);
      if (block === undefined) {
        if (blocks.length === LIMITS.importRowsMax) return faultAt(at, `the file has more than ${LIMITS.importRowsMax} entries`);
        block = { at, cells: new Map() };
        blocks.push(block);
      }
      const fault = takeLine(block, line);
      if (fault !== undefined) return fault;
    }
    at = next;
  }
  return blocks;
}

/** A line with the lines that go on with it. */
function unfolded(text: string, at: number): { content: string; next: number } {
  let end = endOfLine(text, at);
  let next = nextLine(text, end);
  const pieces = [text.slice(at, end)];
  while (text.charAt(next) === " " && pieces[0] !== "") {
    end = endOfLine(text, next);
    pieces.push(text.slice(next + 1, end));
    next = nextLine(text, end);
  }
  return { content: pieces.join(""), next };
}

function lineOf(content: string, at: number): Line | Fault {
  const match = /^([^:]{0,65}?)(::?)( ?)/.exec(content);
  if (match === null) return faultAt(at, `a line must read "name: value", this one begins with ${quoted(content)}`);
  const [start, written = "", colons] = match;
  const name = written === "dn" ? "indxid" : written;
  if (!isColumnName(name)) return faultAt(at, `${quoted(written)} is not the name of a column`);
  const raw = content.slice(start.length);
  const valueAt = at + start.length;
  const value = colons === "::" ? fromBase64(raw) : raw;
  return value === undefined
    ? faultAt(valueAt, `${written}: the value is not base64 of UTF-8 text`)
    : { kind: "line", name, value, at, valueAt };
}

function fromBase64(raw: string): string | undefined {
  const compact = raw.trim();
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, "base64");
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) && isFitText(text) ? text : undefined;
}

function takeLine({ cells }: Block, { name, value, at, valueAt }: Line): Fault | undefined {
  if (name === "objectclass" && GENERAL_CLASSES.includes(value.trim())) return undefined;
  const before = cells.get(name);
  if (before !== undefined && !REPEATABLE.includes(name)) return faultAt(at, `the entry has ${name === "indxid" ? "dn" : name} twice`);
  const text = before === undefined ? inCsvWords(name, value) : `${before.value}\n${value}`;
  if (text.length > LIMITS.entryBytesMax) return faultAt(valueAt, `${name}: the entry is larger than ${LIMITS.entryBytesMax} bytes`);
  cells.set(name, { value: text, at: before?.at ?? valueAt });
  return undefined;
}

const inCsvWords = (name: string, value: string): string =>
  name !== "enablepartial" ? value : value === "false" ? "off" : value === "true" ? "on" : value;

/** An absent line of a known column says that there is no value; of other columns an entry need not speak. */
function rowsOf(blocks: readonly Block[]): { columns: readonly string[]; rows: readonly AddressRow[] } {
  const columns = [...new Set([...COLUMNS, ...blocks.flatMap(({ cells }) => [...cells.keys()])])];
  const rows = blocks.map(({ at, cells }) => {
    const known = COLUMNS.map((name) => cells.get(name)?.value ?? "");
    const others = columns.slice(COLUMNS.length).map((name) => cells.get(name)?.value);
    return { at, cells: [...known, ...others], starts: columns.map((name) => cells.get(name)?.at ?? at) };
  });
  return { columns, rows };
}

const LAST = ["objectclass"];
const FIRST = ["subdbid", "indxid"];

/** Writes the form: in WCP1252 when that has every character of the book, else in UTF-8. */
export function writeAddressBookAbk({ header, columns, rows }: AddressSheet): Uint8Array {
  const order = [...FIRST, ...columns.filter((name) => !FIRST.includes(name) && !LAST.includes(name))];
  const blocks = rows.map((row) => [
    ...order.flatMap((name) => linesOf(name, row.get(name))),
    ...GENERAL_CLASSES.map((general) => `objectclass: ${general}`),
    `objectclass: ${row.get("objectclass") ?? ""}`,
  ]);
  const write = (charset: string): string => {
    const head = [
      `# ${FORM.name}: 1`,
      `# CharSet: ${charset}`,
      listNameLine(header.listName),
      "# DB Version: 0x0108",
      ...cryptoLines(header.crypto),
    ];
    return fitText([head, ...blocks].map((block) => `${block.join("\r\n")}\r\n`).join("\r\n"));
  };
  return encodeWestern(write("WCP1252")) ?? new TextEncoder().encode(write("UTF-8"));
}

/** Columns that need not be there in a CSV keep their empty line: that they are there is what is kept. */
function linesOf(name: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  if (REPEATABLE.includes(name)) return value.split("\n").map((member) => lineText(name, member));
  if (name === "enablepartial" && (value === "off" || value === "on")) return [`${name}: ${value === "on"}`];
  return [lineText(name === "indxid" ? "dn" : name, value)];
}

const lineText = (name: string, value: string): string =>
  /[\r\n]/.test(value) ? `${name}:: ${Buffer.from(fitText(value)).toString("base64")}` : `${name}: ${value}`;
