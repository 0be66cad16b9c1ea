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
import { tellNews, takeAnswers } from "./answers.ts";
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
    exchange.away = why instanceof SyncError ? why.code : undefined;
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
    const { exchange, catchUp, joiner, replica, restrictions } = this.#parts;
    const place = exchange.place(message);
    if (place === "foreign") {
      if (body.kind === "changes") exchange.overhear(message, (also.at(-1) ?? body).last);
      return;
    }
    if (place === "other-epoch") return exchange.reset();
    exchange.heard();
    if (restrictions.importExportRunning()) return this.#passOver(body);
    switch (body.kind) {
      case "part":
        return await catchUp.part(body);
      case "changes": {
        const before = replica.position?.revision ?? 0;
        return await this.#took(await catchUp.changes([body, ...also], place === "broadcast"), before);
      }
      case "answers":
        exchange.pushAnswered(body.number);
        return await this.#answered(body.answers);
      case "offer-answer":
        return await joiner.answered(body);
      case "brought":
        return catchUp.brought(body);
      case "server-beat":
        return await this.#serverBeat(body);
      default:
        return unreachable(body);
    }
  }

  /** Most come right after the change that they are about: nothing is to be done for them. */
  async #answered(answers: readonly Answer[]): Promise<void> {
    const { replica, later } = this.#parts;
    if (!tellNews(answers, replica) && replica.head.unshown === undefined) return;
    const uncovered = await takeAnswers(answers, this.#parts);
    // With what waits, as the stores are told that they show all of it.
    if (uncovered.length > 0 || replica.head.unshown !== undefined) await later.showWith(uncovered);
  }

  /** While an import or export runs nothing is applied (M24); what is missed is asked for with a hello afterwards. */
  #passOver(body: Down["body"]): void {
    const { exchange, journalClock } = this.#parts;
    if (body.kind === "server-beat") journalClock.hearBeat(body.journalTime);
    else exchange.doubted = 0;
    exchange.replied();
  }

  async #welcomed(message: Down, welcome: Welcome): Promise<void> {
    const { exchange, catchUp, joiner, journalClock, log, names, places, replica, restrictions, shower } = this.#parts;
    if (exchange.phase !== "asked" || welcome.number !== exchange.helloNumber) return;
    exchange.enter({ ...message, body: welcome }, welcome);
    const heard = journalClock.hear(welcome.journalTime);
    joiner.forgetUnderWay();
    const isStill = restrictions.importExportRunning();
    if (!isStill) {
      await catchUp.begin(welcome, heard);
      // What is missing is under way while the rest is done.
      await catchUp.pull();
    }
    await names.learn(welcome.names);
    await places.hear(welcome.networkPlaces);
    if (isStill) return this.#passOver(welcome);
    // Once a power-on is enough: from there the monotonic clock counts, over restarts of the module too (P1, P2). Changes bring it along.
    if (replica.head.heard?.boot !== heard.boot && !catchUp.isBehind) await replica.write([], { heard });
    await joiner.retryOverLimit();
    log.write({ kind: "connected" });
    // Answers name revisions of the session's epoch. In another one they say nothing; the edits are pushed again, and answered alike.
    const isOfBase = replica.position === undefined || sameEpoch(replica.position.epoch, welcome.position.epoch);
    if (isOfBase) await shower.show(await takeAnswers(welcome.answers, this.#parts));
  }

  #refused(number: number, refusal: Refusal): void {
    const { exchange, log } = this.#parts;
    if (exchange.phase !== "asked" || number !== exchange.helloNumber) return;
    log.refused({ of: "this-machine", by: "answer" }, refusal);
    exchange.refuse(refusal);
  }

  #ended({ reason, refusal }: ServerEnd): void {
    const { exchange, link, log } = this.#parts;
    if (reason === "put-out" && refusal !== undefined) {
      log.refused({ of: "this-machine", by: "end" }, refusal);
      exchange.refuse(refusal);
    } else if (reason === "unknown-session") {
      if (exchange.phase === "in") exchange.reset();
    } else {
      log.write({ kind: reason === "stopped" ? "server-ended" : "server-off" });
      exchange.isServerStopped = reason === "stopped";
      exchange.reset();
      link.restart();
    }
  }

  /** `before`: the revision of the base before it. */
  async #took(block: Block, before: Revision): Promise<void> {
    const { exchange, crossing, forwarding, joiner, later, replica, storage } = this.#parts;
    if (block === "more" || block === "passed-over") return;
    if (block === "gap") return exchange.reset();
    let isAnyDeleted = false;
    for (const change of block.changes) {
      const ends = change.removals.filter(({ kind }) => kind === "deleted");
      if (ends.length === 0) continue;
      isAnyDeleted = true;
      const deleted = ends.map(({ owner, at = change.at }): [Owner, number] => [owner, at]);
      await eraseFromHistory(storage, CLIENT_HISTORY, new Map(deleted));
    }
    const isCrossing = crossing.isDue(block.changes);
    // The next push need not wait until the machine shows what the last one came to. What may not travel any more has left before.
    const leaving = isCrossing ? undefined : forwarding.amidTurn();
    if (leaving !== undefined) await leaving;
    const showing = later.take(block, before);
    if (showing !== undefined) await showing;
    if (isCrossing) await crossing.follow();
    if (replica.offers.size > 0) await joiner.noticeHeld(ownersOf(block));
    // There may be room now for what has stayed on this machine alone.
    if (isAnyDeleted) await joiner.retryOverLimit();
  }

  async #serverBeat({ position, journalTime, names }: ServerBeat): Promise<void> {
    const { exchange, catchUp, journalClock, replica } = this.#parts;
    await this.#parts.names.learn(names);
    const base = replica.position;
    journalClock.hearBeat(journalTime);
    if (catchUp.isUnderWay || base === undefined) {
      exchange.newest = Math.max(exchange.newest, position.revision);
      return;
    }
    const { doubted } = exchange;
    if (doubted !== undefined && base.revision < doubted) return exchange.reset();
    const isOther = base.revision === position.revision && base.chainHash !== position.chainHash;
    if (base.revision > position.revision || isOther) return exchange.reset();
    exchange.doubted = base.revision < position.revision ? position.revision : undefined;
  }
}

/** Whether it is the server that is to blame, for what it sent. */
export const isOfThePeer = ({ code }: SyncError): boolean => code === "message-malformed" || code === "message-too-large";
