/** Changes that stay as they are, though whoever handed them over may use its buffers again. */
import type { EntryChange } from "../../src/model/entry.ts";
import type { AppliedChange } from "../item-store.ts";
import { isFields, type Value } from "../../src/model/value.ts";

/** The change itself, unless there are byte strings in its value: those are copied, with whatever holds them. */
export function copyOfChange(change: AppliedChange): AppliedChange {
  // A text stays as it is until what it belongs to is written.
  if (change.text !== undefined) return change;
  const { value } = change;
  return value === undefined || !holdsBytes(value) ? change : { ...change, value: copyOfValue(value) };
}

/** The change with everything in it anew: whoever made it may go on with what they hold. */
export const wholeCopyOf = ({ owner, item, key, value }: EntryChange): EntryChange => ({
  owner,
  item,
  key,
  value: value === undefined ? undefined : copyOfValue(value),
});

function copyOfValue(value: Value): Value {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(copyOfValue);
  if (!isFields(value)) return value;
  const copy: { [field: string]: Value } = { ...value };
  for (const field in copy) {
    const part = copy[field];
    if (typeof part === "object" && part !== null) copy[field] = copyOfValue(part);
  }
  return copy;
}

function holdsBytes(value: Value): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.some(holdsBytes);
  if (isFields(value)) for (const field in value) if (holdsBytes(value[field] ?? null)) return true;
  return false;
}
