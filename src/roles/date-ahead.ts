/**
 * That the date of a server machine is years ahead of the time which its fleet has counted (decisions/years-ahead.md): no history ages by
 * it, and somebody has to look after the time server, or to know that all of them were off so long. Said once in the log, and in
 * the status for as long as it is so.
 */
import type { Clock } from "../../hal/clock.ts";
import type { Unsubscribe } from "../../hal/hal.ts";
import type { ServerStatus } from "../../hal/services.ts";
import type { CommunicationLog } from "./communication-log.ts";
import type { JournalTime } from "./server/journal-time.ts";

interface Parts {
  readonly journalTime: Pick<JournalTime, "daysAhead" | "wasAhead" | "answered">;
  readonly clock: Pick<Clock, "onSntp">;
  readonly log: CommunicationLog;
  readonly onStatus: (news: "words") => void;
}

export class DateAhead {
  readonly #parts: Parts;
  #isSaid: boolean;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#isSaid = parts.journalTime.wasAhead;
    this.#look();
  }

  shown(): Pick<ServerStatus, "dateAheadDays"> {
    const { daysAhead } = this.#parts.journalTime;
    return daysAhead === 0 ? {} : { dateAheadDays: daysAhead };
  }

  /** With each answer of the time server, until it is called off. */
  watch(): Unsubscribe {
    const { clock, journalTime } = this.#parts;
    return clock.onSntp(({ kind }) => {
      if (kind === "answered") journalTime.answered();
      this.#look();
    });
  }

  #look(): void {
    const { journalTime, log, onStatus } = this.#parts;
    const days = journalTime.daysAhead;
    if (days > 0 && !this.#isSaid) log.write({ kind: "date-ahead", days });
    if (days > 0 !== this.#isSaid) onStatus("words");
    this.#isSaid = days > 0;
  }
}
