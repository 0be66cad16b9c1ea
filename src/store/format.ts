/**
 * Format numbers of the module's storage.
 *
 * 1  the first (2026-11).
 */
import type { Storage } from "../../hal/storage.ts";
import { SyncError } from "../model/errors.ts";
import { FORMAT_KEY } from "./keys.ts";

const FORMAT = 1;

/** Marks a new storage with the format; throws "storage-format" for one that a newer module wrote. */
export async function checkFormat(storage: Storage): Promise<void> {
  const found = await storage.get(FORMAT_KEY);
  if (found === undefined) {
    await storage.write([{ key: FORMAT_KEY, value: Uint8Array.of(FORMAT) }]);
    return;
  }
  if (found[0] !== FORMAT) {
    throw new SyncError(
      "storage-format",
      `the storage has format ${found[0] ?? "none"}, this module reads ${FORMAT}; nothing was changed: install the module that wrote it, or restore a backup`,
    );
  }
}
