/** A join (M12-M14): what this machine holds that the server does not, and offering it whole. */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { type Edit, type EntryChange, holdingOf } from "../../model/entry.ts";
import { type DeviceId, joinId, type RunId } from "../../model/ids.ts";
import { itemOf } from "../../model/item.ts";
import type { LostBecause } from "../../model/lost.ts";
import { type Owner, ownerParts } from "../../model/owner.ts";
import { type Random, randomHex } from "../../model/random.ts";
import type { RefusalWord } from "../../model/refusal.ts";
import type { Offer, OfferAnswer } from "../../protocol/offer.ts";
import { listOf } from "../../store/apply-change.ts";
import { ownerKey } from "../../store/keys.ts";
import { type Holding, NEW_OWNER, type OwnerRecord, unpackOwner } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { keepLostEdit } from "./lost-edit.ts";
import type { MachineStores } from "./machine-stores.ts";
import { offerOf } from "./offer-of.ts";
import type { Recorder } from "./recorder.ts";
import type { Shower } from "./shower.ts";
import type { Travel } from "./travel.ts";

export interface JoinerParts {
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

/** The owner of a holding. */
export const ownerOfHolding = (holding: string): Owner => (holding.startsWith("common/") ? "common" : holding) as Owner;

export class Joiner {
  readonly #parts: JoinerParts;
  readonly #underWay = new Set<string>();

  constructor(parts: JoinerParts) {
    this.#parts = parts;
  }

  /**
   * The transferred base becomes visible at a join: in the same write everything of this machine that the base lacks is
   * put down to be offered, and the edits made so far become data of the join (P17, P20).
   */
  async switchAtJoin(): Promise<void> {
    const { replica, stores, random } = this.#parts;
    // Not recorded first: there may be more of them than can be pending, and all of them are data of the join.
    const mark = Math.max(stores.mark(), replica.head.mark);
    const missing = await this.#missingIn();
    const batch: Write[] = [...replica.pending.all()].map(({ edit }) => replica.pending.remove(edit.id.sequence));
    for (const [holding] of replica.offers.all()) batch.push(replica.offers.remove(holding));
    for (const holding of missing) batch.push(replica.offers.set(holding, { kind: "wanted" }));
    const id = joinId(randomHex(random, 8));
    const base = replica.head.transfer?.position.revision ?? 0;
    await replica.switchBase(batch, { join: { id, base }, mark, unshown: "keep" });
  }

  /** Holdings of this machine that the arriving base does not hold. */
  async #missingIn(): Promise<string[]> {
    const { replica, stores } = this.#parts;
    const base = await replica.owners(true);
    const missing = new Set<string>();
    for (const owner of await stores.owners()) {
      for (const entry of await this.#travelling(owner)) {
        const holding = holdingOf(entry);
        if (base.get(owner)?.holdings[listOf(holding, entry)] === undefined) missing.add(holding);
      }
    }
    return [...missing].sort();
  }

  async #travelling(owner: Owner): Promise<EntryChange[]> {
    const entries = await this.#parts.stores.read(owner);
    return entries.filter(({ item }) => itemOf(item) !== undefined && this.#parts.travel.isShared(item));
  }

  /** The connection broke: what was under way is offered again. */
  forgetUnderWay(): void {
    this.#underWay.clear();
  }

  /** Offers that a limit of the server had refused are tried again, at each welcome. */
  async retryOverLimit(): Promise<void> {
    const { replica } = this.#parts;
    const again = replica.offers.all().filter(([, { kind }]) => kind === "over-limit");
    if (again.length > 0)
      await replica.write(
        again.map(([holding]) => replica.offers.set(holding, { kind: "wanted" })),
        {},
      );
  }

  /** Sends offers that are wanted and not under way. */
  async offer(say: (offer: Offer) => void): Promise<void> {
    const { replica, log } = this.#parts;
    for (const holding of replica.offers.wanted()) {
      if (this.#underWay.size >= OFFERS_AT_ONCE) return;
      if (this.#underWay.has(holding)) continue;
      const messages = await this.#offersOf(holding);
      if (messages === "too-large") {
        log.write("Error", "too-many-entries", `${holding} has more data than the server machine takes; it stays on this machine`);
        await this.#overLimit(holding, "too-many-entries");
        continue;
      }
      if (messages.length === 0) {
        await replica.write([replica.offers.remove(holding)], {});
        continue;
      }
      this.#underWay.add(holding);
      for (const message of messages) say(message);
    }
  }

  async #offersOf(holding: string): Promise<"too-large" | Offer[]> {
    const { replica, recorder } = this.#parts;
    // What is recorded by now is contained; what comes while the data is read follows as an edit of its own.
    await recorder.record();
    const { sequence: lastSequence, join } = replica.head;
    const entries = (await this.#travelling(ownerOfHolding(holding))).filter((entry) => holdingOf(entry) === holding);
    return join === undefined ? [] : offerOf({ holding, entries, join, lastSequence }, this.#parts);
  }

  async answered({ join, holding, outcome, revision }: OfferAnswer): Promise<void> {
    const { replica } = this.#parts;
    this.#underWay.delete(holding);
    if (join !== replica.head.join?.id || replica.offers.state(holding)?.kind !== "wanted") return;
    switch (outcome) {
      case "accepted":
        await replica.write([replica.offers.set(holding, { kind: "accepted", revision })], {});
        return await this.noticeHeld([ownerOfHolding(holding)]);
      case "too-many-users":
      case "too-many-entries":
        return await this.#overLimit(holding, outcome);
      case "owner-removed":
        return await this.#removed(holding);
      default:
        return await this.#lose(holding, outcome);
    }
  }

  /** After the base has moved: what it holds now is not offered any more, whoever supplied it (P19). All owners where none are named. */
  async noticeHeld(owners?: Iterable<Owner>): Promise<void> {
    const { replica } = this.#parts;
    const among = owners === undefined ? undefined : new Set(owners);
    for (const [holding, state] of replica.offers.all()) {
      const owner = ownerOfHolding(holding);
      if (among?.has(owner) === false) continue;
      const held = (await this.#inBase(owner)).holdings[listOf(holding, { owner })];
      if (held !== undefined) await (this.#isOurs(held) ? this.#end(holding, "superseded", []) : this.#lose(holding, "owner-held"));
      // It was ours, and it was deleted before this machine had heard of either.
      else if (state.kind === "accepted" && (replica.position?.revision ?? 0) >= state.revision) await this.#removed(holding);
    }
  }

  /** What the base knows of an owner. */
  async #inBase(owner: Owner): Promise<OwnerRecord> {
    const bytes = await this.#parts.replica.stateRecord(ownerKey(owner));
    return bytes === undefined ? NEW_OWNER : unpackOwner(bytes);
  }

  #isOurs({ adopted }: Holding): boolean {
    return adopted?.device === this.#parts.device && adopted.join === this.#parts.replica.head.join?.id;
  }

  /** The server's data stands: ours goes to the history, edits of it too. */
  async #lose(holding: string, because: LostBecause): Promise<void> {
    const kept: Write[] = [];
    for (const edit of this.#pendingOf(holding)) kept.push(...(await keepLostEdit(edit, because, { ...this.#parts, now: undefined })));
    await this.#end(holding, because, [...kept, ...this.#dropPending(holding)]);
  }

  /** The owner was deleted since (M15): its data leaves this machine as well; edits of it are judged by the server (P22). */
  async #removed(holding: string): Promise<void> {
    const { deleted } = await this.#inBase(ownerOfHolding(holding));
    const isKnown = deleted !== undefined && deleted.revision > (this.#parts.replica.head.join?.base ?? 0);
    // What is put to the history before the deletion is heard of is erased when it is (P23).
    await this.#end(holding, isKnown ? undefined : "owner-removed", []);
  }

  /** The holding is on offer no more, and what is visible of it is shown; `keep`: what goes by it is kept in the history as this. */
  async #end(holding: string, keep: LostBecause | undefined, batch: readonly Write[]): Promise<void> {
    const { replica, shower } = this.#parts;
    this.#underWay.delete(holding);
    await replica.write([replica.offers.remove(holding), ...batch], { unshown: keep === undefined ? "show" : "keep" });
    await shower.showOwner(ownerOfHolding(holding), keep);
    await replica.write([], { unshown: undefined });
  }

  /** The data stays on this machine, edits of it being part of it, and is offered again at the next welcome. */
  async #overLimit(holding: string, word: RefusalWord): Promise<void> {
    const { replica } = this.#parts;
    await replica.write([replica.offers.set(holding, { kind: "over-limit", word }), ...this.#dropPending(holding)], {});
  }

  #dropPending(holding: string): Write[] {
    return this.#pendingOf(holding).map(({ id }) => this.#parts.replica.pending.remove(id.sequence));
  }

  #pendingOf(holding: string): Edit[] {
    return [...this.#parts.replica.pending.all()].flatMap(({ edit }) => (holdingOf(edit) === holding ? [edit] : []));
  }

  /** Whether an edit has to wait for the answer to an offer (P19). A deletion in a common list names no list: it waits for all of them. */
  blocks(edit: Edit): boolean {
    const { offers } = this.#parts.replica;
    if (offers.size === 0) return false;
    if (edit.value !== undefined || ownerParts(edit.owner).kind !== "common") return offers.has(holdingOf(edit));
    return offers.all().some(([holding, { kind }]) => kind !== "over-limit" && ownerOfHolding(holding) === edit.owner);
  }

  /** Edits of an owner that the server has no room for: they are part of the data that is offered again. */
  async absorbOverLimit(): Promise<void> {
    const { replica } = this.#parts;
    const over = replica.offers.all().filter(([, { kind }]) => kind === "over-limit");
    const writes = over.flatMap(([holding]) => this.#dropPending(holding));
    if (writes.length > 0) await replica.write(writes, {});
  }
}
