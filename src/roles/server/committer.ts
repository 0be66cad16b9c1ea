/**
 * Group commit: what came while a durable write was under way goes into the next one together; then one message tells
 * everybody the changes, and each author gets its answers.
 */
import type { Write } from "../../../hal/storage.ts";
import type { PutBackOutcome } from "../../../hal/services/history.ts";
import { dayOf } from "../../model/day.ts";
import { LIMITS } from "../../model/limits.ts";
import { COMMON, type Owner } from "../../model/owner.ts";
import { mandateOf } from "../../model/lineage.ts";
import type { Refusal } from "../../model/refusal.ts";
import { inflateBlock, unpackRecords } from "../../protocol/block.ts";
import type { ScopeChange } from "../../protocol/change.ts";
import type { Offer, OfferAnswer } from "../../protocol/offer.ts";
import type { Bring } from "../../protocol/bring.ts";
import type { Push } from "../../protocol/push.ts";
import type { Answers } from "../../protocol/answers.ts";
import type { Kept } from "../../store/history.ts";
import { draftOf } from "../../store/draft.ts";
import type { Transaction } from "../../store/journal.ts";
import { sendBlocks } from "./block-sender.ts";
import type { CommitterParts } from "./committer-parts.ts";
import { EditQueue, type EditQueueParts } from "./edit-queue.ts";
import type { Eviction } from "./evicting.ts";
import { EditReader, type Pushed, type Talker } from "./edit-reader.ts";
import { Homecoming } from "./homecoming.ts";
import { newLogins } from "./logins.ts";
import { Purger } from "./purger.ts";
import type { Session } from "./session.ts";
import { type PutBackDone, putBack } from "./put-back.ts";
import { ServerHistory } from "./server-history.ts";
import { nextTurn, type Work } from "./work.ts";

export class Committer {
  readonly #parts: CommitterParts;
  readonly #history: ServerHistory;
  readonly #purger: Purger;
  readonly #reader: EditReader;
  #work: Work[] = [];
  #sequence = 0;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
    this.#history = new ServerHistory(parts);
    this.#purger = new Purger(parts);
    this.#reader = new EditReader(parts);
  }

  /** Called with each beat: what is kept for a time only goes when it is over, with the next write. */
  async tidy(): Promise<void> {
    this.#parts.snapshotParts.tidy();
    await this.#history.trim(this.#parts.journalTime.now());
    const purges = await this.#purger.next();
    if (purges.length > 0) this.#work.push({ kind: "change", what: { purges } });
  }

  push(session: Session, push: Push): void {
    const before = session.lastAnswers;
    if (before !== undefined && push.number <= before.number) {
      if (push.number === before.number) this.#parts.voice.send(session.device, session.id, before);
      return;
    }
    if (this.#work.some((work) => work.kind === "push" && work.session === session)) return;
    const edits = push.edits.map((bytes): Pushed | undefined => this.#reader.pushed(session, bytes));
    if (edits.every((edit) => edit !== undefined)) this.#work.push({ kind: "push", session, push, edits });
  }

  offer(session: Session, offer: Offer): void {
    let isWhole = true;
    const entries = this.#reader.offered(session, () => {
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

  /** What a machine has beyond the parting from the journal that is lost (B06); nothing where this server's epoch began otherwise. */
  bring(session: Session, bring: Bring): void {
    this.#bring(session, bring, () => this.#parts.voice.send(session.device, session.id, { kind: "brought", number: bring.number }));
  }

  /** What the machine that was the server before has beyond the parting. */
  async inherit(from: Talker, bring: Bring): Promise<void> {
    this.#bring(from, bring, () => undefined);
    await this.flush();
  }

  #bring(from: Talker, { common, bytes }: Bring, done: () => void): void {
    const isHeir = this.#parts.journal.lineage.at(-1)?.born === "promotion";
    this.#work.push({ kind: "bring", common, records: isHeir ? this.#reader.brought(from, bytes) : [], done });
  }

  logins(owners: readonly Owner[]): void {
    const day = this.#day();
    const news = owners.filter((owner) => (this.#parts.owners.daysOf(owner)?.lastLoginDay ?? day) < day);
    if (news.length > 0) this.#work.push({ kind: "logins", owners: news });
  }

  /** M15; whoever is logged in begins anew. */
  async delete(owner: Owner): Promise<Refusal | "done"> {
    if (owner === COMMON) return { word: "common-kept" };
    if (!this.#parts.owners.holds(owner)) return { word: "owner-unknown" };
    this.#work.push({ kind: "removal", owner });
    await this.flush();
    this.#parts.log.write({ kind: "owner-deleted", owner });
    return "done";
  }

  async setScopes(scopes: readonly ScopeChange[]): Promise<void> {
    this.#work.push({ kind: "change", what: { scopes } });
    await this.flush();
  }

  /** Whether something is queued. */
  get isDue(): boolean {
    return this.#work.length > 0;
  }

  /** Commits all that is queued, and tells it. */
  async flush(): Promise<void> {
    while (this.isDue) await this.flushTurn();
  }

  /** Commits what goes into one write of what is queued, and tells it. */
  async flushTurn(): Promise<void> {
    const { turn, left } = nextTurn(this.#work);
    this.#work = left;
    if (turn.length > 0) await this.#flushSome(turn);
  }

  async #flushSome(work: readonly Work[]): Promise<void> {
    const tell: (() => void)[] = [];
    const decide = async (transaction: Transaction) => {
      const queue = new EditQueue(transaction, this.#queueParts());
      for (const item of work) tell.push(await this.#decide(item, queue, transaction));
      return queue.evictions;
    };
    await this.#commit(decide, tell);
  }

  /** Puts back these records of the server's history, in a write of its own. */
  async putBack(owner: Owner, records: readonly Kept[], also: readonly Write[]): Promise<Refusal | PutBackOutcome> {
    await this.flush();
    let outcome: Refusal | PutBackDone = { entries: 0, evictions: [] };
    await this.#commit(async (transaction) => {
      outcome = await putBack(owner, records, transaction, { ...this.#queueParts(), clock: this.#parts.clock });
      if ("word" in outcome) return [];
      for (const write of also) transaction.put(write);
      return outcome.evictions;
    });
    return outcome;
  }

  /**
   * One durable write; then everybody hears of its changes, and each author of what became of its own in the same turn, so that both
   * leave together. `decide` gives who had to go by it.
   */
  async #commit(decide: (transaction: Transaction) => Promise<readonly Eviction[]>, tell: readonly (() => void)[] = []): Promise<void> {
    const { journal, journalTime, owners, scopes, sessions, snapshotParts, voice } = this.#parts;
    const evictions: Eviction[] = [];
    const committed = await journal.commit(
      journalTime.now(),
      async (transaction) => {
        evictions.push(...(await decide(transaction)));
        for (const write of snapshotParts.erased(transaction.decided)) transaction.put(write);
        transaction.put(journalTime.write());
      },
      sessions.firstWantedChange(this.#parts.clock.monotonicMs()),
    );
    const changes = committed.decided;
    for (const change of changes) scopes.follow(change.scopes, change.revision);
    sendBlocks(committed.changes, committed.first, (body) => voice.broadcast(body));
    for (const say of tell) say();
    if (changes.length > 0) {
      const entries = changes.flatMap(({ edits, removals, logins }) => [...edits.map(({ edit }) => edit), ...removals, ...logins]);
      const touched = entries.map(({ owner }) => owner);
      await owners.follow(committed.state, touched);
    }
    this.#parts.notices.evicted(evictions);
    this.#parts.notices.count(owners.users.size);
  }

  #queueParts(): EditQueueParts {
    const { sessions, users, restrictions } = this.#parts;
    const policy = restrictions.maxUsersPolicy();
    const loggedIn = sessions.loggedIn(users.loggedIn()?.owner);
    const nextSequence = () => this.#nextSequence();
    return { ...this.#parts, history: this.#history, policy, loggedIn, nextSequence };
  }

  async #decide(work: Work, queue: EditQueue, transaction: Transaction): Promise<() => void> {
    switch (work.kind) {
      case "push": {
        const { session, push, edits } = work;
        const answers: Answers = { kind: "answers", number: push.number, answers: await queue.push(session.device, edits) };
        return () => {
          session.lastAnswers = answers;
          this.#parts.voice.send(session.device, session.id, answers);
        };
      }
      case "offer": {
        const answer: OfferAnswer = await queue.offer(work.session.device, work.offer, work.entries);
        return () => this.#parts.voice.send(work.session.device, work.session.id, answer);
      }
      case "bring": {
        const servesSince = mandateOf(this.#parts.journal.lineage)?.at ?? transaction.at;
        const homecoming = new Homecoming(transaction, { ...this.#queueParts(), servesSince });
        await homecoming.take(work.records, work.common);
        queue.evictions.push(...homecoming.evictions);
        return work.done;
      }
      case "removal":
        await this.#history.eraseDeleted(work.owner, transaction);
        await transaction.append({ ...draftOf([]), removals: [{ owner: work.owner, kind: "deleted" }] });
        return () => undefined;
      case "change":
        await transaction.append({ ...draftOf([]), ...work.what });
        return () => undefined;
      case "logins": {
        const logins = await newLogins(work.owners, this.#day(), transaction);
        if (logins.length > 0) await transaction.append({ ...draftOf([]), logins });
        return () => undefined;
      }
    }
  }

  #day(): number {
    return dayOf(this.#parts.journalTime.now());
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}
