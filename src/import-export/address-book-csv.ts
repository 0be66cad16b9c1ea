/** The CSV form of an address book: header lines, a column line, a row for each destination. */
import { LIMITS } from "../model/limits.ts";
import { FOLDER_COLUMN, isColumnName, isQuotedColumn, REQUIRED_COLUMNS } from "./address-columns.ts";
import type { AddressFile, AddressRow, AddressSheet } from "./address-file.ts";
import { cryptoLines, type HeaderForm, listNameLine, readHeader } from "./address-header.ts";
import { type Fault, faultAt, fitText, type Malformed, malformed, quoted, readText } from "./address-text.ts";
import { readRecord, writeCell } from "./delimited.ts";

const FORM: HeaderForm = { name: "Canon AddressBook CSV version", versions: ["0x0002", "0x0003"] };
const MAGIC = /^#[ \t]*Canon AddressBook CSV version[ \t]*:/im;
/** One-touch buttons and no other list: their exports do not name a list. */
const ONE_TOUCH_ONLY = /^11$/;

/** Reads the form; what the rows mean is not looked at. Everything malformed is told with its line and column. */
export function readAddressBookCsv(bytes: Uint8Array): AddressFile | Malformed {
  const read = readText(bytes, { magic: MAGIC, charsets: ["UTF-8", "SJIS"] });
  if (read.kind === "malformed") return read;
  const file = readFile(read.text);
  return file.kind === "fault" ? malformed(read.text, file) : file;
}

function readFile(text: string): AddressFile | Fault {
  const head = readHeader(text, FORM);
  if (head.kind === "fault") return head;
  const first = columnsAt(text, head.bodyAt);
  if (first.kind === "fault") return first;
  const rows = rowsFrom(text, first);
  return "kind" in rows ? rows : { kind: "file", text, header: head.header, columns: first.columns, rows };
}

interface ColumnLine {
  readonly kind: "columns";
  readonly columns: readonly string[];
  readonly next: number;
}

function columnsAt(text: string, at: number): ColumnLine | Fault {
  if (at >= text.length) return faultAt(at, "the line with the names of the columns is missing");
  const record = readRecord(text, at, LIMITS.addressColumnsMax);
  if (record.kind === "fault") return record;
  const columns = record.cells.at(-1) === "" ? record.cells.slice(0, -1) : record.cells;
  const seen = new Set<string>();
  for (const [index, name] of columns.entries()) {
    const start = record.starts[index] ?? at;
    if (!isColumnName(name)) return faultAt(start, `${quoted(name)} is not the name of a column`);
    if (seen.has(name)) return faultAt(start, `the column ${name} is there twice`);
    seen.add(name);
  }
  const missing = REQUIRED_COLUMNS.find((name) => !seen.has(name));
  return missing === undefined
    ? { kind: "columns", columns, next: record.next }
    : faultAt(at, `the column ${missing} is missing in the column line`);
}

/** Rows end with a comma or without; lines that hold nothing but commas are no rows. */
function rowsFrom(text: string, { columns, next }: ColumnLine): readonly AddressRow[] | Fault {
  const rows: AddressRow[] = [];
  for (let at = next; at < text.length; ) {
    const record = readRecord(text, at, columns.length);
    if (record.kind === "fault") return record;
    if (record.cells.some((cell) => cell !== "")) {
      const last = record.starts.at(-1) ?? at;
      if (record.cells.length < columns.length)
        return faultAt(last, `the row ends here with ${record.cells.length} cells, there are ${columns.length} columns`);
      if (rows.length === LIMITS.importRowsMax) return faultAt(at, `the file has more than ${LIMITS.importRowsMax} rows`);
      rows.push({ cells: record.cells.slice(0, columns.length), starts: record.starts.slice(0, columns.length), at });
    }
    at = record.next;
  }
  return rows;
}

/** Writes the form, as the printers do: UTF-8, every row ends with a comma. */
export function writeAddressBookCsv({ header, columns, rows }: AddressSheet): Uint8Array {
  const newer = columns.includes(FOLDER_COLUMN);
  const unnamed = header.listName === "" && rows.length > 0 && rows.every((row) => ONE_TOUCH_ONLY.test(row.get("subdbid") ?? ""));
  const lines = [
    `# ${FORM.name}: ${newer ? "0x0003" : "0x0002"}`,
    "# CharSet: UTF-8",
    ...(header.oneTouch ? ["# dn: fixed"] : []),
    ...(unnamed ? [] : [listNameLine(header.listName)]),
    `# DB Version: ${newer ? "0x010b" : "0x010a"}`,
    ...cryptoLines(header.crypto),
    "",
    `${columns.join(",")},`,
    ...rows.map((row) => `${columns.map((column) => writeCell(row.get(column) ?? "", isQuotedColumn(column))).join(",")},`),
  ];
  return new TextEncoder().encode(fitText(`${lines.join("\n")}\n`));
}
