/** A copy of a value that nothing else refers to: whoever handed it over may use its buffers again. */
import { type Value, isFields } from "../../src/model/value.ts";

export function copyOfValue<T extends Value | undefined>(value: T): T;
export function copyOfValue(value: Value | undefined): Value | undefined {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map((part: Value) => copyOfValue(part));
  if (!isFields(value)) return value;
  const copy: { [field: string]: Value } = { ...value };
  for (const field of Object.keys(copy)) {
    const part = copy[field];
    if (typeof part === "object") copy[field] = copyOfValue(part);
  }
  return copy;
}
