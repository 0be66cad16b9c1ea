/** Changes that stay as they are, though whoever handed them over may use its buffers again. */
import type { AppliedChange } from "../item-store.ts";
import { isFields, type Value } from "../../src/model/value.ts";

/** The change itself, unless there are byte strings in its value: those are copied, with whatever holds them. */
export function copyOfChange(change: AppliedChange): AppliedChange {
  // A text stays as it is until what it belongs to is written.
  if (change.text !== undefined) return change;
  const { value } = change;
  return value === undefined || !holdsBytes(value) ? change : { ...change, value: copyOfValue(value) };
}

function copyOfValue(value: Value): Value {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(copyOfValue);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, copyOfValue(part)]));
}

function holdsBytes(value: Value): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.some(holdsBytes);
  if (isFields(value)) for (const field in value) if (holdsBytes(value[field] ?? null)) return true;
  return false;
}
