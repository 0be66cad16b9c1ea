/**
 * Follows the changes of scopes that the base brings (M19), and the ends of owners on what is this machine's own (M15,
 * P26). Each is carried out on the machine's stores first, and then put in force, or off the list, in one write: a kill in
 * between repeats it.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Write } from "../../../hal/storage.ts";
import type { Edit, Entry } from "../../model/entry.ts";
import { joinId } from "../../model/ids.ts";
import { itemOf } from "../../model/item.ts";
import { itemHolding, offeredOf, offerName } from "../../model/offered.ts";
import type { Owner } from "../../model/owner.ts";
import { type Random, randomHex } from "../../model/random.ts";
import type { Value } from "../../model/value.ts";
import { entryKey } from "../../store/keys.ts";
import { endAgainst, NEW_OWNER, type OwnerRecord, type ScopeRecord } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import type { InForce } from "../../store/scopes-in-force.ts";
import { keepLostEdit } from "./lost-edit.ts";
import type { MachineStores } from "./machine-stores.ts";
import type { Shower } from "./shower.ts";
import type { Travel } from "./travel.ts";

export interface CrossingParts {
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly travel: Travel;
  readonly shower: Shower;
  readonly clock: Clock;
  readonly random: Random;
}

/** The scopes that an integrator chose are the journal's first change, older than any copy of it. */
const FIRST_SCOPES = 1;

/** One item on its way from the scope that is in force here to the one that the base names. */
interface Way {
  readonly item: string;
  readonly from: InForce | undefined;
  readonly to: ScopeRecord;
}

export class Crossing {
  readonly #parts: CrossingParts;

  constructor(parts: CrossingParts) {
    this.#parts = parts;
  }

  /** Whether changes of the base that were just taken ask for `follow`. */
  isDue(changes: readonly { readonly scopes: readonly unknown[] }[]): boolean {
    return this.#parts.replica.removed.size > 0 || changes.some(({ scopes }) => scopes.length > 0);
  }

  /** After it every scope that the base names is in force, and nobody is left who has still to leave this machine. */
  async follow(): Promise<void> {
    const { replica } = this.#parts;
    await this.#removeOwn();
    const base = await replica.scopeRecords();
    for (const item of new Set([...base.keys(), ...replica.scopes.items()])) {
      const to = base.get(item) ?? { scope: itemOf(item)?.scope ?? "shared", since: 0, renewed: 0 };
      await this.#cross({ item, from: replica.scopes.get(item), to });
    }
    const done = replica.removed.all().map(([owner]) => replica.removed.remove(owner));
    if (done.length > 0) await replica.write(done, {});
  }

  /**
   * The device-specific data of owners who have ended leaves, and of those who were deleted also what could not travel; what
   * was edited since this machine heard of it stays.
   */
  async #removeOwn(): Promise<void> {
    const { replica, stores, shower, travel } = this.#parts;
    for (const [owner, { kind, mark }] of replica.removed.all()) {
      const here = await stores.read(owner);
      const own = here.filter(({ item }) => !travel.isShared(item));
      if (kind === "evicted") await shower.carryOver(own, new Map(), "evicted", mark);
      else await shower.remove([...own, ...here.filter((entry) => travel.isShared(entry.item) && !travel.canLeave(entry))], mark);
    }
  }

  async #cross(way: Way): Promise<void> {
    const { replica, travel, random } = this.#parts;
    const { item, from, to } = way;
    if (from?.scope === to.scope && from.since === to.since) return;
    const batch: Write[] = [];
    // A restored state may name an older change of the same kind: this machine is there already.
    const isFollowed = from?.scope === to.scope && to.since < from.since;
    const base = replica.position?.revision ?? 0;
    const offer = isFollowed ? from.offer : { id: joinId(randomHex(random, 8)), base };
    if (!isFollowed) {
      const owners = await replica.owners();
      const isFirst = from === undefined && to.since <= FIRST_SCOPES;
      const wanted = isFirst || itemOf(item) === undefined ? [] : await this.#carryOver(way, owners);
      batch.push(...(await this.#leavePending(item, owners)), ...this.#replaceOffers(item, wanted));
    }
    await replica.write([...batch, replica.scopes.set(item, { ...to, offer })], {});
    travel.setScopes(replica.scopes.scopes());
  }

  /**
   * Edits of the item that are not in the base are part of what this machine has of it now; they never travel (P27). What
   * was made before its owner's end has lost to it.
   */
  async #leavePending(item: string, owners: ReadonlyMap<Owner, OwnerRecord>): Promise<Write[]> {
    const batch: Write[] = [];
    for (const edit of this.#pendingOf(item)) {
      const end = endOf(edit, owners.get(edit.owner));
      if (end !== undefined) batch.push(...(await keepLostEdit(edit, end, { ...this.#parts, now: undefined })));
      batch.push(this.#parts.replica.pending.remove(edit.id.sequence));
    }
    return batch;
  }

  #pendingOf(item: string): Edit[] {
    return [...this.#parts.replica.pending.all()].flatMap(({ edit }) => (edit.item === item ? [edit] : []));
  }

  #replaceOffers(item: string, wanted: readonly Owner[]): Write[] {
    const { offers } = this.#parts.replica;
    const before = offers.all().flatMap(([name]) => (offeredOf(name).item === item ? [offers.remove(name)] : []));
    return [...before, ...wanted.map((holding) => offers.set(offerName({ holding, item }), { kind: "wanted" }))];
  }

  /** Brings the machine's stores to where the change leads. Gives the owners whose data of the item is to be offered. */
  async #carryOver(way: Way, owners: ReadonlyMap<Owner, OwnerRecord>): Promise<Owner[]> {
    const { replica, stores } = this.#parts;
    const here = await stores.owners();
    const wanted: Owner[] = [];
    for (const owner of new Set([...here, ...owners.keys(), ...this.#pendingOf(way.item).map((edit) => edit.owner)])) {
      // What is offered whole is this machine's own, and its item with it.
      if (replica.offers.has(owner)) continue;
      const locals = here.has(owner) ? (await stores.read(owner)).filter(({ item }) => item === way.item) : [];
      if ((await this.#carryOwner(owner, locals, owners.get(owner) ?? NEW_OWNER, way)) === "to-offer") wanted.push(owner);
    }
    return wanted;
  }

  async #carryOwner(owner: Owner, locals: readonly Entry[], record: OwnerRecord, way: Way): Promise<"to-offer" | "carried"> {
    const { replica, shower } = this.#parts;
    const { item, to } = way;
    const common = await replica.baseValues(owner, item);
    const edits = this.#pendingOf(item).filter((edit) => edit.owner === owner && endOf(edit, record) === undefined);
    if (!this.#isOwn(owner, way)) {
      // To device-specific: the common data as it was at the change, own edits on top (P27).
      await shower.carryOver(locals, withEdits(common, edits), undefined);
      return "carried";
    }
    const removed = replica.removed.get(owner);
    const own = removed === undefined ? locals : locals.filter((entry) => edits.some((edit) => entryKey(edit) === entryKey(entry)));
    if (removed !== undefined) {
      const left = withEdits(new Map(), edits);
      await shower.carryOver(locals, left, removed.kind === "evicted" ? "evicted" : undefined);
    }
    const isOpen = record.holdings[itemHolding(item)] === undefined && (to.scope === "device-specific" || to.renewed > 0);
    if (!isOpen) await shower.carryOver(own, common, "replaced-at-scope-change");
    return isOpen && to.scope === "shared" && own.length > 0 ? "to-offer" : "carried";
  }

  /** Whether what this machine has of the item is its own: it was device-specific here, or would have been while it was away. */
  #isOwn(owner: Owner, { item, from, to }: Way): boolean {
    const { offers } = this.#parts.replica;
    return from?.scope === "device-specific" || to.renewed > (from?.since ?? 0) || offers.has(offerName({ holding: owner, item }));
  }
}

/** The end of its owner that an edit was made before, by the rule that the server judges it by (P22). */
const endOf = ({ seen, stamp }: Edit, record: OwnerRecord = NEW_OWNER) =>
  endAgainst(record, ({ revision, at }) => seen < revision && stamp <= at)?.word;

function withEdits(values: ReadonlyMap<string, Value>, edits: readonly Edit[]): Map<string, Value> {
  const all = new Map(values);
  for (const edit of edits) {
    if (edit.value === undefined) all.delete(entryKey(edit));
    else all.set(entryKey(edit), edit.value);
  }
  return all;
}
