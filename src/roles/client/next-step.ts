/** What the whole state of a client calls for, at the end of each turn: a hello, the way to the server's state, offers, own edits. */
import { LIMITS } from "../../model/limits.ts";
import type { Exchange } from "./exchange.ts";
import type { Forwarding } from "./forwarding.ts";
import { helloOf } from "./introduction.ts";
import type { JournalClock } from "./journal-clock.ts";
import type { NetworkPlaces } from "./network-places.ts";
import type { Recording } from "./recording.ts";
import type { ShowingLater } from "./showing-later.ts";
import type { ShowingParts } from "./showing-parts.ts";
import { switchOver } from "./switch-over.ts";

interface Parts extends ShowingParts {
  readonly exchange: Exchange;
  readonly journalClock: JournalClock;
  readonly places: NetworkPlaces;
  readonly forwarding: Forwarding;
  readonly later: ShowingLater;
  readonly recording: Recording;
}

export class NextStep {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Sends what the state calls for; a promise where more than that is to be done first. */
  take(): Promise<void> | undefined {
    const { link, replica, restrictions, exchange, journalClock, catchUp, places, forwarding } = this.#parts;
    if (link.state !== "up") return undefined;
    if (exchange.isOverdue || (exchange.phase === "in" && exchange.silenceMs > LIMITS.leaseMs)) {
      exchange.reset();
      link.restart();
      return undefined;
    }
    if (exchange.isRetryDue) exchange.reset();
    if (exchange.phase === "silent") exchange.hello(helloOf(this.#parts, journalClock.estimate(), catchUp.wantsAll));
    if (exchange.phase !== "in" || restrictions.importExportRunning()) return undefined;
    if (exchange.doubted === 0) exchange.reset();
    else if (catchUp.isUnderWay || places.isReturnDue || replica.offers.size > 0) return this.#beforeEdits();
    else if (replica.position !== undefined) forwarding.push();
    return undefined;
  }

  async #beforeEdits(): Promise<void> {
    const { replica, exchange, catchUp, places, joiner, forwarding, later, recording } = this.#parts;
    if (catchUp.isReadyToSwitch || places.isReturnDue) await later.showWaiting();
    if (catchUp.isReadyToSwitch) await switchOver(this.#parts, () => recording.breathe());
    if (catchUp.isUnderWay) return await catchUp.pull();
    if (replica.position === undefined) return;
    if (places.isReturnDue) await places.comeBack(() => recording.breathe());
    if (replica.offers.size > 0) await joiner.offer((offer) => exchange.say(offer));
    if (replica.offers.size > 0) await joiner.absorbOverLimit();
    forwarding.push();
  }
}
