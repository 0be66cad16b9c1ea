/** A join (M12-M14): what this machine holds that the server does not, and offering it whole. */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage, Write } from "../../../hal/storage.ts";
import { type Edit, type EntryChange, holdingOf } from "../../model/entry.ts";
import type { DeviceId, JoinId, RunId } from "../../model/ids.ts";
import { joinId } from "../../model/ids.ts";
import { itemOf } from "../../model/item.ts";
import { type Owner, ownerParts } from "../../model/owner.ts";
import { type Random, randomHex } from "../../model/random.ts";
import { deflateBlock, packRecords, pieces } from "../../protocol/block.ts";
import { encodeEdit } from "../../protocol/edit.ts";
import type { Offer, OfferAnswer } from "../../protocol/offer.ts";
import { listOf } from "../../store/apply-change.ts";
import { keepLost, type LostBecause } from "../../store/history.ts";
import { ownerKey } from "../../store/keys.ts";
import { unpackOwner } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import type { CommunicationLog } from "../communication-log.ts";
import type { MachineStores } from "./machine-stores.ts";
import type { Recorder } from "./recorder.ts";
import type { Shower } from "./shower.ts";
import { type Travel, travelling } from "./travel.ts";

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
    const { replica, recorder, random } = this.#parts;
    await recorder.record();
    const missing = await this.#missingIn();
    const batch: Write[] = [...replica.pending.all()].map(({ edit }) => replica.pending.remove(edit.id.sequence));
    for (const [holding] of replica.offers.all()) batch.push(replica.offers.remove(holding));
    for (const holding of missing) batch.push(replica.offers.set(holding, { kind: "wanted" }));
    const id: JoinId = joinId(randomHex(random, 8));
    const base = replica.head.transfer?.position.revision ?? 0;
    await replica.switchBase(batch, { join: { id, base }, unshown: "keep" });
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
    const { replica } = this.#parts;
    for (const holding of replica.offers.wanted()) {
      if (this.#underWay.size >= OFFERS_AT_ONCE) return;
      if (this.#underWay.has(holding)) continue;
      const messages = await this.#offersOf(holding);
      if (messages.length === 0) {
        await replica.write([replica.offers.remove(holding)], {});
        continue;
      }
      this.#underWay.add(holding);
      for (const message of messages) say(message);
    }
  }

  async #offersOf(holding: string): Promise<Offer[]> {
    const { replica, recorder, travel, device, run, log } = this.#parts;
    // What is recorded by now is contained; what comes while the data is read follows as an edit of its own.
    await recorder.record();
    const lastSequence = replica.head.sequence;
    const entries = (await this.#travelling(ownerOfHolding(holding))).filter((entry) => holdingOf(entry) === holding);
    if (entries.length === 0) return [];
    const id = { device, run, sequence: lastSequence };
    const editOf = (entry: EntryChange): Edit => ({
      ...entry,
      id,
      value: travel.outgoing(entry),
      seen: 0,
      stamp: 0,
      certain: true,
      by: "",
    });
    const edits = entries.flatMap((entry) => travelling(() => encodeEdit(editOf(entry)), entry, log) ?? []);
    if (edits.length === 0) return [];
    const { deflated, bytes } = deflateBlock(packRecords(edits));
    const slices = pieces(bytes);
    const { join } = replica.head;
    if (join === undefined) return [];
    return slices.map((slice, part) => ({
      kind: "offer",
      join: join.id,
      holding,
      baseRevision: join.base,
      lastSequence,
      part,
      of: slices.length,
      deflated,
      bytes: slice,
    }));
  }

  async answered({ join, holding, outcome, revision }: OfferAnswer): Promise<void> {
    const { replica } = this.#parts;
    this.#underWay.delete(holding);
    if (join !== replica.head.join?.id || replica.offers.state(holding)?.kind !== "wanted") return;
    switch (outcome) {
      case "accepted":
        if ((replica.position?.revision ?? 0) >= revision) return await this.#win(holding);
        return await replica.write([replica.offers.set(holding, { kind: "accepted", revision })], {});
      case "too-many-users":
      case "too-many-entries":
        return await replica.write([replica.offers.set(holding, { kind: "over-limit", word: outcome }), ...this.#dropPending(holding)], {});
      default:
        return await this.#lose(holding, outcome);
    }
  }

  /** After changes: an owner that the base holds now is not offered any more, whoever supplied it (P19). */
  async noticeHeld(owners: Iterable<Owner>): Promise<void> {
    const { replica, device } = this.#parts;
    for (const owner of new Set(owners)) {
      const open = replica.offers.all().filter(([holding, { kind }]) => kind !== "over-limit" && ownerOfHolding(holding) === owner);
      const wanted = open.map(([holding]) => holding);
      if (wanted.length === 0) continue;
      const record = await replica.stateRecord(ownerKey(owner));
      const holdings = record === undefined ? {} : unpackOwner(record).holdings;
      for (const holding of wanted) {
        const held = holdings[ownerParts(owner).kind === "common" ? holding.slice(owner.length + 1) : ""];
        if (held?.adopted?.device === device && held.adopted.join === replica.head.join?.id) await this.#win(holding);
        else if (held !== undefined) await this.#lose(holding, "owner-held");
      }
    }
  }

  /** Our data is the server's now; where the server had to change it (a number that was taken), its form is shown. */
  async #win(holding: string): Promise<void> {
    const { replica, shower } = this.#parts;
    this.#underWay.delete(holding);
    await replica.write([replica.offers.remove(holding)], {});
    await shower.showOwner(ownerOfHolding(holding), "superseded");
  }

  /** The server's data stands: ours goes to the history, edits of it too. */
  async #lose(holding: string, because: LostBecause): Promise<void> {
    const { replica, clock, shower } = this.#parts;
    const wallMs = clock.wallMs();
    const edits = this.#pendingOf(holding);
    const kept = edits.map((edit) => keepLost({ ...edit, because, stamp: edit.stamp, wallMs }, edit.id.sequence));
    await replica.write([replica.offers.remove(holding), ...kept, ...this.#dropPending(holding)], { unshown: "keep" });
    await shower.showOwner(ownerOfHolding(holding), because);
    await replica.write([], { unshown: undefined });
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
    return offers.all().some(([holding]) => ownerOfHolding(holding) === edit.owner);
  }

  /** Edits of an owner that the server has no room for: they are part of the data that is offered again. */
  async absorbOverLimit(): Promise<void> {
    const { replica } = this.#parts;
    const over = replica.offers.all().filter(([, { kind }]) => kind === "over-limit");
    const writes = over.flatMap(([holding]) => this.#dropPending(holding));
    if (writes.length > 0) await replica.write(writes, {});
  }
}
