/** What is stored behind a checksum of its own: CRC-32, big-endian, then the bytes. */
import { crc32 } from "node:zlib";

const CHECKSUM_BYTES = 4;

export function withChecksum(bytes: Uint8Array): Uint8Array {
  const stored = new Uint8Array(CHECKSUM_BYTES + bytes.length);
  new DataView(stored.buffer).setUint32(0, crc32(bytes));
  stored.set(bytes, CHECKSUM_BYTES);
  return stored;
}

/** The bytes behind the checksum, a view; undefined: there are none, or they are not as they were written. */
export function asWritten(stored: Uint8Array | undefined): Uint8Array | undefined {
  if (stored === undefined || stored.length <= CHECKSUM_BYTES) return undefined;
  const bytes = stored.subarray(CHECKSUM_BYTES);
  const checksum = new DataView(stored.buffer, stored.byteOffset).getUint32(0);
  return checksum === crc32(bytes) ? bytes : undefined;
}
