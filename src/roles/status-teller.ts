/** Tells the status when it changes: what it says at once, what it only counts a few times a second at most. */
import type { Clock } from "../../hal/clock.ts";
import type { Unsubscribe } from "../../hal/hal.ts";
import type { ModuleStatus, RegisteredMachine } from "../../hal/services.ts";
import { LIMITS } from "../model/limits.ts";
import type { StatusNews } from "./status-news.ts";

interface Parts {
  readonly clock: Pick<Clock, "sleep">;
  readonly status: () => ModuleStatus;
  /** What is known of the machines is told with it. */
  readonly machines: () => readonly RegisteredMachine[];
  readonly signal: AbortSignal;
}

export class StatusTeller {
  readonly #parts: Parts;
  readonly #listeners = new Set<(status: ModuleStatus) => void>();
  #told = "";
  #words = "";
  #waits = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  listen(listener: (status: ModuleStatus) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called with each change of data and each beat, which as a rule are news for nobody but those who count. */
  mayHaveChanged(news: StatusNews): void {
    const status = news === "words" ? this.#parts.status() : undefined;
    if (status !== undefined && wordsOf(status) !== this.#words) this.#tell(status);
    else if (!this.#waits) void this.#tellSoon();
  }

  /** Somebody has changed something, and waits for it to show. */
  changed(): void {
    this.#tell(this.#parts.status());
  }

  async #tellSoon(): Promise<void> {
    this.#waits = true;
    const waited = await this.#parts.clock.sleep(LIMITS.statusCountsMs, this.#parts.signal);
    this.#waits = false;
    if (waited === "elapsed") this.changed();
  }

  /** If it or what is known of the machines is another one than before; a contact alone is no news. */
  #tell(status: ModuleStatus): void {
    const machines = this.#parts.machines().map((machine) => ({ ...machine, lastContactAt: "" }));
    const text = JSON.stringify([status, machines]);
    if (text === this.#told) return;
    this.#told = text;
    this.#words = wordsOf(status);
    for (const listener of this.#listeners) listener(status);
  }
}

/** The status without what goes up and down with each change of data. */
function wordsOf({ server, client, ...rest }: ModuleStatus): string {
  const hasJoined = client?.revision !== undefined;
  const words = client && { ...client, revision: hasJoined, pending: 0, progress: client.progress?.step };
  return JSON.stringify([rest, server && { ...server, revision: 0 }, words]);
}
