/** Decides the edits of pushes and the offers of joins, one after the other, within a transaction of the journal. */
import type { MaxUsersPolicy } from "../../../hal/restrictions.ts";
import type { Config } from "../../model/config.ts";
import { dayOf } from "../../model/day.ts";
import type { Accepted, Edit } from "../../model/entry.ts";
import type { DeviceId, EditId, Revision, RunId } from "../../model/ids.ts";
import { isPartOf, itemHolding, offerName } from "../../model/offered.ts";
import type { Owner } from "../../model/owner.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Answer } from "../../protocol/answers.ts";
import type { AcceptedEdit } from "../../protocol/change.ts";
import { type Came, encodeAccepted, encodeAcceptedAsCame } from "../../protocol/edit.ts";
import type { Offer, OfferAnswer } from "../../protocol/offer.ts";
import { listOf } from "../../store/apply-change.ts";
import type { DeviceAnswers } from "../../store/device-answers.ts";
import { type Draft, draftOf } from "../../store/draft.ts";
import type { Transaction } from "../../store/journal.ts";
import { entryKey, ownerKey } from "../../store/keys.ts";
import { endAgainst, type OwnerRecord, type Standing } from "../../store/records.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { broughtBefore } from "./brought-before.ts";
import { type Drafting, tellDrafted, withList } from "./drafting.ts";
import { decide, decidedElsewhere, type Facts } from "./decide.ts";
import { appendEvicting, type Eviction } from "./evicting.ts";
import { Newcomers } from "./newcomers.ts";
import type { OwnerTable } from "./owner-table.ts";
import type { Pushed } from "./edit-reader.ts";
import { type Admitted, Room, serverDeletion, tooMany } from "./room.ts";
import type { ScopeTable } from "./scope-table.ts";
import type { ServerHistory } from "./server-history.ts";

export interface EditQueueParts {
  readonly owners: OwnerTable;
  readonly scopes: ScopeTable;
  readonly log: CommunicationLog;
  readonly history: ServerHistory;
  readonly config: Pick<Config, "usersMax" | "capacities">;
  readonly policy: MaxUsersPolicy;
  /** Who is logged in anywhere. */
  readonly loggedIn: ReadonlySet<Owner>;
  readonly device: DeviceId;
  readonly run: RunId;
  /** Numbers for the edits that the server itself makes. */
  readonly nextSequence: () => number;
}

type Settled = readonly [outcome: OfferAnswer["outcome"], revision: Revision];

/** What became of an edit. */
interface Outcome {
  readonly id: EditId;
  readonly outcome: Answer["outcome"];
}

export class EditQueue {
  /** Who had to go in this transaction. */
  readonly evictions: Eviction[] = [];
  readonly #transaction: Transaction;
  readonly #parts: EditQueueParts;
  readonly #room: Room;
  readonly #newcomers: Newcomers;

  constructor(transaction: Transaction, parts: EditQueueParts) {
    const { owners, config, policy, loggedIn } = parts;
    const { usersMax } = config;
    this.#transaction = transaction;
    this.#parts = parts;
    this.#room = new Room(transaction.view, parts);
    this.#newcomers = new Newcomers({ owners, usersMax, policy, loggedIn, today: dayOf(transaction.at) });
  }

  /**
   * Decides a push: one revision for all that is accepted; what had been decided before is answered alike (P7, P8). What
   * follows the second new user that somebody would have to make room for is not answered: it comes with the next push.
   */
  async push(device: DeviceId, edits: readonly Pushed[]): Promise<Answer[]> {
    const transaction = this.#transaction;
    const before = await transaction.answers(device);
    const isNew = ({ id }: Pushed) => before.find(id.run, id.sequence, transaction.revision) === undefined;
    const fresh = edits.filter(isNew);
    const { accepted, outcomes } = await this.#decideAll(fresh, before);
    const revision = accepted.length > 0 ? await this.#append(draftOf(accepted)) : transaction.revision;
    const decided = outcomes.map(({ id: { run, sequence }, outcome }): Answer => ({ run, sequence, outcome, revision }));
    const after = before.after(
      edits.map(({ id }) => id),
      decided,
      transaction.laterEpoch,
    );
    transaction.setAnswers(device, after);
    return edits.flatMap(({ id }) => after.find(id.run, id.sequence, revision) ?? []);
  }

  async #decideAll(
    pushed: readonly Pushed[],
    before: DeviceAnswers,
  ): Promise<{ readonly accepted: AcceptedEdit[]; readonly outcomes: Outcome[] }> {
    const edits = pushed.flatMap(({ came }) => came?.edit ?? []);
    await this.#transaction.view.load(edits.flatMap((edit) => [entryKey(edit), ownerKey(edit.owner)]));
    this.#newcomers.startChange();
    const drafting: Drafting = { accepted: [], standing: new Map(), begun: new Set(), refused: [], moved: [] };
    const outcomes: Outcome[] = [];
    const brought = broughtBefore(edits, (edit) => this.#standing(edit));
    const decided = (came: Came) => {
      const { edit } = came;
      if (brought.has(edit)) return "accepted";
      if (before.wasDecidedElsewhere(edit.id.run, edit.id.sequence)) return decidedElsewhere(edit, this.#facts(edit, drafting));
      return this.#decide(came, drafting, outcomes.length > 0);
    };
    for (const { id, came } of pushed) {
      const outcome = came === undefined ? "edit-unreadable" : await decided(came);
      if (outcome === "wait") break;
      outcomes.push({ id, outcome });
    }
    tellDrafted(this.#parts.log, drafting);
    return { accepted: drafting.accepted, outcomes };
  }

  #facts(edit: Edit, { standing, begun }: Drafting): Facts {
    const owner = this.#owner(edit.owner);
    return {
      standing: standing.get(entryKey(edit)) ?? this.#standing(edit),
      owner: begun.has(edit.owner) ? withList(owner, edit, this.#transaction.revision + 1) : owner,
      shared: this.#parts.scopes.isShared(edit.item),
      now: this.#transaction.at,
    };
  }

  async #decide(came: Came, drafting: Drafting, isLater: boolean): Promise<Answer["outcome"] | "wait"> {
    const { edit } = came;
    const { accepted, standing, begun } = drafting;
    const { at, revision } = this.#transaction;
    const verdict = decide(edit, this.#facts(edit, drafting));
    if (verdict.kind !== "accepted") return verdict.kind === "refused" ? verdict.refusal.word : "superseded";
    const found = this.#room.look(verdict.edit);
    const admitted = this.#admit(found instanceof Promise ? await found : found, isLater);
    if (admitted.kind === "wait") return "wait";
    if (admitted.kind === "refused") {
      drafting.refused.push({ edit, refusal: admitted.refusal });
      return admitted.refusal.word;
    }
    if (admitted.moved !== undefined) drafting.moved.push({ edit, ...admitted.moved });
    const dropped = admitted.dropped.map((name) => serverDeletion(name, this.#ownId(), at, revision));
    for (const made of [admitted.edit, ...dropped]) {
      accepted.push({ edit: made, bytes: encodeAcceptedAsCame(made, came) });
      standing.set(entryKey(made), { revision: revision + 1, edit: made });
    }
    if (edit.value !== undefined) begun.add(edit.owner);
    return "accepted";
  }

  /**
   * Takes an edit that wins, if there is room for it and its owner. "wait": its turn comes with the next change, as this one
   * does something already.
   */
  #admit(admitted: Admitted, isLater: boolean): Admitted | { readonly kind: "wait" } {
    if (admitted.kind === "refused") return admitted;
    const { owner } = admitted.edit;
    const place = this.#newcomers.look(owner, isLater);
    if (place.kind !== "fits") return place;
    this.#newcomers.take(owner, place);
    this.#room.take(admitted);
    return admitted;
  }

  /** Appends a change, with whoever makes room for it. */
  async #append(draft: Draft): Promise<Revision> {
    const victim = this.#newcomers.settle();
    const { revision, evictions } = await appendEvicting(draft, victim, this.#transaction, this.#parts.history);
    this.evictions.push(...evictions);
    return revision;
  }

  /** Decides a complete offer (M13, M14, M19, P18). */
  async offer(device: DeviceId, offer: Offer, entries: readonly Edit[]): Promise<OfferAnswer> {
    const { join, holding, item } = offer;
    const answer = (...[outcome, revision]: Settled): OfferAnswer => ({ kind: "offer-answer", join, holding, item, outcome, revision });
    const [first] = entries;
    if (first === undefined || entries.some((entry) => !isPartOf(offerName(offer), entry) || entry.value === undefined)) {
      return answer("owner-unknown", this.#transaction.revision);
    }
    const shared = entries.filter((entry) => this.#parts.scopes.isShared(entry.item));
    const settled = await this.#settled(device, offer, first, shared);
    if (settled !== undefined) return answer(...settled);
    this.#newcomers.startChange();
    const place = this.#newcomers.look(first.owner, false);
    const refusal = place.kind === "refused" ? place.refusal : tooMany(shared, this.#parts.config);
    if (refusal !== undefined) {
      this.#parts.log.refused({ of: "holding", holding }, refusal);
      return answer(refusal.word, this.#transaction.revision);
    }
    const { adopted, refused } = await this.#adopt(device, shared);
    const [why] = refused;
    if (why !== undefined) this.#parts.log.refused({ of: "holding", holding, entries: [refused.length, shared.length] }, why);
    if (adopted.length === 0) return answer(why?.word ?? "owner-held", this.#transaction.revision);
    if (place.kind === "fits") this.#newcomers.take(first.owner, place);
    const draft = { ...draftOf(adopted), adoption: { holding, item, join, device } };
    return answer("accepted", await this.#append(draft));
  }

  /** What an offer comes to by what stands already; undefined: it is taken, if there is room. */
  async #settled(device: DeviceId, offer: Offer, first: Edit, shared: readonly Edit[]): Promise<Settled | undefined> {
    const { join, holding, item } = offer;
    const scope = item === undefined ? undefined : this.#parts.scopes.of(item);
    // The base of the offer is from before the item became shared: it is not known there what stands now.
    const isOld = scope !== undefined && offer.baseRevision < scope.since;
    if (shared.length === 0 || isOld) return ["device-specific", this.#transaction.revision];
    // What was always shared goes with its owner: an offer of one item is no way around a join (M12).
    if (scope?.renewed === 0) return ["owner-held", this.#transaction.revision];
    await this.#transaction.view.load([ownerKey(first.owner), ...shared.map(entryKey)]);
    const record = this.#owner(first.owner);
    const held = record?.holdings[item === undefined ? listOf(holding, first) : itemHolding(item)];
    if (held !== undefined) {
      const alike = held.adopted?.device === device && held.adopted.join === join;
      return [alike ? "accepted" : "owner-held", held.since];
    }
    const end = record === undefined ? undefined : endAgainst(record, ({ revision }) => revision > offer.baseRevision);
    return end === undefined ? undefined : [end.word, end.revision];
  }

  /** Entries of an offer as accepted edits; a key that stands in another list already, or an entry over a limit, is left out. */
  async #adopt(device: DeviceId, entries: readonly Edit[]): Promise<{ readonly adopted: AcceptedEdit[]; readonly refused: Refusal[] }> {
    const adopted: AcceptedEdit[] = [];
    const refused: Refusal[] = [];
    for (const entry of entries) {
      const standing = this.#standing(entry);
      if (standing !== undefined && standing.edit.value !== undefined) continue;
      const edit: Accepted = { ...entry, id: { ...entry.id, device }, stamp: this.#transaction.at, why: "adopted" };
      const admitted = await this.#room.look(edit);
      if (admitted.kind === "refused") {
        refused.push(admitted.refusal);
        continue;
      }
      this.#room.take(admitted);
      adopted.push({ edit: admitted.edit, bytes: encodeAccepted(admitted.edit) });
    }
    return { adopted, refused };
  }

  #standing(edit: Edit): Standing | undefined {
    return this.#transaction.view.entry(entryKey(edit));
  }

  #owner(owner: Owner): OwnerRecord | undefined {
    return this.#transaction.view.owner(ownerKey(owner));
  }

  #ownId(): { device: DeviceId; run: RunId; sequence: number } {
    return { device: this.#parts.device, run: this.#parts.run, sequence: this.#parts.nextSequence() };
  }
}
