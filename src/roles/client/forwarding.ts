/**
 * Own edits on their way to the server: what people make becomes durable between two messages, not only after all that
 * were waiting, and leaves in the moment in which it is durable and the push before it is settled.
 */
import type { Restrictions } from "../../../hal/restrictions.ts";
import type { Replica } from "../../store/replica.ts";
import type { CatchUp } from "./catch-up.ts";
import type { Exchange } from "./exchange.ts";
import type { Joiner } from "./joiner.ts";
import type { NetworkPlaces } from "./network-places.ts";
import { nextPush } from "./next-push.ts";
import type { Recording } from "./recording.ts";

interface Parts {
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

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Records what is new, and pushes where nothing else comes first. Amid a turn: what else is due comes at its end. An import
   * is recorded write by write, so that what the fleet edits meanwhile does not wait for all of it; "more": it goes on.
   */
  async between(): Promise<"more" | "done"> {
    const { recording, replica } = this.#parts;
    // As it is on a machine that only hears what others edit, three times for each edit.
    if (recording.isIdle && replica.pending.size === 0) {
      replica.mustBeWhole();
      return "done";
    }
    if (!this.isPlainSailing) {
      await recording.record();
      if (this.isPlainSailing) this.push();
      return "done";
    }
    const recorded = await recording.recordSome();
    this.push();
    return recorded;
  }

  /** Sends the next push, or the one under way again when its answer is late. */
  push(): void {
    const { exchange, replica, joiner } = this.#parts;
    if (exchange.push !== undefined && !this.#isSettled()) return exchange.repeatPush();
    const next = nextPush(replica.pending, (edit) => joiner.blocks(edit));
    if (next.length === 0) return;
    this.#pushed = next.map(({ edit }) => edit.id.sequence);
    exchange.startPush(next.map(({ bytes }) => bytes));
  }

  /** Whether every edit of the push under way came back in a change, which says as much as an answer, or was answered. */
  #isSettled(): boolean {
    const { pending } = this.#parts.replica;
    return this.#pushed.every((sequence) => {
      const edit = pending.get(sequence);
      return edit === undefined || edit.answer !== undefined;
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
