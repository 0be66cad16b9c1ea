/**
 * Writes what the fleet has to the machine's stores, and keeps the list of what they do not take (M27): the list follows
 * every write, and a start tries again what is on it.
 */
import type { AppliedChange } from "../../../hal/item-store.ts";
import type { EntryName } from "../../model/entry.ts";
import { SyncError } from "../../model/errors.ts";
import { itemOf } from "../../model/item.ts";
import type { NotAppliedBecause, NotAppliedReason } from "../../model/not-applied.ts";
import type { Position } from "../../model/position.ts";
import type { Value } from "../../model/value.ts";
import { entryKey } from "../../store/keys.ts";
import type { Listed, NotAppliedList } from "../../store/not-applied.ts";
import { tellNotApplied } from "../noted-together.ts";
import type { ClientParts } from "./client-parts.ts";
import { isStaying } from "./staying.ts";

/** An entry, and what becomes of it: nothing where there is nothing to do. */
export interface Take {
  readonly name: EntryName;
  readonly change?: AppliedChange;
  readonly not?: NotAppliedReason;
}

type Parts = Pick<ClientParts, "replica" | "stores" | "travel" | "notApplied" | "log" | "onShown">;

export class Applier {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What becomes of an entry on this machine: a change of its store, or a reason why there is none. */
  take(name: EntryName, value: Value | undefined, local: Value | undefined): Take {
    const { owner, item, key } = name;
    const { stores, travel } = this.#parts;
    if (itemOf(item) === undefined || !stores.keeps(item)) return notShown(name, value, "unknown-item");
    if (value === undefined) return { name, change: { owner, item, key, value } };
    try {
      return { name, change: { owner, item, key, value: travel.incoming(name, value, local) } };
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#parts.log.failed(error);
      return { name, not: { because: "unreadable", detail: "" } };
    }
  }

  /** What becomes of an entry that is kept apart: this machine's own stays as it is (M25). */
  keepApart(name: EntryName, value: Value | undefined): Take {
    return notShown(name, value, "keychain-order");
  }

  /** `position` undefined: part of a larger replacement. `isOfAll`: it is that of stores without a part in it as well. */
  async apply(takes: readonly Take[], position?: Position, knownMark = this.#parts.replica.head.mark, isOfAll = false): Promise<void> {
    if (takes.length === 0 && !isOfAll) return;
    const { stores, notApplied, log, onShown } = this.#parts;
    const changes: AppliedChange[] = [];
    const not: Listed[] = [];
    takes.forEach((take) => {
      if (take.change !== undefined) changes.push(take.change);
      if (take.not !== undefined) not.push({ ...nameOf(take.name), ...take.not });
    });
    const refused = changes.length === 0 && !isOfAll ? [] : await stores.apply(changes, position, knownMark, isOfAll);
    for (const { reason, ...name } of refused) not.push({ ...nameOf(name), because: "machine", detail: reason });
    const fresh = await notApplied.note(namesOf(takes), not);
    tellNotApplied(
      log,
      fresh.filter(({ because }) => because === "machine"),
    );
    if (changes.length > 0) onShown(changes);
  }

  /** What a store dropped for its own limits is listed, where the fleet still has it (M27). */
  async dropped(entries: readonly EntryName[]): Promise<void> {
    const { replica, stores, travel, notApplied, log } = this.#parts;
    const shared = entries.filter(({ item }) => travel.isShared(item));
    if (replica.position === undefined || shared.length === 0) return;
    const values = await replica.visible(shared);
    const here = new Set<string>();
    for (const owner of new Set(shared.map((name) => name.owner))) for (const entry of await stores.read(owner)) here.add(entryKey(entry));
    const gone = shared.filter((name, index) => values[index] !== undefined && !here.has(entryKey(name)));
    const fresh = await notApplied.note(
      [],
      gone.map((name) => ({ ...nameOf(name), because: "evicted", detail: "" })),
    );
    tellNotApplied(log, fresh);
  }

  /** Listed entries that the fleet does not have any more are no trouble, nor are those that cannot travel and are gone here. */
  async forgetGone(): Promise<void> {
    const { replica, stores, notApplied } = this.#parts;
    const listed = notApplied.all();
    const isOwn = (entry: EntryName): boolean => isStaying(notApplied, entry);
    const values = await replica.visible(listed);
    const gone = listed.filter((entry, index) => !isOwn(entry) && values[index] === undefined);
    const own = listed.filter(isOwn);
    const here = new Set<string>();
    for (const owner of new Set(own.map((entry) => entry.owner))) for (const entry of await stores.read(owner)) here.add(entryKey(entry));
    await notApplied.note([...gone, ...own.filter((entry) => !here.has(entryKey(entry)))], []);
  }
}

/** Whatever is not there cannot be missed. */
const notShown = (name: EntryName, value: Value | undefined, because: NotAppliedBecause): Take =>
  value === undefined ? { name } : { name, not: { because, detail: "" } };

function* namesOf(takes: readonly Take[]): Iterable<EntryName> {
  for (const { name } of takes) yield name;
}

const nameOf = ({ owner, item, key }: EntryName): EntryName => ({ owner, item, key });

/**
 * As many of the entries that were dropped for want of room as these takes make room for, those dropped last first. To be
 * asked before they are applied.
 */
export function roomFor(takes: readonly Take[], notApplied: NotAppliedList): EntryName[] {
  const isDropped = (name: EntryName) => notApplied.reasonOf(entryKey(name))?.because === "evicted";
  const freed = new Map<string, number>();
  if (notApplied.size === 0) return [];
  for (const { change } of takes) {
    if (change === undefined || change.value !== undefined || isDropped(change)) continue;
    const shelf = `${change.owner} ${change.item}`;
    freed.set(shelf, (freed.get(shelf) ?? 0) + 1);
  }
  if (freed.size === 0) return [];
  const taken = new Set(takes.map(({ name }) => entryKey(name)));
  const dropped = notApplied.all().filter((entry) => entry.because === "evicted" && !taken.has(entryKey(entry)));
  return [...freed].flatMap(([shelf, count]) => dropped.filter(({ owner, item }) => `${owner} ${item}` === shelf).slice(-count));
}
