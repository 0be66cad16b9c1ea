/** The chain hash: two journals with equal hashes at a revision hold the same changes up to it. */
import { createHash } from "node:crypto";

export const HASH_BYTES = 16;

export function chainAfter(before: string, change: Uint8Array): string {
  return createHash("sha256").update(Buffer.from(before, "hex")).update(change).digest().subarray(0, HASH_BYTES).toString("hex");
}
