/** What is visible of a client's copy: the newest own edit where one lies on top, else the base. */
import type { EntryName } from "../model/entry.ts";
import type { Value } from "../model/value.ts";
import { entryKey, type KeyRange } from "./keys.ts";
import type { Pending } from "./pending.ts";
import { entryValue } from "./records.ts";
import { type LazyValue, valueAtHand, readLazy } from "./state-records.ts";
import type { StateView } from "./state-view.ts";
import type { Took } from "./took.ts";

/** The value of an entry whose record in the base is loaded. */
export function visibleValue(key: string, view: StateView, pending: Pending): Value | undefined {
  const own = pending.newestOn(key);
  if (own !== undefined) return own.value;
  const record = view.get(key);
  return record === undefined ? undefined : entryValue(record);
}

/** The values of these entries, in their order. What the base is known to have is not read again. */
export async function visibleValues(
  names: readonly EntryName[],
  known: Took["values"],
  view: StateView,
  pending: Pending,
): Promise<(Value | undefined)[]> {
  const keys = names.map(entryKey);
  const unknown = keys.filter((key) => !known.has(key) && pending.newestOn(key) === undefined);
  if (unknown.length > 0) await view.load(unknown);
  return keys.map((key) => {
    const own = pending.newestOn(key);
    if (own !== undefined) return own.value;
    return known.has(key) ? known.get(key) : visibleValue(key, view, pending);
  });
}

/** The visible values of a range, in key order of the base; values of own edits for entries that are new come after them. */
export async function visibleLazily(range: KeyRange, view: StateView, pending: Pending): Promise<LazyValue[]> {
  const found = await view.lazyValues(range);
  if (pending.size === 0) return found;
  const visible = new Map(found.map((entry) => [entry.stateKey, entry]));
  for (const stateKey of pending.entries()) {
    if (stateKey < range.from || stateKey >= range.to) continue;
    const value = pending.newestOn(stateKey)?.value;
    if (value === undefined) visible.delete(stateKey);
    else visible.set(stateKey, valueAtHand(stateKey, value));
  }
  return [...visible.values()];
}

/** The same, read, by state key. */
export async function visibleInRange(range: KeyRange, view: StateView, pending: Pending): Promise<Map<string, Value>> {
  return new Map((await visibleLazily(range, view, pending)).map((value) => [value.stateKey, readLazy(value)]));
}
