/** Chance is a parameter: a source of random bytes, real on a machine, seeded in a simulation. */
export type Random = (bytes: number) => Uint8Array;

/** Random hex digits: two for each byte. */
export const randomHex = (random: Random, bytes: number): string => Buffer.from(random(bytes)).toString("hex");

/** A number from 0 up to, but without, 1. */
export function randomFraction(random: Random): number {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}

/** Whether a key is a UUID: nobody draws one twice. */
export const isUuid = (key: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key);

/** A version 4 UUID in lower case. */
export function randomUuid(random: Random): string {
  const bytes = Uint8Array.from(random(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
