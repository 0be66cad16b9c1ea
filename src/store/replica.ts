/**
 * A client's durable copy: the base (what the server sent, at a position), its own edits on top, and what of a join is
 * still to be done. Each method is one durable batch: it happens whole or not at all. One caller at a time.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { assert, must } from "../model/assert.ts";
import type { Accepted, EntryName } from "../model/entry.ts";
import type { DeviceId, JournalTime } from "../model/ids.ts";
import type { Owner } from "../model/owner.ts";
import type { Position } from "../model/position.ts";
import type { Value } from "../model/value.ts";
import type { Change } from "../protocol/change.ts";
import type { Part } from "../protocol/welcome.ts";
import { Arriving } from "./arriving.ts";
import { clearGeneration, clearStrangers } from "./generations.ts";
import { entriesOfItem, entriesOfOwner, entryOfKey } from "./keys.ts";
import { layChanges } from "./lay-changes.ts";
import { OFFERS_RANGE, Offers } from "./offers.ts";
import { PENDING_RANGE, Pending, type PendingEdit, unpackPending } from "./pending.ts";
import { LayeredRecords } from "./layered-records.ts";
import type { OwnerRecord, ScopeRecord } from "./records.ts";
import { noteRemovals, REMOVED_RANGE, RemovedOwners } from "./removed-owners.ts";
import { EMPTY_HEAD, type Heard, type ReplicaHead, type Transfer } from "./replica-head.ts";
import { headWrites, readReplicaHead } from "./replica-now.ts";
import { IN_FORCE_RANGE, ScopesInForce } from "./scopes-in-force.ts";
import { damagedCopy } from "./segment.ts";
import { Segments } from "./segments.ts";
import { ownersIn, scopesIn } from "./state-reading.ts";
import { StateView } from "./state-view.ts";
import { type Keep, keepNothing, overtakenBy } from "./overtaken.ts";
import { ownOn, type Took } from "./took.ts";
import { uncover } from "./uncover.ts";
import { visibleInRange, visibleValues } from "./visible.ts";

export class Replica {
  readonly pending = new Pending();
  readonly offers = new Offers();
  readonly scopes = new ScopesInForce();
  readonly removed = new RemovedOwners();
  readonly device: DeviceId;
  readonly #storage: Storage;
  #head: ReplicaHead;
  #segments: Segments;
  #arriving: Arriving | undefined;

  private constructor(storage: Storage, device: DeviceId, head: ReplicaHead, segments: Segments) {
    this.#storage = storage;
    this.device = device;
    this.#head = head;
    this.#segments = segments;
  }

  static async open(storage: Storage, device: DeviceId): Promise<Replica> {
    const head = (await readReplicaHead(storage)) ?? EMPTY_HEAD;
    const segments = await Segments.open(storage, head.generation);
    const replica = new Replica(storage, device, head, segments);
    if (head.transfer !== undefined) replica.#arriving = await replica.#arrivingIn(head.transfer);
    for await (const [, bytes] of storage.range(PENDING_RANGE)) replica.pending.add(unpackPending(bytes));
    for await (const [key, bytes] of storage.range(OFFERS_RANGE)) replica.offers.restore(key, bytes);
    for await (const [key, bytes] of storage.range(IN_FORCE_RANGE)) replica.scopes.restore(key, bytes);
    for await (const [key, bytes] of storage.range(REMOVED_RANGE)) replica.removed.restore(key, bytes);
    await clearStrangers(storage, replica.#head);
    return replica;
  }

  get head(): ReplicaHead {
    return this.#head;
  }

  /** The transfer under way, as it will stand when the parts that arrived are durable; `head` says what is. */
  get transfer(): Transfer | undefined {
    return this.#arriving?.transfer;
  }

  get position(): Position | undefined {
    return this.#head.position;
  }

  /** Whether part of the base cannot be read. Until all is fetched anew, nothing of it is shown, and what it lacks is not gone. */
  get isDamaged(): boolean {
    return this.#segments.isDamaged;
  }

  /** Throws "storage-damaged" when anybody has met a damaged part: the replica is to be opened anew, after `noteDamage`. */
  mustBeWhole(): void {
    if (this.#segments.hasFoundDamage || this.#arriving?.segments.hasFoundDamage === true) throw damagedCopy();
  }

  /** Makes durable what was found damaged; a copy that is still arriving is dropped. */
  async noteDamage(): Promise<void> {
    if (this.#segments.hasFoundDamage) await this.write([this.#segments.damage()], { unshown: this.#head.unshown ?? "show" });
    if (this.#arriving?.segments.hasFoundDamage === true) await this.dropTransfer();
  }

  /** Writes a batch that ends with what changes of the head; the head in memory follows only when it is durable. */
  write(batch: readonly Write[], change: Partial<ReplicaHead>): Promise<void> {
    const arriving = this.#arriving;
    return arriving === undefined ? this.#writeNow(batch, change) : arriving.settled().then(() => this.#writeNow(batch, change));
  }

  async #writeNow(batch: readonly Write[], change: Partial<ReplicaHead>): Promise<void> {
    const head = { ...this.#head, ...change };
    await this.#storage.write([...batch, ...headWrites(this.#head, head)]);
    this.#head = head;
  }

  /** Own edits, in order, with the newest mark they came from. */
  async record(edits: readonly PendingEdit[], mark: number): Promise<void> {
    const last = edits.at(-1)?.edit;
    const batch = edits.map((edit) => this.pending.add(edit));
    await this.write(batch, last === undefined ? { mark } : { mark, sequence: last.id.sequence, lastStamp: last.stamp });
  }

  /**
   * Takes changes that follow the base, in order, up to the first that changes a scope: this machine follows it before it
   * goes on (M19). Those it has already are passed over. "gap": one is missing, nothing was taken. Throws "message-malformed" for bytes
   * that are no change. `keep`: the writes that keep own edits which have lost by it (B02).
   */
  async accept(changes: readonly Uint8Array[], heard: Heard | undefined, keep: Keep = keepNothing): Promise<"gap" | Took> {
    const base = must(this.#head.position, "changes are accepted by a copy that has joined");
    const view = this.baseView(false);
    const overtaken: Accepted[] = [];
    const before = (change: Change) => overtakenBy(change, view, this)?.then((edits) => void overtaken.push(...edits));
    const laid = await layChanges(view, changes, base, { before, isLast: ({ scopes }) => scopes.length > 0 });
    if (laid === "gap") return "gap";
    // Before they lie on top no longer.
    const own = ownOn(laid.touched.keys(), this.pending);
    const uncovered = uncover(this, laid.changes, laid.position.revision);
    const kept = overtaken.length === 0 ? [] : await keep(overtaken);
    const batch = [...view.writes(), ...uncovered.writes, ...noteRemovals(this, laid.changes), ...kept];
    const { at } = laid.changes.at(-1) ?? this.#head;
    await this.write(batch, { position: laid.position, at, heard: heard ?? this.#head.heard });
    view.written();
    for (const key of uncovered.keys) laid.touched.set(key, entryOfKey(key));
    return { entries: laid.touched, changes: laid.changes, values: laid.values, own, overtaken };
  }

  /**
   * Pending edits whose answers the base has reached by now leave; gives the entries they uncover. The base does not move
   * by it: until those are shown, the head says that they are not.
   */
  async settle(batch: readonly Write[]): Promise<EntryName[]> {
    const { writes, keys } = uncover(this, [], this.#head.position?.revision ?? 0);
    await this.write([...batch, ...writes], keys.length > 0 ? { unshown: this.#head.unshown ?? "show" } : {});
    return keys.map(entryOfKey);
  }

  /** Changes replayed over a snapshot that is being transferred. */
  async replay(changes: readonly Uint8Array[]): Promise<"gap" | "replayed"> {
    const transfer = must(this.#head.transfer, "replayed over a transfer");
    assert(transfer.complete, "changes come after the last part");
    const view = this.baseView(true);
    const laid = await layChanges(view, changes, transfer.position);
    if (laid === "gap") return "gap";
    const at = laid.changes.at(-1)?.at ?? transfer.at;
    await this.write(view.writes(), { transfer: { ...transfer, position: laid.position, at } });
    return "replayed";
  }

  /** Parts of the transfer under way that have been stored. */
  get partsArrived(): number {
    return this.#arriving?.segments.size ?? 0;
  }

  async #arrivingIn(transfer: Transfer): Promise<Arriving> {
    const segments = await Segments.open(this.#storage, transfer.generation);
    return new Arriving({ segments, transfer, write: (batch, now) => this.#writeNow(batch, { transfer: now }) });
  }

  /** Starts a transfer into a new generation; one under way is dropped (P29). Journal time, as it was heard, goes along. */
  async beginTransfer(start: Position, at: JournalTime, heard = this.#head.heard): Promise<void> {
    const dropped = this.#head.transfer?.generation;
    const generation = Math.max(this.#head.generation, dropped ?? 0) + 1;
    const transfer = { generation, start, after: "", complete: false, position: start, at, reach: start.revision };
    await this.write([], { transfer, heard });
    if (dropped !== undefined) await clearGeneration(this.#storage, dropped);
    this.#arriving = await this.#arrivingIn(transfer);
  }

  /** Stores a part as it came: the records after the ones before it. Which of them are durable already says `head` (arriving.ts). */
  async storePart(part: Omit<Part, "kind" | "after">): Promise<void> {
    await must(this.#arriving, "a part belongs to a transfer").take(part);
  }

  /** With each beat: what was deleted leaves the disk as well, a segment at a time. */
  async tidy(): Promise<void> {
    await this.#segments.rewriteOne((batch) => this.write(batch, {}));
  }

  async dropTransfer(): Promise<void> {
    const { transfer } = this.#head;
    if (transfer === undefined) return;
    await this.write([], { transfer: undefined });
    this.#arriving = undefined;
    await clearGeneration(this.#storage, transfer.generation);
  }

  /** The transferred generation becomes the base, with everything that belongs to that moment in `batch` and `change`. */
  async switchBase(batch: readonly Write[], change: Partial<ReplicaHead>): Promise<void> {
    const transfer = must(this.#head.transfer, "a switch needs a transfer");
    assert(transfer.complete && transfer.position.revision >= transfer.reach, "a switch shows the state of one moment");
    const { generation: old, unshown = "show" } = this.#head;
    const { position, at, generation } = transfer;
    // What was answered up to here is in this base, or has lost to what is: it lies on top no longer (P9).
    const { writes } = uncover(this, [], position.revision);
    await this.write([...batch, ...writes], { position, at, generation, transfer: undefined, unshown, ...change });
    this.#segments = must(this.#arriving, "arriving").segments;
    this.#arriving = undefined;
    await clearGeneration(this.#storage, old);
  }

  /** The visible values of entries: the newest own edit where one lies on top, else the base, of which `known` has some. */
  async visible(names: readonly EntryName[], known: Took["values"] = new Map()): Promise<(Value | undefined)[]> {
    return await visibleValues(names, known, this.baseView(false), this.pending);
  }

  /** All entries of an owner that have a visible value, by state key. */
  async visibleOf(owner: Owner, base = this.baseView(false)): Promise<Map<string, Value>> {
    return await visibleInRange(entriesOfOwner(owner), base, this.pending);
  }

  /** The values that the base has of an owner's item, without this machine's own edits on top, by state key. */
  async baseValues(owner: Owner, item: string): Promise<Map<string, Value>> {
    return await this.baseView(false).values(entriesOfItem(owner, item));
  }

  /** Owners known to the base (of the transfer under way where `arriving`), held or ended. */
  async owners(arriving = false): Promise<Map<Owner, OwnerRecord>> {
    return await ownersIn(this.baseView(arriving));
  }

  /** The scopes that the base (or the generation that arrives) names. */
  async scopeRecords(arriving = false): Promise<Map<string, ScopeRecord>> {
    return await scopesIn(this.baseView(arriving));
  }

  /** A record of the base (or of the generation that arrives). */
  async stateRecord(stateKey: string, arriving = false): Promise<Uint8Array | undefined> {
    const view = this.baseView(arriving);
    await view.load([stateKey]);
    return view.get(stateKey);
  }

  /** The base (or the generation that arrives), to be read; `inOrder`: owner after owner, while it stays as it is. */
  baseView(arriving: boolean, inOrder = false): StateView {
    const segments = arriving ? must(this.#arriving, "arriving").segments : this.#segments;
    return new StateView(new LayeredRecords(this.#storage, segments, { inOrder }), arriving ? undefined : this.#head.position?.revision);
  }
}
