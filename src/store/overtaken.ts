/**
 * Own edits that stood on the server, and that an edit of another machine has replaced which was made later, without knowledge of
 * them: they have lost, as they would have had they arrived after it (P5), and go to the history of this machine, their author (B02).
 */
import type { Write } from "../../hal/storage.ts";
import type { Accepted, Why } from "../model/entry.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Change } from "../protocol/change.ts";
import { ALL_ENTRIES, entryKey, ownerKey } from "./keys.ts";
import type { Pending } from "./pending.ts";
import { type Standing, unpackEntry } from "./records.ts";
import type { StateView } from "./state-view.ts";

/** The writes that keep them. */
export type Keep = (overtaken: readonly Accepted[]) => Promise<readonly Write[]>;
export const keepNothing: Keep = async () => [];

interface Own {
  readonly pending: Pending;
  readonly device: DeviceId;
}

/**
 * Those that a change is about to replace in the view. What its author has set anew since is nothing that was lost. undefined: none of its
 * edits was made without knowledge of what it replaces.
 */
export function overtakenBy(change: Change, view: StateView, own: Own): Promise<Accepted[]> | undefined {
  const keys: string[] = [];
  change.edits.forEach(({ edit }) => {
    if (edit.why === "later") keys.push(entryKey(edit));
  });
  return keys.length === 0 ? undefined : ownAmong(keys, change, { view, own });
}

async function ownAmong(
  keys: readonly string[],
  change: Change,
  { view, own: { device, pending } }: { readonly view: StateView; readonly own: Own },
): Promise<Accepted[]> {
  await view.load(keys);
  return keys.flatMap((key) => {
    const standing = view.entry(key);
    if (standing === undefined || standing.revision >= change.revision) return [];
    return isNewestOwn(standing.edit, { device, pending }) ? [standing.edit] : [];
  });
}

/** What the server itself wrote is in the name of its machine, and no edit of that machine's client. */
function isNewestOwn(edit: Accepted, { device, pending }: Own): boolean {
  if (edit.id.device !== device || edit.why === "server") return false;
  const newest = pending.newestOn(entryKey(edit));
  return newest === undefined || newest.id.sequence <= edit.id.sequence;
}

/** Entries that are looked at together. */
const AT_ONCE = 256;
/** Why an edit stands where another one stood: over what its author had seen, or over what it had not. */
const OVER: ReadonlySet<Why> = new Set<Why>(["later", "own", "seen"]);

/**
 * The same where the changes in between are not told any more, and a copy arrives whole: those of the base in whose place it has an edit of
 * another machine, made without knowledge of them. Who had seen what replaced them tells nothing of it: such a one is not found.
 */
export async function overtakenBetween(base: StateView, arriving: StateView, own: Own): Promise<Accepted[]> {
  const overtaken: Accepted[] = [];
  let mine: Standing[] = [];
  const look = async () => {
    await arriving.load(mine.flatMap(({ edit }) => [entryKey(edit), ownerKey(edit.owner)]));
    overtaken.push(...mine.filter((standing) => isOvertaken(standing, arriving, own)).map(({ edit }) => edit));
    mine = [];
  };
  for await (const [, record] of base.range(ALL_ENTRIES)) {
    const standing = unpackEntry(record);
    if (isNewestOwn(standing.edit, own)) mine.push(standing);
    if (mine.length === AT_ONCE) await look();
  }
  await look();
  return overtaken;
}

function isOvertaken({ edit, revision }: Standing, arriving: StateView, { device }: Own): boolean {
  const now = arriving.entry(entryKey(edit))?.edit;
  // What ended with its owner did not lose to what began it anew (P23).
  const { deleted, evicted } = arriving.owner(ownerKey(edit.owner)) ?? {};
  const ended = Math.max(deleted?.revision ?? 0, evicted?.revision ?? 0);
  return now !== undefined && now.id.device !== device && OVER.has(now.why) && now.seen < revision && ended < revision;
}
