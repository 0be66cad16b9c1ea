/**
 * Offers: what this machine holds that the server does not. At a join holdings are offered whole (M12-M14), and after an
 * item became shared again, what this machine has of it, owner by owner (M19, P28).
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import type { Edit } from "../../model/entry.ts";
import { type DeviceId, joinId, type Revision, type RunId } from "../../model/ids.ts";
import type { LostBecause } from "../../model/lost.ts";
import { isPartOf, itemHolding, offeredOf, offerName, ownerOfOffer } from "../../model/offered.ts";
import { type Owner, ownerParts } from "../../model/owner.ts";
import type { LineageEntry } from "../../model/position.ts";
import { type Random, randomHex } from "../../model/random.ts";
import type { RefusalWord } from "../../model/refusal.ts";
import type { Offer, OfferAnswer } from "../../protocol/offer.ts";
import { listOf } from "../../store/apply-change.ts";
import { ownerKey } from "../../store/keys.ts";
import { endAgainst, NEW_OWNER, type OwnerRecord, unpackOwner } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import type { OfferedAs } from "../../store/scopes-in-force.ts";
import { ownersAmong } from "../../store/state-reading.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { keepLostEdit } from "./lost-edit.ts";
import type { MachineStores } from "./machine-stores.ts";
import { missingIn, travellingOf } from "./missing-in.ts";
import { isOfOffer } from "./of-offer.ts";
import { offerOf } from "./offer-of.ts";
import type { Recorder } from "./recorder.ts";
import type { Shower } from "./shower.ts";
import type { Staying } from "./staying.ts";
import type { Travel } from "./travel.ts";

export interface JoinerParts {
  readonly staying: Staying;
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly travel: Travel;
  readonly recorder: Recorder;
  readonly shower: Shower;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly device: DeviceId;
  readonly run: RunId;
  readonly log: CommunicationLog;
}

/** Offers under way at once: enough to hide a round trip, few enough for the server's memory. */
const OFFERS_AT_ONCE = 8;

export class Joiner {
  readonly #parts: JoinerParts;
  readonly #underWay = new Set<string>();

  constructor(parts: JoinerParts) {
    this.#parts = parts;
  }

  /**
   * The transferred base becomes visible at a join: in the same write everything of this machine that the base lacks is
   * put down to be offered, and the edits made so far become data of the join (P17, P20). The scopes of the fleet are in
   * force at once: what is device-specific there stays as it is here.
   */
  async switchAtJoin(lineage: readonly LineageEntry[]): Promise<void> {
    const { replica, stores, travel, random } = this.#parts;
    const scopes = await replica.scopeRecords(true);
    travel.setScopes(new Map([...scopes].map(([item, { scope }]) => [item, scope])));
    // Not recorded first: there may be more of them than can be pending, and all of them are data of the join.
    const mark = Math.max(stores.mark(), replica.head.mark);
    const missing = await missingIn((owners) => ownersAmong(owners, replica.baseView(true)), scopes, this.#parts);
    const batch: Write[] = [...replica.pending.all()].map(({ edit }) => replica.pending.remove(edit.id.sequence));
    for (const [name] of replica.offers.all()) batch.push(replica.offers.remove(name));
    for (const name of missing) batch.push(replica.offers.set(name, { kind: "wanted" }));
    const id = joinId(randomHex(random, 8));
    const base = replica.head.transfer?.position.revision ?? 0;
    for (const item of replica.scopes.items()) batch.push(replica.scopes.remove(item));
    for (const [item, scope] of scopes) batch.push(replica.scopes.set(item, { ...scope, offer: { id, base } }));
    for (const [owner] of replica.removed.all()) batch.push(replica.removed.remove(owner));
    await replica.switchBase(batch, { join: { id, base }, mark, unshown: "replaced-at-join", lineage });
  }

  /** The connection broke: what was under way is offered again. */
  forgetUnderWay(): void {
    this.#underWay.clear();
  }

  /** Offers that a limit of the server had refused are tried again, at each welcome and when somebody's data was deleted. */
  async retryOverLimit(): Promise<void> {
    const { replica } = this.#parts;
    const over = replica.offers.all().filter(([, { kind }]) => kind === "over-limit");
    const again = over.map(([name]) => replica.offers.set(name, { kind: "wanted" }));
    if (again.length > 0) await replica.write(again, {});
  }

  /** Sends offers that are wanted and not under way. */
  async offer(say: (offer: Offer) => void): Promise<void> {
    const { replica, log } = this.#parts;
    for (const name of replica.offers.wanted()) {
      if (this.#underWay.size >= OFFERS_AT_ONCE) return;
      if (this.#underWay.has(name)) continue;
      const messages = await this.#offersOf(name);
      if (messages === "too-large") {
        log.write({ kind: "over-limit", holding: name });
        await this.#overLimit(name, "too-many-entries");
        continue;
      }
      if (messages.length === 0) {
        await replica.write([replica.offers.remove(name)], {});
        continue;
      }
      this.#underWay.add(name);
      for (const message of messages) say(message);
    }
  }

  async #offersOf(name: string): Promise<"too-large" | Offer[]> {
    const { replica, recorder, staying } = this.#parts;
    // What is recorded by now is contained; what comes while the data is read follows as an edit of its own.
    await recorder.record();
    const as = this.#offeredAs(name);
    const entries = (await travellingOf(ownerOfOffer(name), this.#parts)).filter((entry) => isPartOf(name, entry));
    if (as === undefined) return [];
    const offers = offerOf({ ...offeredOf(name), entries, as, lastSequence: replica.head.sequence }, this.#parts);
    await staying.note();
    return offers;
  }

  /** The id under which something is offered, and the base in which it was missing. */
  #offeredAs(name: string): OfferedAs | undefined {
    const { item } = offeredOf(name);
    return item === undefined ? this.#parts.replica.head.join : this.#parts.replica.scopes.get(item)?.offer;
  }

  async answered({ join, holding, item, outcome, revision }: OfferAnswer): Promise<void> {
    const { replica } = this.#parts;
    const name = offerName({ holding, item });
    this.#underWay.delete(name);
    if (join !== this.#offeredAs(name)?.id || replica.offers.state(name)?.kind !== "wanted") return;
    switch (outcome) {
      case "accepted":
        await replica.write([replica.offers.set(name, { kind: "accepted", revision })], {});
        return await this.noticeHeld([ownerOfOffer(name)]);
      case "too-many-users":
      case "too-many-entries":
      case "too-many-lists":
        return await this.#overLimit(name, outcome);
      case "owner-removed":
        return await this.#removed(name);
      case "device-specific":
        // All of it stays as this machine's own (P27).
        return await replica.write([replica.offers.remove(name)], {});
      default:
        return await this.#lose(name, outcome);
    }
  }

  /** After the base has moved: what it holds now is not offered any more, whoever supplied it (P19). All owners where none are named. */
  async noticeHeld(owners?: Iterable<Owner>): Promise<void> {
    const { replica } = this.#parts;
    if (replica.isDamaged) return; // What is missing there is not gone.
    const among = owners === undefined ? undefined : new Set(owners);
    for (const [name, state] of replica.offers.all()) {
      const { holding, item } = offeredOf(name);
      const owner = ownerOfOffer(name);
      if (among?.has(owner) === false) continue;
      const record = await this.#inBase(owner);
      const held = record.holdings[item === undefined ? listOf(holding, { owner }) : itemHolding(item)];
      if (held !== undefined)
        await ((await isOfOffer(name, held, this.#offeredAs(name), this.#parts))
          ? this.#end(name, "superseded", [])
          : this.#lose(name, "owner-held"));
      // It was ours, and it was deleted or evicted before this machine had heard of either.
      else if (state.kind === "accepted" && (replica.position?.revision ?? 0) >= state.revision) await this.#removed(name, state.revision);
      // At a rejoin nothing is supplied of an owner who has ended meanwhile (M15).
      else if (item !== undefined && this.#hasEnded(name, record)) await this.#removed(name);
    }
  }

  #hasEnded(name: string, record: OwnerRecord): boolean {
    const base = this.#offeredAs(name)?.base ?? 0;
    return endAgainst(record, ({ revision }) => revision > base) !== undefined;
  }

  /** What the base knows of an owner. */
  async #inBase(owner: Owner): Promise<OwnerRecord> {
    const bytes = await this.#parts.replica.stateRecord(ownerKey(owner));
    return bytes === undefined ? NEW_OWNER : unpackOwner(bytes);
  }

  /** The server's data stands: ours goes to the history, edits of it too. */
  async #lose(name: string, why: LostBecause): Promise<void> {
    const because = why === "owner-held" && offeredOf(name).item !== undefined ? "replaced-at-scope-change" : why;
    const kept: Write[] = [];
    for (const edit of this.#pendingOf(name)) kept.push(...(await keepLostEdit(edit, because, { ...this.#parts, now: undefined })));
    await this.#end(name, because, [...kept, ...this.#dropPending(name)]);
  }

  /** The owner was deleted since (M15): its data leaves this machine as well; edits of it are judged by the server (P22). */
  async #removed(name: string, acceptedAt?: Revision): Promise<void> {
    const { deleted, evicted } = await this.#inBase(ownerOfOffer(name));
    const base = this.#offeredAs(name)?.base ?? 0;
    const isDeleted = deleted !== undefined && deleted.revision > base;
    // What was the server's before it was evicted is in the history there.
    const isKept = acceptedAt !== undefined && evicted !== undefined && evicted.revision > acceptedAt;
    const because = evicted !== undefined && evicted.revision > base ? "owner-evicted" : "owner-removed";
    // What is put to the history before the deletion is heard of is erased when it is (P23).
    await this.#end(name, isDeleted || isKept ? undefined : because, []);
  }

  /** It is on offer no more, and what is visible of it is shown; `keep`: what goes by it is kept in the history as this. */
  async #end(name: string, keep: LostBecause | undefined, batch: readonly Write[]): Promise<void> {
    const { replica, shower } = this.#parts;
    this.#underWay.delete(name);
    await replica.write([replica.offers.remove(name), ...batch], { unshown: keep ?? "show" });
    await shower.showOwner(ownerOfOffer(name), keep);
    await replica.write([], { unshown: undefined });
  }

  /** The data stays on this machine, and is offered again at the next welcome; edits of it are absorbed before anything is pushed. */
  async #overLimit(name: string, word: RefusalWord): Promise<void> {
    const { replica } = this.#parts;
    await replica.write([replica.offers.set(name, { kind: "over-limit", word })], {});
  }

  #dropPending(name: string): Write[] {
    return this.#pendingOf(name).map(({ id }) => this.#parts.replica.pending.remove(id.sequence));
  }

  #pendingOf(name: string): Edit[] {
    return [...this.#parts.replica.pending.all()].flatMap(({ edit }) => (isPartOf(name, edit) ? [edit] : []));
  }

  /** Whether an edit has to wait for the answer to an offer (P19). A deletion in a common list names no list: it waits for all of them. */
  blocks(edit: Edit): boolean {
    const { offers } = this.#parts.replica;
    if (offers.size === 0) return false;
    if (edit.value !== undefined || ownerParts(edit.owner).kind !== "common") return offers.cover(edit);
    return offers.all().some(([name, { kind }]) => kind !== "over-limit" && ownerOfOffer(name) === edit.owner);
  }

  /** Edits of an owner that the server has no room for: they are part of the data that is offered again. */
  async absorbOverLimit(): Promise<void> {
    const { replica } = this.#parts;
    const over = replica.offers.all().filter(([, { kind }]) => kind === "over-limit");
    const writes = over.flatMap(([name]) => this.#dropPending(name));
    if (writes.length > 0) await replica.write(writes, {});
  }
}
