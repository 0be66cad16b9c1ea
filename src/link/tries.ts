/** Counts tries per address: after so many in vain an address has to wait (E3). */
import type { Clock } from "../../hal/clock.ts";
import { LIMITS } from "../model/limits.ts";

export class Tries {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #byAddress = new Map<string, { count: number; atMs: number }>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Counts one more try. Gives the milliseconds that the address has to wait, 0 when it may try. */
  begin(address: string): number {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#byAddress.get(address);
    const passedMs = known === undefined ? LIMITS.firstContactPauseMs : nowMs - known.atMs;
    const count = known === undefined || passedMs >= LIMITS.firstContactPauseMs ? 0 : known.count;
    if (count >= LIMITS.firstContactTries) return LIMITS.firstContactPauseMs - passedMs;
    this.#byAddress.delete(address);
    this.#byAddress.set(address, { count: count + 1, atMs: nowMs });
    const [oldest] = this.#byAddress.keys();
    if (this.#byAddress.size > LIMITS.triesAddressesMax && oldest !== undefined) this.#byAddress.delete(oldest);
    return 0;
  }

  /** It knew the password: its tries do not count. */
  succeeded(address: string): void {
    this.#byAddress.delete(address);
  }
}
