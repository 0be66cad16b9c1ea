/** A client's reckoning of journal time, and the stamps it gives to edits (P1, P2). */
import type { Clock } from "../../../hal/clock.ts";
import type { JournalTime } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Heard } from "../../store/replica-head.ts";

const SLOWED_BY = 0.1;

export class JournalClock {
  readonly #clock: Clock;
  #heard: Heard | undefined;

  constructor(clock: Clock, heard: Heard | undefined) {
    this.#clock = clock;
    this.#heard = heard;
  }

  /** The answer to a hello: it cannot be older than that. */
  hear(time: JournalTime): Heard {
    this.#heard = { time, boot: this.#clock.boot, monotonicMs: this.#clock.monotonicMs() };
    return this.#heard;
  }

  /**
   * A beat may have been under way for long, and says a time that is past then. So a beat takes the reckoning forward;
   * back it takes it by a tenth of the time since the last one at most, which is far more than a clock drifts: time goes on.
   */
  hearBeat(time: JournalTime): Heard {
    const last = this.#heard;
    const monotonicMs = this.#clock.monotonicMs();
    const reckoned = this.#at(monotonicMs, this.#clock.boot);
    if (last === undefined || reckoned === undefined) return this.hear(time);
    return this.hear(Math.max(time, Math.round(reckoned - (monotonicMs - last.monotonicMs) * SLOWED_BY)));
  }

  /** A change of this time was heard: it cannot be earlier by now. */
  reach(time: JournalTime): void {
    const monotonicMs = this.#clock.monotonicMs();
    const reckoned = this.#at(monotonicMs, this.#clock.boot);
    if (reckoned !== undefined && reckoned < time) this.#heard = { time, boot: this.#clock.boot, monotonicMs };
  }

  /** The power-on that it counts in. */
  get boot(): string {
    return this.#clock.boot;
  }

  get heard(): Heard | undefined {
    return this.#heard;
  }

  /** The best estimate for a hello: what was heard, and what ran since if no power-off lies between. */
  estimate(): JournalTime | undefined {
    return this.#heard === undefined ? undefined : (this.#at(this.#clock.monotonicMs(), this.#clock.boot) ?? this.#heard.time);
  }

  /**
   * The stamp of an edit made at this monotonic time of this boot: never before `floor` (its machine's previous edit, and the
   * journal time of what it had seen). Uncertain when a power-off lies between the last word of the server and it; then it
   * has the floor, or `seenBy` where that is later: it had seen nothing newer than that. `before`: what was heard in earlier power-ons.
   */
  stamp(
    madeAtMs: number,
    boot: string,
    floor: JournalTime,
    seenBy: JournalTime = floor,
    before: readonly { readonly heard: Heard | undefined }[] = [],
  ): { readonly stamp: JournalTime; readonly certain: boolean } {
    const then = this.#heard?.boot === boot ? this.#heard : before.findLast(({ heard }) => heard?.boot === boot)?.heard;
    const at = this.#at(madeAtMs, boot, then);
    return at === undefined ? { stamp: Math.max(floor, seenBy), certain: false } : { stamp: Math.max(at, floor), certain: true };
  }

  #at(monotonicMs: number, boot: string, heard = this.#heard): JournalTime | undefined {
    if (heard === undefined || heard.boot !== boot) return undefined;
    return Math.min(LIMITS.journalTimeMax, Math.max(0, Math.round(heard.time + monotonicMs - heard.monotonicMs)));
  }
}
