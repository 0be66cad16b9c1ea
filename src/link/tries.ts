/**
 * Counts tries per address: after so many in vain an address has to wait (E3). What is still under way has not been in vain; and who
 * asks about one account over and over, and proves nothing, learns no more than the first time, so that counts once: each test of
 * the way by somebody who has not compared the fingerprint yet is such a question (M36).
 */
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";

/** `asked`: the account that was asked about last without any proof. */
interface InVain {
  readonly count: number;
  readonly atMs: number;
  readonly asked: string | undefined;
}

export class Tries {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #inVain = new Map<string, InVain>();
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
    this.#note(address, this.#known(address)?.asked);
  }

  /** An account was asked about, and left alone then. */
  left(address: string, account: string): void {
    if (this.#known(address)?.asked !== account) this.#note(address, account);
  }

  #note(address: string, asked: string | undefined): void {
    const count = (this.#known(address)?.count ?? 0) + 1;
    this.#inVain.delete(address);
    this.#inVain.set(address, { count, atMs: this.#clock.monotonicMs(), asked });
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
  #known(address: string): InVain | undefined {
    const known = this.#inVain.get(address);
    return known !== undefined && this.#clock.monotonicMs() - known.atMs < LIMITS.firstContactPauseMs ? known : undefined;
  }
}
