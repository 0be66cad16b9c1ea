/**
 * Own edits on their way to the server: what people make becomes durable between two messages, not only after all that
 * were waiting, and leaves in the moment in which it is durable and the push before it is settled.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { Restrictions } from "../../../hal/restrictions.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Replica } from "../../store/replica.ts";
import type { CatchUp } from "./catch-up.ts";
import { type ClientEvent, onlyCounts } from "./client-event.ts";
import type { Exchange } from "./exchange.ts";
import type { Inbox } from "./inbox.ts";
import type { Joiner } from "./joiner.ts";
import type { NetworkPlaces } from "./network-places.ts";
import { nextPush } from "./next-push.ts";
import type { Recording } from "./recording.ts";

interface Parts {
  readonly clock: Clock;
  readonly recording: Recording;
  readonly replica: Replica;
  readonly exchange: Exchange;
  readonly catchUp: CatchUp;
  readonly joiner: Joiner;
  readonly places: NetworkPlaces;
  readonly restrictions: Restrictions;
}

export class Forwarding {
  readonly #parts: Parts;
  /** Sequences of the push under way. */
  #pushed: readonly number[] = [];
  /** There was more to record than goes into one write. */
  #isImporting = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Whether what happened is only that all of the push under way was accepted, in a change that is nobody else's, and nothing else waits to
   * leave. To take it is a write, and what is made next would have to wait for the end of that before it is recorded.
   */
  mayAwaitMore(events: readonly ClientEvent[]): boolean {
    const { recording, replica } = this.#parts;
    if (events.length !== 2 || replica.pending.size === 0 || replica.pending.size !== this.#pushed.length) return false;
    const [change, answers] = events;
    if (change?.kind !== "message" || answers?.kind !== "message") return false;
    const { body } = change.message;
    if (body.kind !== "changes" || body.of !== 1 || body.first !== body.last || answers.message.body.kind !== "answers") return false;
    const isOfOne = answers.message.body.answers.every(({ revision }) => revision === body.last);
    return isOfOne && recording.isIdle && this.isPlainSailing && this.#isSettled(this.#acceptedBy(events));
  }

  /** These events with whatever comes next, LIMITS.ownWordRestMs later at most. */
  async withMore(events: readonly ClientEvent[], inbox: Inbox, signal: AbortSignal): Promise<readonly ClientEvent[]> {
    const ending = new AbortController();
    const over = this.#parts.clock.sleep(LIMITS.ownWordRestMs, ending.signal);
    const more = await inbox.takeBefore(over, signal);
    ending.abort();
    return [...events, ...more];
  }

  /**
   * Amid a turn: what is new is recorded and leaves. The next piece of an import comes after what the fleet edits. A promise
   * where that takes a while.
   */
  amidTurn(): Promise<unknown> | undefined {
    if (!this.#isImporting || !this.isPlainSailing) return this.#isAtRest ? undefined : this.#record();
    this.push();
    return undefined;
  }

  /**
   * At the end of a turn: records what is new, and pushes where nothing else comes first. An import is recorded write by write, so
   * that what the fleet edits meanwhile does not wait for all of it; "more": it goes on.
   */
  atTurnEnd(): "done" | Promise<"more" | "done"> {
    return this.#isAtRest ? "done" : this.#record();
  }

  /** As it is on a machine that only hears what others edit, three times for each edit. Throws "storage-damaged" as recording does. */
  get #isAtRest(): boolean {
    const { recording, replica } = this.#parts;
    if (replica.pending.size > 0 || !recording.isIdle) return false;
    replica.mustBeWhole();
    return true;
  }

  async #record(): Promise<"more" | "done"> {
    const { recording } = this.#parts;
    if (!this.isPlainSailing) {
      await recording.record();
      if (this.isPlainSailing) this.push();
      return "done";
    }
    const recorded = await recording.recordSome();
    this.#isImporting = recorded === "more";
    this.push();
    return recorded;
  }

  /**
   * Before messages are taken, which is a write: what is new is recorded, and the next push leaves where they say that all of the
   * one under way was accepted. Whatever else was decided is made durable first. False where anything else comes before: nothing is done.
   * Known at once where nothing is to be recorded.
   */
  beforeTurn(events: readonly ClientEvent[]): boolean | Promise<boolean> {
    const { recording, replica } = this.#parts;
    if (!this.isPlainSailing || !events.every(onlyCounts)) return false;
    const isIdle = recording.isIdle;
    if (isIdle && replica.pending.size === 0) return true;
    const accepted = this.#acceptedBy(events);
    return isIdle && accepted.size === 0 ? true : this.#recordBefore(accepted);
  }

  async #recordBefore(accepted: ReadonlySet<number>): Promise<true> {
    if (!this.#isImporting) this.#isImporting = (await this.#parts.recording.recordSome()) === "more";
    this.push(accepted);
    return true;
  }

  /**
   * Sequences of pending edits that answers among these events call accepted; none where more waits than one push has: a machine
   * that imports takes first what came, and so leaves the others as long to take its edits as it takes itself.
   */
  #acceptedBy(events: readonly ClientEvent[]): ReadonlySet<number> {
    const { exchange, replica } = this.#parts;
    const accepted = new Set<number>();
    if (replica.pending.size > LIMITS.pushedAtOnce) return accepted;
    for (const event of events) {
      if (event.kind !== "message" || event.message.body.kind !== "answers" || exchange.place(event.message) !== "session") continue;
      for (const { run, sequence, outcome } of event.message.body.answers)
        if (outcome === "accepted" && replica.pending.get(sequence)?.edit.id.run === run) accepted.add(sequence);
    }
    return accepted;
  }

  /** Sends the next push, or the one under way again when its answer is late. `accepted`: what is known to be, and not taken yet. */
  push(accepted: ReadonlySet<number> = new Set()): void {
    const { exchange, replica, joiner } = this.#parts;
    if (exchange.push !== undefined && !this.#isSettled(accepted)) return exchange.repeatPush();
    const next = nextPush(replica.pending, (edit) => joiner.blocks(edit), accepted);
    if (next.length === 0) return;
    this.#pushed = next.map(({ edit }) => edit.id.sequence);
    exchange.startPush(next.map(({ bytes }) => bytes));
  }

  /** Whether every edit of the push under way came back in a change, which says as much as an answer, or was answered. */
  #isSettled(accepted: ReadonlySet<number>): boolean {
    const { pending } = this.#parts.replica;
    return this.#pushed.every((sequence) => {
      const edit = pending.get(sequence);
      return edit === undefined || edit.answer !== undefined || accepted.has(sequence);
    });
  }

  /** In session, up to date, and no holding is on offer. */
  get isPlainSailing(): boolean {
    const { exchange, replica, catchUp, places, restrictions } = this.#parts;
    const isStill = exchange.phase !== "in" || exchange.doubted === 0 || restrictions.importExportRunning();
    const isBusy = catchUp.isUnderWay || replica.offers.size > 0 || places.isReturnDue;
    return !isStill && !isBusy && replica.position !== undefined;
  }
}
