/**
 * A checksum on each record: four bytes before the value, CRC-32 over key and value. LevelDB checks its blocks only when
 * it compacts them, and a record under a wrong key passes there; here neither gets through.
 */
import { crc32 } from "node:zlib";

const SEAL_BYTES = 4;

export function sealRecord(key: string, value: Uint8Array): Uint8Array {
  // Out of Node's pool: an array of its own would cost more than all the rest.
  const sealed = Buffer.allocUnsafe(SEAL_BYTES + value.length);
  sealed.set(value, SEAL_BYTES);
  const sum = crc32(value, crc32(key));
  // By hand: what Node has for it looks at each of its arguments first.
  sealed[0] = sum >>> 24;
  sealed[1] = sum >>> 16;
  sealed[2] = sum >>> 8;
  sealed[3] = sum;
  return sealed;
}

/** The value, or undefined when the record is damaged. Shares the memory of `sealed`. */
export function openRecord(key: string, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < SEAL_BYTES) return undefined;
  const value = sealed.subarray(SEAL_BYTES);
  const expected = (((sealed[0] ?? 0) << 24) | ((sealed[1] ?? 0) << 16) | ((sealed[2] ?? 0) << 8) | (sealed[3] ?? 0)) >>> 0;
  return crc32(value, crc32(key)) === expected ? value : undefined;
}
