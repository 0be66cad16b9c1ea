/**
 * Whether there is room for what an edit would add: users, entries of an item, numbers that are taken. Over a limit is
 * refused, with two exceptions that the manuals make: the timeline drops its oldest entry, and of two machines that
 * took the same number while apart the later one in the journal moves to the next free number.
 */
import { type Accepted, commonList, type EntryName, ONE_TOUCH_LIST } from "../../model/entry.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import { itemOf } from "../../model/item.ts";
import { LIMITS } from "../../model/limits.ts";
import { COMMON, type Owner, ownerParts } from "../../model/owner.ts";
import type { Refusal } from "../../model/refusal.ts";
import { type Fields, isFields, type Value } from "../../model/value.ts";
import { entriesOfItem, entryKey, entryOfKey } from "../../store/keys.ts";
import { unpackEntry } from "../../store/records.ts";
import type { StateView } from "../../store/state-view.ts";
import { freeOneTouchNumber, oneTouchNumberOf } from "./numbers.ts";
import type { OwnerTable } from "./owner-table.ts";

interface Live {
  readonly value: Value;
  readonly stamp: number;
}

export type Admitted =
  | { readonly kind: "admitted"; readonly edit: Accepted; readonly dropped: readonly EntryName[]; readonly notice: string | undefined }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** For one transaction: what it admits counts for what comes after it. */
export class Room {
  readonly #view: StateView;
  readonly #owners: OwnerTable;
  readonly #entries = new Map<string, Map<string, Live>>();
  readonly #newUsers = new Set<Owner>();
  readonly #newGroups = new Set<Owner>();

  constructor(view: StateView, owners: OwnerTable) {
    this.#view = view;
    this.#owners = owners;
  }

  /** undefined when the owner may be held, new or not. */
  ownerFits(owner: Owner): Refusal | undefined {
    if (this.#owners.holds(owner)) return undefined;
    const { kind } = ownerParts(owner);
    if (kind === "user" && !this.#newUsers.has(owner)) {
      if (this.#owners.users + this.#newUsers.size >= LIMITS.usersMax) return { word: "too-many-users", usersMax: LIMITS.usersMax };
      this.#newUsers.add(owner);
    }
    if (kind === "group" && !this.#newGroups.has(owner)) {
      if (this.#owners.groups + this.#newGroups.size >= LIMITS.groupsMax) return { word: "too-many-users", usersMax: LIMITS.groupsMax };
      this.#newGroups.add(owner);
    }
    return undefined;
  }

  async admit(edit: Accepted): Promise<Admitted> {
    const key = entryKey(edit);
    const live = await this.#live(edit);
    if (edit.value === undefined) {
      live.delete(key);
      return { kind: "admitted", edit, dropped: [], notice: undefined };
    }
    const value = edit.value;
    const ownerRefusal = this.ownerFits(edit.owner);
    if (ownerRefusal !== undefined) return { kind: "refused", refusal: ownerRefusal };
    const limit = limitFor(edit.item, value, live, key);
    if (limit !== undefined && edit.item !== "timeline")
      return { kind: "refused", refusal: { word: "too-many-entries", entriesMax: limit } };
    const moved = edit.owner === COMMON && isFields(value) ? withFreeNumber(value, live, key) : { value, notice: undefined };
    live.set(key, { value: moved.value, stamp: edit.stamp });
    const dropped = edit.item === "timeline" ? dropOldest(live) : [];
    return { kind: "admitted", edit: { ...edit, value: moved.value }, dropped, notice: moved.notice };
  }

  async #live(edit: EntryName): Promise<Map<string, Live>> {
    const name = `${edit.owner} ${edit.item}`;
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    const live = new Map<string, Live>();
    for await (const [key, record] of this.#view.range(entriesOfItem(edit.owner, edit.item))) {
      const { value, stamp } = unpackEntry(record).edit;
      if (value !== undefined) live.set(key, { value, stamp });
    }
    this.#entries.set(name, live);
    return live;
  }
}

/** The limit that one more entry would pass, undefined when it fits. An item of a newer version is bounded like a list. */
function limitFor(item: string, value: Value, live: ReadonlyMap<string, Live>, key: string): number | undefined {
  const standing = live.get(key);
  if (item !== "common-address") {
    const max = itemOf(item)?.entriesMax ?? LIMITS.commonAddressesMax;
    return standing === undefined && live.size >= max ? max : undefined;
  }
  const oneTouch = commonList(value) === ONE_TOUCH_LIST;
  if (standing !== undefined && (commonList(standing.value) === ONE_TOUCH_LIST) === oneTouch) return undefined;
  const max = oneTouch ? LIMITS.oneTouchMax : LIMITS.commonAddressesMax;
  let count = 0;
  for (const other of live.values()) if ((commonList(other.value) === ONE_TOUCH_LIST) === oneTouch) count += 1;
  return count >= max ? max : undefined;
}

/** Of two machines that gave a one-touch number away while apart, the later entry in the journal moves. Access numbers may be shared. */
function withFreeNumber(value: Fields, live: ReadonlyMap<string, Live>, key: string): { value: Value; notice: string | undefined } {
  const wanted = oneTouchNumberOf(value);
  if (wanted === undefined) return { value, notice: undefined };
  const others = [...live].flatMap(([other, { value: held }]) => (other === key || !isFields(held) ? [] : [held]));
  const free = freeOneTouchNumber(wanted, others);
  if (free === wanted) return { value, notice: undefined };
  return { value: { ...value, indxid: String(free) }, notice: `one-touch number ${wanted} was taken; the entry has number ${free} now` };
}

/** The timeline keeps its ten newest: the names of those that go. */
function dropOldest(live: Map<string, Live>): EntryName[] {
  const oldestFirst = [...live].sort(([a, x], [b, y]) => x.stamp - y.stamp || (a < b ? -1 : 1));
  return oldestFirst.slice(0, Math.max(0, live.size - LIMITS.timelineMax)).map(([key]) => {
    live.delete(key);
    return entryOfKey(key);
  });
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
