/**
 * What decoders are made of: each function takes one field as it came off the wire and the path that names it, and
 * gives it back with its type, or throws "message-malformed" with the path ("push.edits[3]: must be bytes").
 */
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { type Owner, parseOwner } from "../model/owner.ts";

export interface Bounds {
  readonly min?: number;
  readonly max: number;
}

export function refuse(path: string, what: string): never {
  throw new SyncError("message-malformed", `message refused: ${path}: ${what}`);
}

/**
 * An array with at least so many elements; those beyond are of a later version and left alone. Where each edit passes, take elements by
 * index (`const { 0: first } = tuple(...)`): `const [first] = ...` asks an iterator for each, which is slower.
 */
export function tuple(raw: unknown, path: string, length: number): readonly unknown[] {
  if (!Array.isArray(raw)) return refuse(path, "must be an array");
  if (raw.length < length) return refuse(path, `must have at least ${length} elements, has ${raw.length}`);
  return raw;
}

export function list<T>(raw: unknown, path: string, { min = 0, max }: Bounds, decode: (element: unknown, path: string) => T): readonly T[] {
  if (!Array.isArray(raw)) return refuse(path, "must be an array");
  if (raw.length < min || raw.length > max) return refuse(path, `must have ${min}-${max} elements, has ${raw.length}`);
  return raw.map((element: unknown, index) => decode(element, `${path}[${index}]`));
}

/** A whole number, from 0 up where no other bounds are given. */
export function whole(raw: unknown, path: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: Partial<Bounds> = {}): number {
  if (typeof raw !== "number" || !Number.isSafeInteger(raw)) return refuse(path, "must be a whole number");
  if (raw < min || raw > max) return refuse(path, `must be ${min}-${max}, is ${raw}`);
  return raw;
}

/** A journal time, or a stamp. */
export const time = (raw: unknown, path: string): number => whole(raw, path, { max: LIMITS.journalTimeMax });

export function flag(raw: unknown, path: string): boolean {
  return typeof raw === "boolean" ? raw : refuse(path, "must be true or false");
}

/** Text of so many UTF-16 units. */
export function text(raw: unknown, path: string, { min = 0, max }: Bounds): string {
  if (typeof raw !== "string") return refuse(path, "must be text");
  if (raw.length < min || raw.length > max) return refuse(path, `must have ${min}-${max} characters, has ${raw.length}`);
  return raw;
}

export function bytes(raw: unknown, path: string, { min = 0, max }: Bounds): Uint8Array {
  if (!(raw instanceof Uint8Array)) return refuse(path, "must be bytes");
  if (raw.length < min || raw.length > max) return refuse(path, `must have ${min}-${max} bytes, has ${raw.length}`);
  return raw;
}

/** Bytes that are written as hex digits everywhere else. */
export function hex(raw: unknown, path: string, length: 8 | 16): string {
  const id = bytes(raw, path, { min: length, max: length });
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString("hex");
}

/** One of a closed set of words. */
export function word<const W extends string>(raw: unknown, path: string, words: readonly W[]): W {
  const known = words.find((candidate) => candidate === raw);
  return known ?? refuse(path, `must be one of ${words.join(", ")}`);
}

export function optional<T>(raw: unknown, path: string, decode: (raw: unknown, path: string) => T): T | undefined {
  return raw === undefined ? undefined : decode(raw, path);
}

/** An owner in its canonical text; another spelling of it is refused, so that equal owners are equal bytes. */
export function owner(raw: unknown, path: string): Owner {
  const parsed = typeof raw === "string" ? parseOwner(raw) : undefined;
  return parsed !== undefined && parsed === raw ? parsed : refuse(path, "must be the canonical text of an owner");
}
