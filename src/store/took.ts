/** What a batch of changes did to a copy. */
import type { Accepted, EntryName } from "../model/entry.ts";
import type { Value } from "../model/value.ts";
import type { Change } from "../protocol/change.ts";
import type { Pending } from "./pending.ts";

export interface Took {
  /** Entries whose visible value may have changed, by state key. */
  readonly entries: ReadonlyMap<string, EntryName>;
  readonly changes: readonly Change[];
  /** What the base has of entries that the changes wrote, by state key: they need not be read again. */
  readonly values: ReadonlyMap<string, Value | undefined>;
  /** Own edits that have lost by them. */
  readonly overtaken: readonly Accepted[];
  /** What an own edit on top showed before, by state key. */
  readonly own: ReadonlyMap<string, Value | undefined>;
}

/** What own edits show of these entries. */
export function ownOn(keys: Iterable<string>, pending: Pick<Pending, "newestOn" | "size">): Took["own"] {
  const own = new Map<string, Value | undefined>();
  if (pending.size === 0) return own;
  for (const key of keys) {
    const edit = pending.newestOn(key);
    if (edit !== undefined) own.set(key, edit.value);
  }
  return own;
}
