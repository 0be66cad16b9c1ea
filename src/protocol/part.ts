/** A part of a snapshot: storage keys and values of one key range, deflated. */
import { isUtf8 } from "node:buffer";
import { deflateRawSync } from "node:zlib";
import { assert } from "../model/assert.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { inflateBlock, packRecords, unpackRecords } from "./block.ts";

/** Whoever packs keeps to `LIMITS.partBytesTarget` before deflating, so that any part fits a message. */
export function packPart(records: readonly (readonly [key: string, value: Uint8Array])[]): Uint8Array {
  const packed = packRecords(records.flatMap(([key, value]) => [new TextEncoder().encode(key), value]));
  assert(packed.length <= LIMITS.partInflatedBytesMax, `a part of ${packed.length} bytes`);
  const deflated = new Uint8Array(deflateRawSync(packed));
  assert(deflated.length <= LIMITS.partBytesMax, `a part of ${deflated.length} bytes deflated`);
  return deflated;
}

/** The keys and values in the order they were packed; values are views. Throws "message-malformed" or "message-too-large". */
export function unpackPart(bytes: Uint8Array): [key: string, value: Uint8Array][] {
  const records = unpackRecords(inflateBlock(bytes, true, LIMITS.partInflatedBytesMax));
  if (records.length % 2 !== 0) throw new SyncError("message-malformed", "part refused: a key without a value");
  const pairs: [string, Uint8Array][] = [];
  for (let at = 0; at < records.length; at += 2) {
    const [key, value] = records.slice(at, at + 2);
    if (key !== undefined && value !== undefined) pairs.push([keyText(key), value]);
  }
  return pairs;
}

function keyText(bytes: Uint8Array): string {
  const key = isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8") : "";
  if (key === "" || key.length > LIMITS.storageKeyCharactersMax) {
    throw new SyncError(
      "message-malformed",
      `part refused: a key of ${bytes.length} bytes that is not text of 1-${LIMITS.storageKeyCharactersMax} characters`,
    );
  }
  return key;
}
