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
  /** Hears of each change before it is laid. */
  readonly before?: (change: Change) => Promise<void>;
}

/** Changes that the position has already are passed over; "gap": one is missing, and the view is not to be written. */
export async function layChanges(
  view: StateView,
  changes: readonly Uint8Array[],
  from: Position,
  { isLast, before }: Laying = {},
): Promise<"gap" | Laid> {
  const news = changes.map((bytes) => ({ bytes, change: decodeChange(bytes) })).filter(({ change }) => change.revision > from.revision);
  // All of them at once: whoever was away would wait for each, and read a segment of the base for each.
  if (news.length > 1) await view.load(news.flatMap(({ change }) => keysForChange(view, change)));
  let position = from;
  const touched = new Map<string, EntryName>();
  const values = new Map<string, Value | undefined>();
  const laid: Change[] = [];
  for (const { bytes, change } of news) {
    if (change.revision <= position.revision) continue;
    if (change.revision !== position.revision + 1) return "gap";
    const prepared = await loadForChange(view, change);
    await before?.(change);
    const { removed, overtaken } = applyChange(view, change, prepared);
    for (const key of removed) {
      touched.set(key, entryOfKey(key));
      values.delete(key);
    }
    prepared.keys.forEach((key, index) => {
      const edit = change.edits[index]?.edit;
      if (edit === undefined || overtaken.has(key)) return;
      touched.set(key, edit);
      values.set(key, edit.value);
    });
    laid.push(change);
    position = { ...position, revision: change.revision, chainHash: chainAfter(position.chainHash, bytes) };
    if (isLast?.(change) === true) break;
  }
  return { position, touched, values, changes: laid };
}
