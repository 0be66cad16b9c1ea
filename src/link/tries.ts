/** Counts tries per address: after so many in vain an address has to wait (E3). What is still under way has not been in vain. */
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";

export class Tries {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #inVain = new Map<string, { readonly count: number; readonly atMs: number }>();
  /** The last proof of each address that is being judged: it ends when that is decided. */
  readonly #judging = new Map<string, Promise<void>>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Rejects "rate-exceeded" where the address has to wait. */
  check(address: string): void {
    const known = this.#known(address);
    if (known === undefined || known.count < LIMITS.firstContactTries) return;
    const waitMs = known.atMs + LIMITS.firstContactPauseMs - this.#clock.monotonicMs();
    throw new SyncError("rate-exceeded", `too many tries; the next one is possible in ${Math.ceil(waitMs / 60_000)} min`);
  }

  /** One more came to nothing. */
  failed(address: string): void {
    const count = (this.#known(address)?.count ?? 0) + 1;
    this.#inVain.delete(address);
    this.#inVain.set(address, { count, atMs: this.#clock.monotonicMs() });
    const [oldest] = this.#inVain.keys();
    if (this.#inVain.size > LIMITS.triesAddressesMax && oldest !== undefined) this.#inVain.delete(oldest);
  }

  /**
   * Gives what the judge gives: undefined counts as a try in vain, and with anything else those of the address are forgotten. Those of one
   * address are judged one after the other, so that many at once learn no more than as many in a row, and of several who know the password
   * nobody is told to wait. Rejects "rate-exceeded", unjudged, where the address has to wait by then; a judge who rejects has not decided.
   */
  async judged<T>(address: string, judge: () => Promise<T | undefined>): Promise<T | undefined> {
    const before = this.#judging.get(address) ?? Promise.resolve();
    const outcome = before.then(() => this.#judgedNow(address, judge));
    const ended = outcome.then(
      () => undefined,
      () => undefined,
    );
    this.#judging.set(address, ended);
    void ended.then(() => {
      if (this.#judging.get(address) === ended) this.#judging.delete(address);
    });
    return await outcome;
  }

  async #judgedNow<T>(address: string, judge: () => Promise<T | undefined>): Promise<T | undefined> {
    this.check(address);
    const proven = await judge();
    if (proven === undefined) this.failed(address);
    else this.#inVain.delete(address);
    return proven;
  }

  /** undefined: nothing in vain, or the pause is over. */
  #known(address: string): { readonly count: number; readonly atMs: number } | undefined {
    const known = this.#inVain.get(address);
    return known !== undefined && this.#clock.monotonicMs() - known.atMs < LIMITS.firstContactPauseMs ? known : undefined;
  }
}
