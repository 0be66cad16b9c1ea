/**
 * The module's services as the machine's own pages use them. While the module is being started, or again after a crash,
 * a call waits for it for a while instead of failing.
 */
import type { Clock } from "../clock.ts";
import type { Acknowledged, Administration } from "../services.ts";

const ACTIVE_MS_MAX = 20_000;

/** The module is not active, and did not become so in time. */
export class NotActive extends Error {}

export class Services {
  readonly #clock: Clock;
  readonly #waiting = new Set<(active: Administration) => void>();
  #active: Administration | undefined;
  #lives = 0;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  set(active: Administration | undefined): void {
    this.#active = active;
    this.#lives += 1;
    if (active === undefined) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve(active);
  }

  get active(): Administration | undefined {
    return this.#active;
  }

  /** Rejects with NotActive after 20 s. */
  async wait(): Promise<Administration> {
    if (this.#active !== undefined) return this.#active;
    const enough = new AbortController();
    let resolve: (active: Administration) => void = () => undefined;
    const came = new Promise<Administration>((done) => {
      resolve = done;
    });
    this.#waiting.add(resolve);
    const late = this.#clock.sleep(ACTIVE_MS_MAX, enough.signal).then(() => undefined);
    const active = await Promise.race([came, late]);
    this.#waiting.delete(resolve);
    enough.abort();
    if (active === undefined) throw new NotActive(`the module is not running: it did not start within ${ACTIVE_MS_MAX / 1000} s`);
    return active;
  }

  /** The numbers of edits that the printer's store has, once the module has them as well: over a crash of it, too. */
  async recorded(marks: readonly number[]): Promise<readonly number[]> {
    if (marks.length === 0) return [];
    for (;;) {
      const active = await this.wait();
      const life = this.#lives;
      try {
        return await active.recorded(marks);
      } catch (cause) {
        if (this.#lives === life) throw cause;
      }
    }
  }

  async acknowledged(): Promise<Acknowledged> {
    return (await this.wait()).acknowledged();
  }
}
