/** Everything of the module that reads bytes of others, one row each: good inputs to begin with, and the reading itself. */
import { isDeepStrictEqual } from "node:util";
import { Decoder } from "cbor-x/index-no-eval";
import { readAddressBookAbk } from "../../src/import-export/address-book-abk.ts";
import { readAddressBookCsv } from "../../src/import-export/address-book-csv.ts";
import { COLUMNS } from "../../src/import-export/address-columns.ts";
import type { AddressFile } from "../../src/import-export/address-file.ts";
import type { Malformed } from "../../src/import-export/address-text.ts";
import { offeredProtocols } from "../../src/link/client-hello.ts";
import { decodeReply, decodeRequest } from "../../src/link/first-contact-message.ts";
import { frameGuard } from "../../src/link/frame-guard.ts";
import { readClientFirst } from "../../src/link/scram.ts";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { deflateBlock, inflateBlock, packRecords, unpackRecords } from "../../src/protocol/block.ts";
import { decodeCbor } from "../../src/protocol/cbor.ts";
import { decodeChange, encodeChange } from "../../src/protocol/change.ts";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "../../src/protocol/codec.ts";
import { decodeAccepted, decodeAcceptedValue, decodeEdit, encodeAccepted, encodeEdit } from "../../src/protocol/edit.ts";
import { guardCbor } from "../../src/protocol/guard.ts";
import { ColumnPart } from "../../src/protocol/column-part.ts";
import { packPart, unpackPart } from "../../src/protocol/part.ts";
import { type PartRecord, toColumns } from "../../src/protocol/part-columns.ts";
import { entryKey } from "../../src/store/keys.ts";
import { packEntry } from "../../src/store/records.ts";
import { csvFile, generated, HEADER, MachineBook } from "../import-export/machine-book.ts";
import { Segment } from "../../src/store/segment.ts";
import { accepted, change, deletion, DOWNS, edit, UPS } from "../wire/samples.ts";

export interface ByteTarget {
  readonly name: string;
  readonly corpus: readonly Uint8Array[];
  /** What became of the input, in a word: a new word makes the input worth keeping. Throws for what must not happen. */
  readonly read: (bytes: Uint8Array) => string;
}

const REFUSED = new Set(["message-malformed", "message-too-large"]);
const BASE64 = "YWJjZGVmZ2hpamts";
const NUMBERS = /\d+|"[^"]*"/g;

/** A reader that gives a value or a SyncError of the two kinds; what it gave can be said again. */
function reader<T>(decode: (bytes: Uint8Array) => T, again: (value: T) => unknown = () => undefined): ByteTarget["read"] {
  return (bytes) => {
    let value: T;
    try {
      value = decode(bytes);
    } catch (error) {
      // The guard says no, not the reader: what it lets through the reader can read.
      if (!(error instanceof SyncError) || !REFUSED.has(error.code) || error.message.includes("the reader")) throw error;
      return error.message.replaceAll(NUMBERS, "#").slice(0, 120);
    }
    again(value);
    return "read";
  };
}

/** What is read at all is let through by the guard, and is what the library reads. */
function readCbor(bytes: Uint8Array): unknown {
  const value = decodeCbor(bytes, LIMITS.messageBytesMax);
  guardCbor(bytes, LIMITS.messageBytesMax);
  if (!isDeepStrictEqual(value, LIBRARY.decode(new Uint8Array(bytes)))) throw new Error("it is read otherwise than the library reads it");
  return value;
}

const PLAIN = { useRecords: false, mapsAsObjects: true, tagUint8Array: false, int64AsNumber: true, copyBuffers: true };
const LIBRARY = new Decoder(PLAIN);

const LAST_KEY = "\u{10ffff}";

function columnRecords(bytes: Uint8Array): PartRecord[] {
  const part = new ColumnPart(bytes);
  return Array.from({ length: part.records }, (_, at) => [part.key(at).toString(), part.record(at)]);
}

/** A part as a client takes it. */
function checkedSegment(bytes: Uint8Array): Segment {
  const segment = Segment.read(bytes);
  const [last] = [...segment.range("", LAST_KEY)].at(-1) ?? [""];
  segment.check("", last);
  return segment;
}

function everyRecordIsFound(segment: Segment): void {
  const keys = [...segment.range("", LAST_KEY)].map(([key]) => key);
  if (keys.length !== segment.records || keys.some((key) => segment.get(key) === undefined)) throw new Error("a record is not found");
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const encodings = (texts: readonly string[]): Uint8Array[] => texts.map((one) => Uint8Array.from(Buffer.from(one)));

/** A connection's bytes, in chunks whose size the first byte decides; the guard keeps none of them. */
const guarding =
  (speaker: "client" | "server"): ByteTarget["read"] =>
  (bytes) => {
    const guard = frameGuard(speaker);
    const chunk = 1 + ((bytes[0] ?? 0) % 61);
    let packets = 0;
    for (let at = 1; at < bytes.length; at += chunk) {
      const seen = guard.inspect(bytes.subarray(at, at + chunk));
      if (seen instanceof SyncError) return seen.message.replaceAll(NUMBERS, "#");
      packets += seen;
    }
    return `${Math.min(packets, 8)} packets`;
  };

const connect = [0x10, 0x0e, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 10, 0, 2, 0x61, 0x62];
const publish = [0x32, 0x07, 0, 1, 0x61, 0, 1, 0x68, 0x69];
const clientHello = [0x16, 3, 1, 0, 0x2d, 1, 0, 0, 0x29, 3, 3, ...new Array<number>(32).fill(7), 0, 0, 2, 0x13, 1, 1, 0, 0, 0];

async function addressFiles(): Promise<{ readonly csv: readonly Uint8Array[]; readonly abk: readonly Uint8Array[] }> {
  const rows = generated({ listed: 6, oneTouch: 2 });
  const csv = csvFile(rows, { columns: COLUMNS, header: HEADER });
  const book = new MachineBook();
  await book.imports(csv);
  return { csv: encodings([csv, csvFile(rows.slice(0, 1), { columns: COLUMNS })]), abk: [await book.exportsBytes("abk")] };
}

/** An import file is read, or malformed with a sentence that says where. */
const imported =
  (read: (bytes: Uint8Array) => AddressFile | Malformed): ByteTarget["read"] =>
  (bytes) => {
    const file = read(bytes);
    if (file.kind === "file") return "read";
    if (file.message === "" || file.line < 1 || file.column < 1) throw new Error(`malformed without a place: ${file.message}`);
    return file.message.replaceAll(NUMBERS, "#").slice(0, 120);
  };

export async function byteTargets(): Promise<ByteTarget[]> {
  const ups = Object.values(UPS).map(encodeUp);
  const downs = Object.values(DOWNS).map(encodeDown);
  const edits = [edit, deletion].map(encodeEdit);
  const stands = [encodeAccepted(accepted)];
  const changes = [encodeChange(change)];
  const records: PartRecord[] = [
    [entryKey(accepted), packEntry(1_000, encodeAccepted(accepted))],
    ["e/user:alice\u0000timeline\u00001", Uint8Array.of(1, 2, 3)],
    ["o/user:alice", Uint8Array.of(4)],
  ];
  const part = packPart(records);
  const columns = packPart(records, "columns");
  const block = deflateBlock(packRecords([...edits, ...changes]));
  const files = await addressFiles();
  return [
    { name: "frame-guard-client", corpus: [Uint8Array.from([5, ...connect, ...publish, 0xc0, 0])], read: guarding("client") },
    { name: "frame-guard-server", corpus: [Uint8Array.from([5, 0x20, 2, 0, 0, ...publish, 0xd0, 0])], read: guarding("server") },
    { name: "cbor", corpus: [...ups, ...edits], read: reader(readCbor) },
    { name: "up", corpus: ups, read: reader(decodeUp, encodeUp) },
    { name: "down", corpus: downs, read: reader(decodeDown, encodeDown) },
    { name: "edit", corpus: edits, read: reader(decodeEdit, (given) => decodeAccepted(encodeAccepted({ ...given, why: "later" }))) },
    { name: "accepted", corpus: stands, read: reader(decodeAccepted, (given) => decodeAccepted(encodeAccepted(given))) },
    { name: "change", corpus: changes, read: reader(decodeChange, encodeChange) },
    { name: "records", corpus: [packRecords(edits)], read: reader(unpackRecords) },
    {
      name: "block",
      corpus: [block.bytes],
      read: reader((bytes) => unpackRecords(inflateBlock(bytes, true, LIMITS.blockInflatedBytesMax))),
    },
    { name: "part", corpus: [part], read: reader(unpackPart, packPart) },
    { name: "segment", corpus: [part, columns], read: reader(checkedSegment, everyRecordIsFound) },
    { name: "columns", corpus: [toColumns(records)], read: reader(columnRecords, toColumns) },
    { name: "accepted-value", corpus: stands, read: reader(decodeAcceptedValue) },
    {
      name: "client-hello",
      corpus: [Uint8Array.from(clientHello)],
      read: (bytes) => {
        const offered = offeredProtocols(bytes);
        return typeof offered === "string" ? offered : `${Math.min(offered.length, 4)} protocols`;
      },
    },
    {
      name: "first-contact-request",
      corpus: encodings(['{"scram":"p=tls-exporter,,n=admin,r=abc"}', '{"password":"secret"}']),
      read: reader((bytes) => decodeRequest(text(bytes))),
    },
    {
      name: "first-contact-reply",
      corpus: encodings(['{"refusal":{"word":"account-refused"}}', '{"scram":"r=abc,s=QUFB,i=4096"}']),
      read: reader((bytes) => decodeReply(text(bytes))),
    },
    {
      name: "scram",
      corpus: encodings([
        `p=tls-exporter,,n=admin,r=${BASE64},d=${BASE64},u=${BASE64},w=${BASE64}`,
        `p=tls-exporter,,n=a=2Cb,r=${BASE64},d=,u=,w=`,
      ]),
      read: (bytes) => (readClientFirst(text(bytes)) === undefined ? "no" : "read"),
    },
    { name: "address-book-csv", corpus: files.csv, read: imported(readAddressBookCsv) },
    { name: "address-book-abk", corpus: files.abk, read: imported(readAddressBookAbk) },
  ];
}
