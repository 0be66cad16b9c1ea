/**
 * Whether there is room for what an edit would add: entries of an item, numbers that are taken. Over a limit is
 * refused, with two exceptions that the manuals make: the timeline drops its oldest entry, and of two machines that
 * took the same number while apart the later one in the journal moves to the next free number.
 */
import { capacityOf, type Config } from "../../model/config.ts";
import { type Accepted, type Edit, type EntryName, isOneTouch } from "../../model/entry.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { COMMON, type Owner } from "../../model/owner.ts";
import type { Refusal } from "../../model/refusal.ts";
import { type Fields, isFields, type Value } from "../../model/value.ts";
import { entriesOfItem, entryKey, entryOfKey } from "../../store/keys.ts";
import { unpackEntry } from "../../store/records.ts";
import type { StateView } from "../../store/state-view.ts";
import { freeOneTouchNumber, oneTouchNumberOf } from "./numbers.ts";
import type { OwnerTable } from "./owner-table.ts";

/** A group has one address list: its entries of this item. */
const GROUP_LIST = "group-address";

interface Live {
  readonly value: Value;
  readonly stamp: number;
}

/** A one-touch number that was taken, and the one that the entry has in its stead. */
export interface Moved {
  readonly taken: number;
  readonly number: number;
}

export type Admitted =
  | { readonly kind: "admitted"; readonly edit: Accepted; readonly dropped: readonly EntryName[]; readonly moved: Moved | undefined }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface RoomParts {
  readonly config: Pick<Config, "capacities">;
  readonly owners: OwnerTable;
}

/** A list of an owner: the entries of one item. */
interface List {
  /** What this transaction has taken; undefined: it has deleted it. */
  readonly taken: Map<string, Live | undefined>;
  /** All that lives, with what was taken; undefined while nobody had to count it. */
  live: Map<string, Live> | undefined;
}

/**
 * For one transaction: what it takes counts for what comes after it. A list is read when something is added to it, not before.
 * An owner that a change of the transaction evicts has no more entries in it: all that could still come is from before (P22).
 */
export class Room {
  readonly #view: StateView;
  readonly #config: Pick<Config, "capacities">;
  readonly #owners: OwnerTable;
  /** By owner and item. */
  readonly #lists = new Map<Owner, Map<string, List>>();

  constructor(view: StateView, { config, owners }: RoomParts) {
    this.#view = view;
    this.#config = config;
    this.#owners = owners;
  }

  /**
   * Whether there is room for it, and what else goes by it. Nothing is taken yet. What needs no counting is known at once: of a push of
   * hundreds each edit would wait for nothing several times.
   */
  look(edit: Accepted): Admitted | Promise<Admitted> {
    if (edit.value === undefined) return asItIs(edit);
    const key = entryKey(edit);
    if (!this.#list(edit).taken.has(key) && !this.#view.isLoaded(key)) return this.#lookAfterReading(edit, key);
    return this.#staysInPlace(edit, edit.value) ? asItIs(edit) : this.#count(edit, edit.value);
  }

  async #lookAfterReading(edit: Accepted, key: string): Promise<Admitted> {
    await this.#view.load([key]);
    return await this.look(edit);
  }

  async #count(edit: Accepted, given: Value): Promise<Admitted> {
    const key = entryKey(edit);
    const live = await this.#live(edit);
    const refusal = limitFor(edit.item, given, live, key, this.#config) ?? (await this.#listRefusal(edit, live));
    if (refusal !== undefined) return { kind: "refused", refusal };
    const { value, moved } =
      edit.owner === COMMON && isFields(given) ? withFreeNumber(given, live, key) : { value: given, moved: undefined };
    const dropped = edit.item === "timeline" ? oldestOver(new Map(live).set(key, { value, stamp: edit.stamp })) : [];
    return { kind: "admitted", edit: { ...edit, value }, dropped, moved };
  }

  /** What was admitted becomes part of the transaction. */
  take({ edit, dropped }: Extract<Admitted, { kind: "admitted" }>): void {
    const { value, stamp } = edit;
    this.#note(edit, value === undefined ? undefined : { value, stamp });
    for (const name of dropped) this.#note(name, undefined);
  }

  #note(name: EntryName, live: Live | undefined): void {
    const key = entryKey(name);
    const list = this.#list(name);
    list.taken.set(key, live);
    if (live === undefined) list.live?.delete(key);
    else list.live?.set(key, live);
  }

  /**
   * Whether it takes the room that it has already: an entry that stands, in the same list and with the same number. Only the
   * timeline counts anew with each turn.
   */
  #staysInPlace(name: EntryName, value: Value): boolean {
    if (name.item === "timeline") return false;
    const standing = this.#standing(name);
    if (standing === undefined) return false;
    return name.item !== "common-address" || (isOneTouch(standing) === isOneTouch(value) && numberIn(standing) === numberIn(value));
  }

  #standing(name: EntryName): Value | undefined {
    const key = entryKey(name);
    const { taken } = this.#list(name);
    return taken.has(key) ? taken.get(key)?.value : this.#view.entry(key)?.edit.value;
  }

  /** A group's first address begins a list, and there are so many lists and no more. */
  async #listRefusal({ item }: EntryName, live: ReadonlyMap<string, Live>): Promise<Refusal | undefined> {
    if (item !== GROUP_LIST || live.size > 0) return undefined;
    const listsMax = LIMITS.groupListsMax;
    let lists = 0;
    for (const owner of new Set([...this.#owners.groups.keys(), ...this.#lists.keys()])) {
      if ((await this.#live({ owner, item })).size > 0) lists += 1;
      if (lists === listsMax) return { word: "too-many-lists", listsMax };
    }
    return undefined;
  }

  #list({ owner, item }: Pick<EntryName, "owner" | "item">): List {
    const ofOwner = this.#lists.get(owner) ?? new Map<string, List>();
    this.#lists.set(owner, ofOwner);
    const list = ofOwner.get(item) ?? { taken: new Map(), live: undefined };
    ofOwner.set(item, list);
    return list;
  }

  async #live(of: Pick<EntryName, "owner" | "item">): Promise<Map<string, Live>> {
    const list = this.#list(of);
    if (list.live !== undefined) return list.live;
    const live = new Map<string, Live>();
    for await (const [key, record] of this.#view.range(entriesOfItem(of.owner, of.item))) {
      const { value, stamp } = unpackEntry(record).edit;
      if (value !== undefined && !list.taken.has(key)) live.set(key, { value, stamp });
    }
    for (const [key, taken] of list.taken) if (taken !== undefined) live.set(key, taken);
    list.live = live;
    return live;
  }
}

const asItIs = (edit: Accepted): Admitted => ({ kind: "admitted", edit, dropped: [], moved: undefined });

const numberIn = (value: Value): number | undefined => (isFields(value) ? oneTouchNumberOf(value) : undefined);

/**
 * The limit that one more entry would pass, or one that changes its list; undefined when it fits. An item of a newer version is
 * bounded like a list.
 */
function limitFor(
  item: string,
  value: Value,
  live: ReadonlyMap<string, Live>,
  key: string,
  config: Pick<Config, "capacities">,
): Refusal | undefined {
  // The timeline never refuses: its oldest entry goes.
  if (item === "timeline") return undefined;
  if (item !== "common-address") {
    const max = capacityOf(item, config);
    return live.size >= max ? { word: "too-many-entries", entriesMax: max } : undefined;
  }
  const standing = live.get(key);
  const oneTouch = isOneTouch(value);
  if (standing !== undefined && isOneTouch(standing.value) === oneTouch) return undefined;
  const max = oneTouch ? LIMITS.oneTouchMax : LIMITS.commonAddressesMax;
  let count = 0;
  for (const other of live.values()) if (isOneTouch(other.value) === oneTouch) count += 1;
  return count >= max ? { word: "too-many-entries", entriesMax: max } : undefined;
}

/** Of two machines that gave a one-touch number away while apart, the later entry in the journal moves. Access numbers may be shared. */
function withFreeNumber(value: Fields, live: ReadonlyMap<string, Live>, key: string): { value: Value; moved: Moved | undefined } {
  const wanted = oneTouchNumberOf(value);
  if (wanted === undefined) return { value, moved: undefined };
  const others = [...live].flatMap(([other, { value: held }]) => (other === key || !isFields(held) ? [] : [held]));
  const free = freeOneTouchNumber(wanted, others);
  if (free === wanted) return { value, moved: undefined };
  return { value: { ...value, indxid: String(free) }, moved: { taken: wanted, number: free } };
}

/** The timeline keeps its ten newest: the names of those that go. */
function oldestOver(live: ReadonlyMap<string, Live>): EntryName[] {
  const oldestFirst = [...live].sort(([a, x], [b, y]) => x.stamp - y.stamp || (a < b ? -1 : 1));
  return oldestFirst.slice(0, Math.max(0, live.size - LIMITS.timelineMax)).map(([key]) => entryOfKey(key));
}

/** What an offer has too many of, whatever stands already. */
export function tooMany(entries: readonly Edit[], config: Pick<Config, "capacities">): Refusal | undefined {
  const counts = new Map<string, number>();
  for (const { item } of entries) counts.set(item, (counts.get(item) ?? 0) + 1);
  for (const [item, count] of counts) {
    const max = capacityOf(item, config);
    if (count > max) return { word: "too-many-entries", entriesMax: max };
  }
  return undefined;
}

/** The deletion that the server itself makes of a dropped entry. */
export const serverDeletion = (
  name: EntryName,
  id: { device: DeviceId; run: RunId; sequence: number },
  stamp: number,
  seen: number,
): Accepted => ({
  ...name,
  id,
  value: undefined,
  seen,
  stamp,
  certain: true,
  by: "",
  why: "server",
});
