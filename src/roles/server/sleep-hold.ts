/**
 * The hold on full sleep (M28): open exactly while another machine is operating, and for one lease after a start or
 * a waking, when it is not known yet who operates.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { ServerStatus } from "../../../hal/services.ts";
import type { Hold, Power } from "../../../hal/power.ts";
import { LIMITS } from "../../model/limits.ts";

const REASON = "clients-operating";
/** Renewed with each beat; a module that died keeps nobody awake for long. */
const LAPSES_MS = 2 * LIMITS.leaseMs;

export class SleepHold {
  readonly #power: Power;
  readonly #clock: Clock;
  #hold: Hold | undefined;
  #unknownUntilMs: number;

  constructor(parts: { readonly power: Power; readonly clock: Clock }) {
    this.#power = parts.power;
    this.#clock = parts.clock;
    this.#unknownUntilMs = 0;
  }

  /** Monotonic time after `nowMs` from which on it is known who operates; infinite where it is known now. */
  knowsFrom(nowMs: number): number {
    return this.#unknownUntilMs > nowMs ? this.#unknownUntilMs : Number.POSITIVE_INFINITY;
  }

  /** Why the machine does not sleep fully; `keptAwakeBy` are the names of those that operate. */
  shown(keptAwakeBy: readonly string[]): Pick<ServerStatus, "keptAwakeBy" | "awaitsMachines"> {
    if (keptAwakeBy.length > 0) return { keptAwakeBy };
    return this.#hold === undefined ? {} : { awaitsMachines: true };
  }

  /** From here on, for one lease, it is not known who operates. */
  awaitClients(): void {
    this.#unknownUntilMs = this.#clock.monotonicMs() + LIMITS.leaseMs;
    this.evaluate(0);
  }

  evaluate(othersOperating: number): void {
    const needed = othersOperating > 0 || this.#clock.monotonicMs() < this.#unknownUntilMs;
    if (!needed) this.release();
    else this.#hold ??= this.#power.holdFromFullSleep(REASON, LAPSES_MS);
  }

  /** With each beat: a hold that is open stays so. */
  renew(): void {
    this.#hold?.renew();
  }

  /** The machine of a server that has failed stays awake for a lease at most, until it is started again and knows more. */
  end(how: "stopped" | "failed"): void {
    if (how === "failed" && this.#hold !== undefined) this.#power.holdFromFullSleep(REASON, LIMITS.leaseMs);
    this.release();
  }

  release(): void {
    this.#hold?.release();
    this.#hold = undefined;
  }
}
