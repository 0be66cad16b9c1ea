/** The rules of hal/storage.ts that every implementation checks alike, so that a fake refuses what the real one refuses. */
import { must } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import type { RangeOptions, Write } from "../storage.ts";

export const KEY_UNITS_MAX = 1_024;
export const VALUE_BYTES_MAX = 6 * 1024 * 1024;

/** Throws "hal-refused" for a key that no storage takes. */
export function checkKey(key: string): void {
  if (key.length < 1 || key.length > KEY_UNITS_MAX) {
    throw new SyncError(
      "hal-refused",
      `storage key of ${key.length} units refused: 1 to ${KEY_UNITS_MAX} are allowed; nothing was read or written`,
    );
  }
  if (!key.isWellFormed()) {
    throw new SyncError(
      "hal-refused",
      `storage key ${JSON.stringify(key).slice(0, 60)} refused: it holds a lone surrogate; nothing was read or written`,
    );
  }
}

/** Throws "hal-refused" for a batch that no storage takes. */
export function checkBatch(batch: readonly Write[]): void {
  for (let index = 0; index < batch.length; index += 1) {
    const { key, value } = must(batch[index], "a write of the batch");
    checkKey(key);
    if (value !== undefined && value.length > VALUE_BYTES_MAX) {
      const excess = `${value.length} bytes, at most ${VALUE_BYTES_MAX} are allowed`;
      throw new SyncError(
        "hal-refused",
        `storage value of ${JSON.stringify(key).slice(0, 60)} refused: ${excess}; nothing of the batch was written`,
      );
    }
  }
}

/** Throws "hal-refused" for a range whose ends or limit are unusable. "" is allowed as `from`: the very first key. */
export function checkRange({ from, to, limit }: RangeOptions): void {
  if (from !== "") checkKey(from);
  checkKey(to);
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 0)) {
    throw new SyncError("hal-refused", `storage range refused: limit ${limit} is no whole number from 0; nothing was read`);
  }
}

export const storageClosed = (what: string): SyncError =>
  new SyncError("hal-unavailable", `storage ${what}: the storage is closed; open it again first`);

/**
 * Orders keys by their UTF-8 bytes. That is the order of code points; JavaScript's own order differs from it where
 * surrogates (U+10000 and above) meet U+E000-U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Moves surrogates above all other units: 0xd800-0xdfff to the end, what comes after them down. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
