/** Lays changes over a view of the state, from a position on: what a base and an arriving snapshot do alike. */
import type { EntryName } from "../model/entry.ts";
import type { Position } from "../model/position.ts";
import type { Value } from "../model/value.ts";
import { type Change, decodeChange } from "../protocol/change.ts";
import { applyChange, keysForChange, loadForChange } from "./apply-change.ts";
import { chainAfter } from "./chain.ts";
import { entryOfKey } from "./keys.ts";
import type { StateView } from "./state-view.ts";

export interface Laid {
  readonly position: Position;
  /** The entries that were touched, by state key. */
  readonly touched: Map<string, EntryName>;
  /** The values of those that stand as the changes wrote them, by state key. */
  readonly values: ReadonlyMap<string, Value | undefined>;
  readonly changes: readonly Change[];
}

interface Laying {
  /** What comes after such a change is left for another time. */
  readonly isLast?: (change: Change) => boolean;
  /** Hears of each change before it is laid; a promise where that takes a while. */
  readonly before?: (change: Change) => Promise<void> | undefined;
}

/** Changes that the position has already are passed over; "gap": one is missing, and the view is not to be written. */
export async function layChanges(
  view: StateView,
  changes: readonly Uint8Array[],
  from: Position,
  { isLast, before }: Laying = {},
): Promise<"gap" | Laid> {
  const news: { readonly bytes: Uint8Array; readonly change: Change }[] = [];
  for (const bytes of changes) {
    const change = decodeChange(bytes);
    if (change.revision > from.revision) news.push({ bytes, change });
  }
  // All of them at once: whoever was away would wait for each, and read a segment of the base for each.
  if (news.length > 1) await view.load(news.flatMap(({ change }) => keysForChange(view, change)));
  let position = from;
  const touched = new Map<string, EntryName>();
  const values = new Map<string, Value | undefined>();
  const laid: Change[] = [];
  for (const { bytes, change } of news) {
    if (change.revision <= position.revision) continue;
    if (change.revision !== position.revision + 1) return "gap";
    const loading = loadForChange(view, change);
    // What is known at once is not waited for: a lone edit, as most are, comes to its write in one go.
    const prepared = loading instanceof Promise ? await loading : loading;
    const hearing = before?.(change);
    if (hearing !== undefined) await hearing;
    const { removed, overtaken } = applyChange(view, change, prepared);
    for (const key of removed) {
      touched.set(key, entryOfKey(key));
      values.delete(key);
    }
    for (let index = 0; index < prepared.keys.length; index += 1) {
      const key = prepared.keys[index];
      const edit = change.edits[index]?.edit;
      if (key === undefined || edit === undefined || overtaken.has(key)) continue;
      touched.set(key, edit);
      values.set(key, edit.value);
    }
    laid.push(change);
    position = { ...position, revision: change.revision, chainHash: chainAfter(position.chainHash, bytes) };
    if (isLast?.(change) === true) break;
  }
  return { position, touched, values, changes: laid };
}
