/** Samples with something wrong in them. */
import { LIMITS } from "../../src/model/limits.ts";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "../../src/protocol/codec.ts";
import { DOWNS, UPS } from "./samples.ts";

export type Raw = unknown[];
export interface Sample {
  readonly value: unknown;
  readonly bytes: Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
}

export const SAMPLES = new Map<string, Sample>([
  ...Object.entries(UPS).map(([name, value]): [string, Sample] => [name, { value, bytes: encodeUp(value), decode: decodeUp }]),
  ...Object.entries(DOWNS).map(([name, value]): [string, Sample] => [name, { value, bytes: encodeDown(value), decode: decodeDown }]),
]);

export const sample = (name: string): Sample => SAMPLES.get(name) as Sample;
export const rawOf = ({ bytes }: Sample): Raw => decodeCbor(bytes, LIMITS.messageBytesMax) as Raw;

/** The same message with another element at the place that the indices lead to. */
export function broken(of: Sample, at: readonly number[], element: unknown): Uint8Array {
  const raw = rawOf(of);
  const place = at.slice(0, -1).reduce((array: Raw, index) => array[index] as Raw, raw);
  place[at.at(-1) ?? 0] = element;
  return encodeCbor(raw);
}

/** Every place in a message, arrays included. */
export function places(raw: unknown, at: readonly number[] = []): (readonly number[])[] {
  const below = Array.isArray(raw) ? raw.flatMap((element, index) => places(element, [...at, index])) : [];
  return at.length === 0 ? below : [at, ...below];
}

/** Elements at the end of a body that are left out where there is nothing to say: how many the body has with all of them, and without. */
const BODIES: Readonly<Record<string, { readonly most: number; readonly least: number }>> = {
  welcome: { most: 11, least: 8 },
  hello: { most: 14, least: 11 },
  "client-beat": { most: 2, least: 1 },
  "server-beat": { most: 3, least: 2 },
  "pull-part": { most: 2, least: 1 },
  offer: { most: 9, least: 8 },
  "offer-answer": { most: 5, least: 4 },
};

/** A message with every element that this version knows, undefined where it was left out. */
export function filled(raw: Raw): Raw {
  const body = raw[BODY] as Raw;
  const most = BODIES[String(raw[1])]?.most ?? body.length;
  while (body.length < most) body.push(undefined);
  return raw;
}

/** A message without the elements that may be left out. */
export function shortest(raw: Raw): Raw {
  const body = raw[BODY] as Raw;
  body.length = Math.min(body.length, BODIES[String(raw[1])]?.least ?? body.length);
  return raw;
}

/** Where the body stands in a message. */
export const BODY = 2;
export const long = (length: number): string => "x".repeat(length);
export const bytes = (length: number): Uint8Array => new Uint8Array(length);
export const many = (count: number, element: unknown): unknown[] => new Array(count).fill(element);
