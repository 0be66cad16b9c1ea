/**
 * Group commit: what came while a durable write was under way goes into the next one together; then one message tells
 * everybody the changes, and each author gets its answers.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Edit } from "../../model/entry.ts";
import { type ErrorCode, SyncError } from "../../model/errors.ts";
import type { DeviceId, RunId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Owner } from "../../model/owner.ts";
import { inflateBlock, unpackRecords } from "../../protocol/block.ts";
import { decodeChange, type Removal, type ScopeChange } from "../../protocol/change.ts";
import { decodeEdit, readEditId } from "../../protocol/edit.ts";
import type { Offer, OfferAnswer } from "../../protocol/offer.ts";
import type { Push } from "../../protocol/push.ts";
import type { Answers } from "../../protocol/answers.ts";
import type { Journal, Transaction } from "../../store/journal.ts";
import { ownerKey } from "../../store/keys.ts";
import { isHeld, unpackOwner } from "../../store/records.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { sendBlocks } from "./block-sender.ts";
import { draftOf, EditQueue, type Pushed } from "./edit-queue.ts";
import type { JournalTime } from "./journal-time.ts";
import type { OwnerTable } from "./owner-table.ts";
import type { ScopeTable } from "./scope-table.ts";
import type { Session } from "./session.ts";
import type { ServerVoice } from "./voice.ts";

export interface CommitterParts {
  readonly journal: Journal;
  readonly journalTime: JournalTime;
  readonly owners: OwnerTable;
  readonly scopes: ScopeTable;
  readonly voice: ServerVoice;
  readonly log: CommunicationLog;
  readonly clock: Clock;
  readonly device: DeviceId;
  readonly run: RunId;
  /** Changes from this revision on are still wanted by a transfer. */
  readonly pinned: () => number;
}

type Work =
  | { readonly kind: "push"; readonly session: Session; readonly push: Push; readonly edits: readonly Pushed[] }
  | { readonly kind: "offer"; readonly session: Session; readonly offer: Offer; readonly entries: readonly Edit[] }
  | { readonly kind: "removal"; readonly removal: Removal }
  | { readonly kind: "scopes"; readonly scopes: readonly ScopeChange[] }
  | { readonly kind: "logins"; readonly owners: readonly Owner[] };

/** Answers count on from a sequence: what they come to is a whole number still. */
const SEQUENCE_MAX = Number.MAX_SAFE_INTEGER - LIMITS.pendingMax;
const DAY_MS = 24 * 3600 * 1000;

export class Committer {
  readonly #parts: CommitterParts;
  #work: Work[] = [];
  /** The day of the last login that the journal has of an owner, as far as this run knows. */
  readonly #loginDays = new Map<Owner, number>();
  #sequence = 0;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  push(session: Session, push: Push): void {
    const before = session.lastAnswers;
    if (before !== undefined && push.number <= before.number) {
      if (push.number === before.number) this.#parts.voice.send(session.device, session.id, before);
      return;
    }
    if (this.#work.some((work) => work.kind === "push" && work.session === session)) return;
    const edits = push.edits.map((bytes): Pushed | undefined => this.#read(session, bytes));
    if (edits.every((edit) => edit !== undefined)) this.#work.push({ kind: "push", session, push, edits });
  }

  offer(session: Session, offer: Offer): void {
    let isWhole = true;
    const entries = this.#understood(session, () => {
      const block = session.collect(offer);
      isWhole = block !== undefined;
      return block === undefined ? [] : unpackRecords(inflateBlock(block, offer.deflated, LIMITS.holdingBytesMax));
    });
    if (!isWhole) return;
    if (entries !== "not-understood") this.#work.push({ kind: "offer", session, offer, entries });
    else {
      // An offer that cannot be read has an answer as well, so that the join of a machine with a fault comes to its end.
      const { join, holding, item } = offer;
      const { revision } = this.#parts.journal.position;
      this.#parts.voice.send(session.device, session.id, {
        kind: "offer-answer",
        join,
        holding,
        item,
        outcome: "too-many-entries",
        revision,
      });
    }
  }

  logins(owners: readonly Owner[]): void {
    const day = this.#day();
    const news = owners.filter((owner) => (this.#loginDays.get(owner) ?? 0) < day && this.#parts.owners.holds(owner));
    if (news.length > 0) this.#work.push({ kind: "logins", owners: news });
  }

  async remove(owner: Owner, kind: Removal["kind"]): Promise<void> {
    this.#work.push({ kind: "removal", removal: { owner, kind } });
    await this.flush();
  }

  async setScopes(scopes: readonly ScopeChange[]): Promise<void> {
    this.#work.push({ kind: "scopes", scopes });
    await this.flush();
  }

  /**
   * An edit of a push. One that cannot be read is answered all the same, or it would be pushed for ever. undefined: it is
   * not the machine's own or has no number, which no machine of ours sends; nothing of that push is taken.
   */
  #read(session: Session, bytes: Uint8Array): Pushed | undefined {
    const id = readEditId(bytes);
    if (id === undefined || id.device !== session.device || id.sequence < 1 || id.sequence > SEQUENCE_MAX) {
      this.#complain(session, "message-malformed", "sent edits of another machine, or without a number; they were not taken");
      return undefined;
    }
    try {
      return { id, edit: decodeEdit(bytes) };
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#complain(session, error.code, `sent what is no edit: ${error.message}; it was not taken`);
      return { id, edit: undefined };
    }
  }

  /** Once for each session and kind: what is sent again and again would push everything else out of the log. */
  #complain(session: Session, code: ErrorCode, what: string): void {
    if (session.complaints.has(code)) return;
    session.complaints.add(code);
    this.#parts.log.write("Error", code, `${session.hello.device.deviceName} ${what}`);
  }

  /** The entries that a machine offers, under its own name; of anything else nothing is taken, and the log says so. */
  #understood(session: Session, records: () => readonly Uint8Array[]): Edit[] | "not-understood" {
    try {
      const edits = records().map((bytes) => decodeEdit(bytes));
      if (edits.every(({ id }) => id.device === session.device && id.sequence <= SEQUENCE_MAX)) return edits;
      this.#complain(session, "message-malformed", "offered data of another machine; they were not taken");
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#complain(session, error.code, `offered what is no edit: ${error.message}; it was not taken`);
    }
    return "not-understood";
  }

  /** Commits all that is queued, and tells it. */
  async flush(): Promise<void> {
    if (this.#work.length === 0) return;
    const work = this.#work;
    this.#work = [];
    const { journal, journalTime, owners, scopes, voice } = this.#parts;
    const tell: (() => void)[] = [];
    const committed = await journal.commit(
      journalTime.now(),
      async (transaction) => {
        const queue = new EditQueue(transaction, { ...this.#parts, nextSequence: () => this.#nextSequence() });
        for (const item of work) tell.push(await this.#decide(item, queue, transaction));
        transaction.put(journalTime.write());
      },
      this.#parts.pinned(),
    );
    if (committed.changes.length > 0) {
      const changes = committed.changes.map(decodeChange);
      for (const change of changes) scopes.follow(change.scopes, change.revision);
      const touched = changes.flatMap(({ edits, removals }) => [
        ...edits.map(({ edit }) => edit.owner),
        ...removals.map(({ owner }) => owner),
      ]);
      await owners.follow(journal.view(), touched);
      sendBlocks(committed.changes, committed.first, (body) => voice.broadcast(body));
    }
    for (const say of tell) say();
    this.#warnOfUsers();
  }

  async #decide(work: Work, queue: EditQueue, transaction: Transaction): Promise<() => void> {
    const { voice } = this.#parts;
    switch (work.kind) {
      case "push": {
        const { session, push, edits } = work;
        const answers: Answers = { kind: "answers", number: push.number, answers: await queue.push(session.device, edits) };
        return () => {
          session.lastAnswers = answers;
          voice.send(session.device, session.id, answers);
        };
      }
      case "offer": {
        const answer: OfferAnswer = await queue.offer(work.session.device, work.offer, work.entries);
        return () => voice.send(work.session.device, work.session.id, answer);
      }
      case "removal":
        await transaction.append({ ...draftOf([]), removals: [work.removal] });
        return () => undefined;
      case "scopes":
        await transaction.append({ ...draftOf([]), scopes: work.scopes });
        return () => undefined;
      case "logins":
        await this.#appendLogins(work.owners, transaction);
        return () => undefined;
    }
  }

  async #appendLogins(owners: readonly Owner[], transaction: Transaction): Promise<void> {
    const day = this.#day();
    await transaction.view.load(owners.map(ownerKey));
    const logins = owners.flatMap((owner) => {
      const bytes = transaction.view.get(ownerKey(owner));
      const record = bytes === undefined ? undefined : unpackOwner(bytes);
      if (record === undefined || !isHeld(record)) return [];
      this.#loginDays.set(owner, day);
      return record.lastLoginDay < day ? [{ owner, day }] : [];
    });
    if (logins.length > 0) await transaction.append({ ...draftOf([]), logins });
  }

  #day(): number {
    return Math.floor(this.#parts.journalTime.now() / DAY_MS);
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #warnOfUsers(): void {
    const { owners, log } = this.#parts;
    if (owners.users < LIMITS.usersWarning) return;
    log.write("Warning", "users-near-limit", `the server keeps ${LIMITS.usersWarning} users or more, of at most ${LIMITS.usersMax}`);
  }
}
