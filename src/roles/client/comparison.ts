/** Compares what the machine shows with what is visible in the replica. What a join replaces goes to the history first. */
import { type Entry, type EntryName, holdingOf, isOneTouch } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import type { LostBecause } from "../../model/lost.ts";
import type { Owner } from "../../model/owner.ts";
import type { Value } from "../../model/value.ts";
import { entriesOfOwner, entryKey, entryOfKey } from "../../store/keys.ts";
import { readLazy } from "../../store/state-records.ts";
import type { StateView } from "../../store/state-view.ts";
import { visibleLazily } from "../../store/visible.ts";
import type { Applier, Take } from "./applier.ts";
import type { ClientParts } from "./client-parts.ts";
import { keepGone } from "./keep-gone.ts";
import { ShowingAnew } from "./showing-anew.ts";

export interface ComparisonParts extends Pick<ClientParts, "replica" | "stores" | "travel" | "storage" | "clock" | "notApplied" | "log"> {
  readonly applier: Applier;
}

export class Comparison {
  readonly #parts: ComparisonParts;
  readonly #base: StateView | undefined;
  readonly #anew: ShowingAnew;

  /** `base`: where all owners are gone through, what they are read from. */
  constructor(parts: ComparisonParts, base?: StateView) {
    this.#parts = parts;
    this.#base = base;
    this.#anew = new ShowingAnew(parts);
  }

  /** What shows an owner's entries as they are visible in the base, in place of what the machine has of them. */
  async owner(owner: Owner, locals: readonly Entry[], keep: LostBecause | undefined): Promise<Take[]> {
    const { replica, travel } = this.#parts;
    const values = await visibleLazily(entriesOfOwner(owner), this.#base ?? replica.baseView(false), replica.pending);
    // A machine that has just joined has nothing to compare with.
    if (locals.length === 0) return this.#anew.takes(owner, values);
    const visible = new Map(values.map((entry) => [entry.stateKey, readLazy(entry)]));
    // Data that is still to be offered is the machine's own.
    const isOwn = (local: Entry) => !travel.isShared(local.item) || replica.offers.cover(local);
    for (const local of locals) {
      const value = visible.get(entryKey(local));
      // What the fleet has of what is kept apart here is listed, unless it is the same.
      const isOther = travel.isApart(local.item) && value !== undefined && !travel.isSame(local, value, local.value);
      if (isOwn(local) && !isOther) visible.delete(entryKey(local));
    }
    const compared = locals.filter((local) => !isOwn(local));
    return await this.entries(compared, visible, keep, (name) => !travel.isDeviceSpecific(name.item));
  }

  /** What shows these values in place of these entries; what goes by it is in the history before anything is done. */
  async entries(
    locals: readonly Entry[],
    values: ReadonlyMap<string, Value>,
    keep: LostBecause | undefined,
    isShown: (name: EntryName) => boolean = () => true,
  ): Promise<Take[]> {
    const { notApplied, travel } = this.#parts;
    const takes: Take[] = [];
    const lost: Entry[] = [];
    const rest = new Map(values);
    for (const local of locals) {
      const key = entryKey(local);
      const value = rest.get(key);
      rest.delete(key);
      const isSame = value !== undefined && travel.isSame(local, value, local.value);
      if (isSame && notApplied.reasonOf(key) !== undefined) takes.push({ name: local });
      if (isSame || !travel.canLeave(local)) continue;
      lost.push(local);
      takes.push(this.#parts.applier.take(local, value, local.value));
    }
    if (keep !== undefined) await this.#keepGone(lost, keep, locals);
    return [...takes, ...this.#toShow(rest, isShown)];
  }

  async #keepGone(gone: readonly Entry[], keep: LostBecause, locals: readonly Entry[]): Promise<void> {
    const leftOut = keep === "superseded" ? await this.#leftOut(gone) : new Set<Entry>();
    const others = leftOut.size === 0 ? gone : gone.filter((entry) => !leftOut.has(entry));
    const kept = await keepGone(others, keep, this.#parts);
    const [first] = others;
    if (keep === "replaced-at-scope-change" && first !== undefined && kept > 0)
      this.#parts.log.write({ kind: "scope-replaced", owner: first.owner, entries: kept });
    await keepGone([...leftOut], "too-many-entries", this.#parts);
    const counts = new Map<string, number>();
    for (const entry of leftOut) counts.set(holdingOf(entry), (counts.get(holdingOf(entry)) ?? 0) + 1);
    for (const [holding, count] of counts) {
      const all = locals.filter((entry) => holdingOf(entry) === holding);
      const entriesMax = isOneTouch(all[0]?.value) ? LIMITS.oneTouchMax : LIMITS.commonAddressesMax;
      const refused = { of: "holding", holding, entries: [count, all.length] } as const;
      this.#parts.log.write({ kind: "refused", refused, refusal: { word: "too-many-entries", entriesMax } });
    }
  }

  /** Of what this machine supplied: what the base has never had. There was no room for it (M17). */
  async #leftOut(gone: readonly Entry[]): Promise<Set<Entry>> {
    const leftOut = new Set<Entry>();
    for (const entry of gone)
      if (entry.item === "common-address" && (await this.#parts.replica.stateRecord(entryKey(entry))) === undefined) leftOut.add(entry);
    return leftOut;
  }

  /** What shows values of which the machine has nothing. */
  #toShow(values: ReadonlyMap<string, Value>, isShown: (name: EntryName) => boolean): Take[] {
    const { notApplied, travel } = this.#parts;
    const takes: Take[] = [];
    for (const [key, value] of values) {
      const name = entryOfKey(key);
      if (!isShown(name)) continue;
      if (travel.isApart(name.item)) takes.push(this.#parts.applier.keepApart(name, value));
      // What this machine dropped for want of room would only drive out something else.
      else if (notApplied.reasonOf(key)?.because !== "evicted") takes.push(this.#parts.applier.take(name, value, undefined));
    }
    return takes;
  }
}
