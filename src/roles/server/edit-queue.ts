/** Decides the edits of pushes and the offers of joins, one after the other, within a transaction of the journal. */
import { type Accepted, type Edit, entryText, holdingOf } from "../../model/entry.ts";
import type { DeviceId, EditId, RunId } from "../../model/ids.ts";
import { itemOf } from "../../model/item.ts";
import { LIMITS } from "../../model/limits.ts";
import { isPartOf, itemHolding, offerName } from "../../model/offered.ts";
import type { Owner } from "../../model/owner.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Answer } from "../../protocol/answers.ts";
import type { AcceptedEdit } from "../../protocol/change.ts";
import { encodeAccepted } from "../../protocol/edit.ts";
import type { Offer, OfferAnswer } from "../../protocol/offer.ts";
import { listOf } from "../../store/apply-change.ts";
import type { Draft, Transaction } from "../../store/journal.ts";
import { entryKey, ownerKey } from "../../store/keys.ts";
import { NEW_OWNER, type OwnerRecord, type Standing, lastEnd, unpackEntry, unpackOwner } from "../../store/records.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { decide } from "./decide.ts";
import type { OwnerTable } from "./owner-table.ts";
import { Room, serverDeletion } from "./room.ts";
import type { ScopeTable } from "./scope-table.ts";

export interface EditQueueParts {
  readonly owners: OwnerTable;
  readonly scopes: ScopeTable;
  readonly log: CommunicationLog;
  readonly device: DeviceId;
  readonly run: RunId;
  /** Numbers for the edits that the server itself makes. */
  readonly nextSequence: () => number;
}

/** An edit of a push; undefined: it could not be read, which is an answer, too. */
export interface Pushed {
  readonly id: EditId;
  readonly edit: Edit | undefined;
}

export const draftOf = (edits: readonly AcceptedEdit[]): Draft => ({ edits, removals: [], adoption: undefined, logins: [], scopes: [] });

export class EditQueue {
  readonly #transaction: Transaction;
  readonly #parts: EditQueueParts;
  readonly #room: Room;

  constructor(transaction: Transaction, parts: EditQueueParts) {
    this.#transaction = transaction;
    this.#parts = parts;
    this.#room = new Room(transaction.view, parts.owners);
  }

  /** Decides a push: one revision for all that is accepted; what had been decided before is answered alike (P7, P8). */
  async push(device: DeviceId, edits: readonly Pushed[]): Promise<Answer[]> {
    const transaction = this.#transaction;
    const before = await transaction.answers(device);
    const isNew = ({ id }: Pushed) => before.find(id.run, id.sequence, transaction.revision) === undefined;
    const fresh = edits.filter(isNew);
    const { accepted, outcomes } = await this.#decideAll(fresh.flatMap(({ edit }) => edit ?? []));
    const decidedNext = outcomes.values();
    const revision = accepted.length > 0 ? await transaction.append(draftOf(accepted)) : transaction.revision;
    const decided = fresh.map(
      ({ id: { run, sequence }, edit }): Answer => ({
        run,
        sequence,
        outcome: edit === undefined ? "edit-unreadable" : (decidedNext.next().value ?? "superseded"),
        revision,
      }),
    );
    const after = before.after(
      edits.map(({ id }) => id),
      decided,
    );
    transaction.setAnswers(device, after);
    return edits.flatMap(({ id }) => after.find(id.run, id.sequence, revision) ?? []);
  }

  async #decideAll(edits: readonly Edit[]): Promise<{ accepted: AcceptedEdit[]; outcomes: Answer["outcome"][] }> {
    const { view, at, revision } = this.#transaction;
    await view.load(edits.flatMap((edit) => [entryKey(edit), ownerKey(edit.owner)]));
    const accepted: AcceptedEdit[] = [];
    const outcomes: Answer["outcome"][] = [];
    const drafted = new Map<string, Standing>();
    const begun = new Set<Owner>();
    for (const edit of edits) {
      const standing = drafted.get(entryKey(edit)) ?? this.#standing(edit);
      const owner = begun.has(edit.owner) ? begin(this.#owner(edit.owner), revision + 1, edit) : this.#owner(edit.owner);
      const verdict = decide(edit, { standing, owner, shared: this.#parts.scopes.isShared(edit.item), now: at });
      if (verdict.kind !== "accepted") {
        outcomes.push(verdict.kind === "refused" ? verdict.refusal.word : "superseded");
        continue;
      }
      const admitted = await this.#room.admit(verdict.edit);
      if (admitted.kind === "refused") {
        this.#parts.log.refused(entryText(edit), admitted.refusal);
        outcomes.push(admitted.refusal.word);
        continue;
      }
      if (admitted.notice !== undefined) this.#parts.log.write("Warning", "number-moved", `${entryText(edit)}: ${admitted.notice}`);
      const dropped = admitted.dropped.map((name) => serverDeletion(name, this.#ownId(), at, revision));
      for (const made of [admitted.edit, ...dropped]) {
        accepted.push({ edit: made, bytes: encodeAccepted(made) });
        drafted.set(entryKey(made), { revision: revision + 1, edit: made });
      }
      if (edit.value !== undefined) begun.add(edit.owner);
      outcomes.push("accepted");
    }
    return { accepted, outcomes };
  }

  /** Decides a complete offer (M13, M14, M19, P18). */
  async offer(device: DeviceId, offer: Offer, entries: readonly Edit[]): Promise<OfferAnswer> {
    const { view } = this.#transaction;
    const { join, holding, item } = offer;
    const answer = (outcome: OfferAnswer["outcome"], revision: number): OfferAnswer => ({
      kind: "offer-answer",
      join,
      holding,
      item,
      outcome,
      revision,
    });
    const [first] = entries;
    if (first === undefined || entries.some((entry) => !isPartOf(offerName(offer), entry) || entry.value === undefined)) {
      return answer("owner-unknown", this.#transaction.revision);
    }
    const shared = entries.filter((entry) => this.#parts.scopes.isShared(entry.item));
    // The base of the offer is from before the item became shared: it is not known there what stands now.
    const isOld = item !== undefined && offer.baseRevision < this.#parts.scopes.of(item).since;
    if (shared.length === 0 || isOld) return answer("device-specific", this.#transaction.revision);
    await view.load([ownerKey(first.owner), ...shared.map(entryKey)]);
    const record = this.#owner(first.owner);
    const held = record?.holdings[item === undefined ? listOf(holding, first) : itemHolding(item)];
    if (held !== undefined) {
      const alike = held.adopted?.device === device && held.adopted.join === join;
      return alike ? answer("accepted", held.since) : answer("owner-held", held.since);
    }
    const end = record === undefined ? undefined : lastEnd(record);
    if (end !== undefined && end.revision > offer.baseRevision) return answer("owner-removed", end.revision);
    const refusal = this.#room.ownerFits(first.owner) ?? tooMany(shared);
    if (refusal !== undefined) {
      this.#parts.log.refused(holding, refusal);
      return answer(refusal.word, this.#transaction.revision);
    }
    const adopted = await this.#adopt(device, shared);
    if (adopted.length === 0) return answer("owner-held", this.#transaction.revision);
    const draft = { ...draftOf(adopted), adoption: { holding, item, join, device } };
    return answer("accepted", await this.#transaction.append(draft));
  }

  /** Entries of an offer as accepted edits; a key that stands in another list already, or an entry over a limit, is left out. */
  async #adopt(device: DeviceId, entries: readonly Edit[]): Promise<AcceptedEdit[]> {
    const adopted: AcceptedEdit[] = [];
    for (const entry of entries) {
      const standing = this.#standing(entry);
      if (standing !== undefined && standing.edit.value !== undefined) continue;
      const edit: Accepted = { ...entry, id: { ...entry.id, device }, stamp: this.#transaction.at, why: "adopted" };
      const admitted = await this.#room.admit(edit);
      if (admitted.kind === "refused") this.#parts.log.refused(entryText(entry), admitted.refusal);
      else adopted.push({ edit: admitted.edit, bytes: encodeAccepted(admitted.edit) });
    }
    return adopted;
  }

  #standing(edit: Edit): Standing | undefined {
    const record = this.#transaction.view.get(entryKey(edit));
    return record === undefined ? undefined : unpackEntry(record);
  }

  #owner(owner: Owner): OwnerRecord | undefined {
    const record = this.#transaction.view.get(ownerKey(owner));
    return record === undefined ? undefined : unpackOwner(record);
  }

  #ownId(): { device: DeviceId; run: RunId; sequence: number } {
    return { device: this.#parts.device, run: this.#parts.run, sequence: this.#parts.nextSequence() };
  }
}

/** An owner that an earlier edit of the same push has begun. */
function begin(record: OwnerRecord | undefined, revision: number, edit: Edit): OwnerRecord {
  const begun = record ?? NEW_OWNER;
  return { ...begun, holdings: { ...begun.holdings, [listOf(holdingOf(edit), edit)]: { since: revision, adopted: undefined } } };
}

function tooMany(entries: readonly Edit[]): Refusal | undefined {
  const counts = new Map<string, number>();
  for (const { item } of entries) counts.set(item, (counts.get(item) ?? 0) + 1);
  for (const [item, count] of counts) {
    const max = itemOf(item)?.entriesMax ?? LIMITS.commonAddressesMax;
    if (count > max) return { word: "too-many-entries", entriesMax: max };
  }
  return undefined;
}
