/** A part of a snapshot: storage keys and values of one key range, deflated. */
import { isUtf8 } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import { must } from "../model/assert.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { inflateBlock, packRecords } from "./block.ts";
import { ColumnPart } from "./column-part.ts";
import { IN_COLUMNS, type PartRecord, toColumns } from "./part-columns.ts";
import type { PartRecords } from "./part-records.ts";
import { RowPart } from "./row-part.ts";

/**
 * `chunkSize`: a deflated part nearly always fits into one. Columns are unlike each other and have no long repetitions: more blocks, each
 * with codes of its own (`memLevel`), and no shortest matches (`Z_FILTERED`) give 3 % fewer bytes in the same time.
 */
const DEFLATION = { chunkSize: 64 * 1024, memLevel: 6, strategy: constants.Z_FILTERED } as const;

/** "rows": as any machine reads it. "columns": two thirds of that, for those that say they read it (`pull-part`). */
export type PartForm = "rows" | "columns";

/** Whoever packs keeps to `LIMITS.partBytesTarget` before deflating, so that any part fits a message. */
export const packPart = (records: readonly PartRecord[], form: PartForm = "rows"): Uint8Array =>
  must(packFitting(records, form), "a part that fits a message");

/** undefined: it has more bytes than a message takes, deflated as it is. */
export function packFitting(records: readonly PartRecord[], form: PartForm): Uint8Array | undefined {
  const packed = form === "columns" ? toColumns(records) : packRecords(records.flatMap(([key, value]) => [Buffer.from(key), value]));
  const deflated = new Uint8Array(deflateRawSync(packed, DEFLATION));
  return packed.length <= LIMITS.partInflatedBytesMax && deflated.length <= LIMITS.partBytesMax ? deflated : undefined;
}

/** Throws "message-malformed" or "message-too-large". Keys and values are looked at by whoever takes them out. */
export function openPart(bytes: Uint8Array): PartRecords {
  const inflated = inflateBlock(bytes, true, LIMITS.partInflatedBytesMax);
  return inflated[0] === IN_COLUMNS ? new ColumnPart(inflated) : new RowPart(inflated);
}

/** The keys and values in the order they were packed; values are views. Throws "message-malformed" or "message-too-large". */
export function unpackPart(bytes: Uint8Array): [key: string, value: Uint8Array][] {
  const part = openPart(bytes);
  return Array.from({ length: part.records }, (_, at) => [keyText(part.key(at)), part.record(at)]);
}

function keyText(bytes: Buffer): string {
  const key = isUtf8(bytes) ? bytes.toString("utf8") : "";
  if (key === "" || key.length > LIMITS.storageKeyCharactersMax) {
    throw new SyncError(
      "message-malformed",
      `part refused: a key of ${bytes.length} bytes that is not text of 1-${LIMITS.storageKeyCharactersMax} characters`,
    );
  }
  return key;
}
