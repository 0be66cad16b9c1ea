/** The chain hash: two journals with equal hashes at a revision hold the same changes up to it. */
import { hash } from "node:crypto";

export const HASH_BYTES = 16;

export function chainAfter(before: string, change: Uint8Array): string {
  const bytes = Buffer.allocUnsafe(HASH_BYTES + change.length);
  bytes.write(before, "hex");
  bytes.set(change, HASH_BYTES);
  return hash("sha256", bytes, "hex").slice(0, 2 * HASH_BYTES);
}
