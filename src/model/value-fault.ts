/** Values of entries at the edge: plain data, and nothing that would come out at the other end as something else. */
import { LIMITS } from "./limits.ts";
import type { Value } from "./value.ts";

/** The edit around a value is one level of what the guard lets through; whoever stores it may need another. */
export const VALUE_DEPTH_MAX = LIMITS.cborDepthMax - 2;

/** Whether this is a value that travels unchanged. It says what is wrong otherwise, and where: "must ...", "label: must ...". */
export function faultOfValue(raw: unknown, depth = 1): string | undefined {
  switch (typeof raw) {
    case "boolean":
      return undefined;
    case "string":
      return raw.isWellFormed() ? undefined : "must be well-formed text";
    case "number":
      return Number.isFinite(raw) ? undefined : "must be a finite number";
    case "object":
      return raw === null || raw instanceof Uint8Array ? undefined : faultOfContainer(raw, depth);
    default:
      return `must be plain data, is ${typeof raw}`;
  }
}

function faultOfContainer(raw: object, depth: number): string | undefined {
  if (depth > VALUE_DEPTH_MAX) return `must not be nested deeper than ${VALUE_DEPTH_MAX}`;
  if (!Array.isArray(raw) && !isPlain(raw)) return "must be plain data, is an object of a class";
  const names = Array.isArray(raw) ? undefined : Object.keys(raw);
  // Arrays by their length: a hole in one would arrive as undefined.
  const elements: readonly unknown[] = Array.isArray(raw) ? raw : Object.values(raw);
  for (let at = 0; at < elements.length; at += 1) {
    const name = names?.[at] ?? at;
    const fault = faultOfName(name) ?? faultOfValue(elements[at], depth + 1);
    if (fault !== undefined) return `${String(name).slice(0, 60).toWellFormed()}: ${fault}`;
  }
  return undefined;
}

const faultOfName = (name: number | string): string | undefined =>
  typeof name === "number" || (name.isWellFormed() && name !== "__proto__") ? undefined : "must have another name";

function isPlain(raw: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(raw);
  return prototype === Object.prototype || prototype === null;
}

export const isValue = (raw: unknown): raw is Value => faultOfValue(raw) === undefined;
