/** What the server says, and what it does to this machine. */
import { unreachable } from "../../model/assert.ts";
import type { Owner } from "../../model/owner.ts";
import { SyncError } from "../../model/errors.ts";
import type { Revision } from "../../model/ids.ts";
import { sameEpoch } from "../../model/position.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { Answer } from "../../protocol/answers.ts";
import type { ServerBeat } from "../../protocol/beat.ts";
import type { Changes } from "../../protocol/changes.ts";
import type { Down } from "../../protocol/down.ts";
import type { ServerEnd } from "../../protocol/end.ts";
import type { Welcome } from "../../protocol/welcome.ts";
import { CLIENT_HISTORY, eraseFromHistory } from "../../store/history.ts";
import { sayAnything, takeAnswers } from "./answers.ts";
import { type Block, ownersOf } from "./catch-up.ts";
import type { Exchange } from "./exchange.ts";
import type { Forwarding } from "./forwarding.ts";
import type { JournalClock } from "./journal-clock.ts";
import type { NetworkPlaces } from "./network-places.ts";
import type { ShowingLater } from "./showing-later.ts";
import type { ShowingParts } from "./showing-parts.ts";

export interface HearingParts extends ShowingParts {
  readonly exchange: Exchange;
  readonly journalClock: JournalClock;
  readonly places: NetworkPlaces;
  readonly forwarding: Forwarding;
  readonly later: ShowingLater;
}

export class Hearing {
  readonly #parts: HearingParts;

  constructor(parts: HearingParts) {
    this.#parts = parts;
  }

  linkChanged(state: "up" | "down", why: SyncError | Refusal | undefined): void {
    const { catchUp, exchange, log } = this.#parts;
    catchUp.forgetServer();
    exchange.reset();
    if (state === "up" || why === undefined) return;
    if (why instanceof SyncError) return log.failed(why);
    log.refused({ of: "this-machine", by: "link" }, why);
    exchange.refuse(why);
  }

  /** `also`: further changes of the same kind, which go on where it ends. */
  async message(message: Down, also: readonly Changes[]): Promise<void> {
    const { body } = message;
    if (body.kind === "welcome") return await this.#welcomed(message, body);
    if (body.kind === "refuse") return this.#refused(body.number, body.refusal);
    if (body.kind === "server-end") return this.#ended(body);
    const place = this.#parts.exchange.place(message);
    if (place === "foreign") {
      if (body.kind === "changes") this.#parts.exchange.overhear(message, (also.at(-1) ?? body).last);
      return;
    }
    if (place === "other-epoch") return this.#parts.exchange.reset();
    this.#parts.exchange.heard();
    if (this.#parts.restrictions.importExportRunning()) return this.#passOver(body);
    switch (body.kind) {
      case "part":
        return await this.#parts.catchUp.part(body);
      case "changes": {
        const before = this.#parts.replica.position?.revision ?? 0;
        return await this.#took(await this.#parts.catchUp.changes([body, ...also], place === "broadcast"), before);
      }
      case "answers":
        this.#parts.exchange.pushAnswered(body.number);
        return await this.#answered(body.answers);
      case "offer-answer":
        return await this.#parts.joiner.answered(body);
      case "brought":
        return this.#parts.catchUp.brought(body);
      case "server-beat":
        return await this.#serverBeat(body);
      default:
        return unreachable(body);
    }
  }

  /** Most come right after the change that they are about: nothing is to be done for them. */
  async #answered(answers: readonly Answer[]): Promise<void> {
    const { replica, later, shower } = this.#parts;
    if (!sayAnything(answers, replica) && replica.head.unshown === undefined) return;
    // Before it is noted that something more is to be shown: whatever is shown says that all is.
    await later.showWaiting();
    await shower.show(await takeAnswers(answers, this.#parts));
  }

  /** While an import or export runs nothing is applied (M24); what is missed is asked for with a hello afterwards. */
  #passOver(body: Down["body"]): void {
    if (body.kind === "server-beat") this.#parts.journalClock.hearBeat(body.journalTime);
    else this.#parts.exchange.doubted = 0;
    this.#parts.exchange.replied();
  }

  async #welcomed(message: Down, welcome: Welcome): Promise<void> {
    if (this.#parts.exchange.phase !== "asked" || welcome.number !== this.#parts.exchange.helloNumber) return;
    const { log, names, replica, restrictions } = this.#parts;
    this.#parts.exchange.enter({ ...message, body: welcome }, welcome);
    const heard = this.#parts.journalClock.hear(welcome.journalTime);
    this.#parts.joiner.forgetUnderWay();
    const isStill = restrictions.importExportRunning();
    if (!isStill) {
      await this.#parts.catchUp.begin(welcome, heard);
      // What is missing is under way while the rest is done.
      await this.#parts.catchUp.pull();
    }
    await names.learn(welcome.names);
    await this.#parts.places.hear(welcome.networkPlaces);
    if (isStill) return this.#passOver(welcome);
    // Once a power-on is enough: from there the monotonic clock counts, over restarts of the module too (P1, P2). Changes bring it along.
    if (replica.head.heard?.boot !== heard.boot && !this.#parts.catchUp.isBehind) await replica.write([], { heard });
    await this.#parts.joiner.retryOverLimit();
    log.write({ kind: "connected" });
    // Answers name revisions of the session's epoch. In another one they say nothing; the edits are pushed again, and answered alike.
    const isOfBase = replica.position === undefined || sameEpoch(replica.position.epoch, welcome.position.epoch);
    if (isOfBase) await this.#parts.shower.show(await takeAnswers(welcome.answers, this.#parts));
  }

  #refused(number: number, refusal: Refusal): void {
    if (this.#parts.exchange.phase !== "asked" || number !== this.#parts.exchange.helloNumber) return;
    this.#parts.log.refused({ of: "this-machine", by: "answer" }, refusal);
    this.#parts.exchange.refuse(refusal);
  }

  #ended({ reason, refusal }: ServerEnd): void {
    if (reason === "put-out" && refusal !== undefined) {
      this.#parts.log.refused({ of: "this-machine", by: "end" }, refusal);
      this.#parts.exchange.refuse(refusal);
    } else if (reason === "unknown-session") {
      if (this.#parts.exchange.phase === "in") this.#parts.exchange.reset();
    } else {
      this.#parts.log.write({ kind: reason === "stopped" ? "server-ended" : "server-off" });
      this.#parts.exchange.isServerStopped = reason === "stopped";
      this.#parts.exchange.reset();
      this.#parts.link.restart();
    }
  }

  /** `before`: the revision of the base before it. */
  async #took(block: Block, before: Revision): Promise<void> {
    if (block === "more" || block === "passed-over") return;
    if (block === "gap") return this.#parts.exchange.reset();
    for (const change of block.changes) {
      if (change.removals.length === 0) continue;
      const ends = change.removals.filter(({ kind }) => kind === "deleted");
      if (ends.length === 0) continue;
      const deleted = ends.map(({ owner, at = change.at }): [Owner, number] => [owner, at]);
      await eraseFromHistory(this.#parts.storage, CLIENT_HISTORY, new Map(deleted));
    }
    const isCrossing = this.#parts.crossing.isDue(block.changes);
    // The next push need not wait until the machine shows what the last one came to. What may not travel any more has left before.
    const forwarding = isCrossing ? undefined : this.#parts.forwarding.between();
    if (forwarding !== undefined) await forwarding;
    const showing = this.#parts.later.take(block, before);
    if (showing !== undefined) await showing;
    if (isCrossing) await this.#parts.crossing.follow();
    if (this.#parts.replica.offers.size > 0) await this.#parts.joiner.noticeHeld(ownersOf(block));
    // There may be room now for what has stayed on this machine alone.
    if (block.changes.some(({ removals }) => removals.some(({ kind }) => kind === "deleted"))) await this.#parts.joiner.retryOverLimit();
  }

  async #serverBeat({ position, journalTime, names }: ServerBeat): Promise<void> {
    await this.#parts.names.learn(names);
    const base = this.#parts.replica.position;
    this.#parts.journalClock.hearBeat(journalTime);
    if (this.#parts.catchUp.isUnderWay || base === undefined) {
      this.#parts.exchange.newest = Math.max(this.#parts.exchange.newest, position.revision);
      return;
    }
    const { doubted } = this.#parts.exchange;
    if (doubted !== undefined && base.revision < doubted) return this.#parts.exchange.reset();
    const isSame = base.revision !== position.revision || base.chainHash === position.chainHash;
    if (base.revision > position.revision || !isSame) return this.#parts.exchange.reset();
    this.#parts.exchange.doubted = base.revision < position.revision ? position.revision : undefined;
  }
}

/** Whether it is the server that is to blame, for what it sent. */
export const isOfThePeer = ({ code }: SyncError): boolean => code === "message-malformed" || code === "message-too-large";
