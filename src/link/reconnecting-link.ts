/**
 * A client's link: dials, keeps the line while it lasts, and dials again after a back-off.
 *
 *     down --- dialled ---> up --- line ended ---> down (back-off) ---> down --- dialled ---> ...
 */
import type { Clock } from "../../hal/clock.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Down } from "../protocol/down.ts";
import type { Up } from "../protocol/up.ts";
import { backoffMs, spread } from "./backoff.ts";
import type { Dial, Line } from "./line.ts";
import type { ClientLink } from "./link.ts";

interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  /** Waited for before each attempt. */
  readonly ready?: (() => Promise<void>) | undefined;
}

type Why = SyncError | Refusal | undefined;
type StateListener = (state: "down" | "up", why: Why) => void;

/** Starts at once, and works until it is closed. */
export function reconnectingLink(parts: Parts): ClientLink {
  const link = new ReconnectingLink(parts);
  void link.run();
  return link;
}

class ReconnectingLink implements ClientLink {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #dial: Dial;
  readonly #ready: (() => Promise<void>) | undefined;
  readonly #closing = new AbortController();
  readonly #stateListeners: StateListener[] = [];
  readonly #messageListeners: ((message: Down) => void)[] = [];
  #line: Line | undefined;
  #failures = 0;
  /** The last reason that was told, so that a server that stays away is told once. */
  #told = "";
  /** The same for whoever listens from now on. */
  #why: Why;

  constructor({ clock, random, dial, ready }: Parts) {
    this.#clock = clock;
    this.#random = random;
    this.#dial = dial;
    this.#ready = ready;
    this.#why = undefined;
  }

  get state(): "down" | "up" {
    return this.#line === undefined ? "down" : "up";
  }

  onState(listener: StateListener): void {
    this.#stateListeners.push(listener);
    if (this.#why !== undefined) listener("down", this.#why);
  }

  onMessage(listener: (message: Down) => void): void {
    this.#messageListeners.push(listener);
  }

  send(message: Up): void {
    this.#line?.send(message);
  }

  restart(): void {
    this.#line?.drop();
  }

  async close(): Promise<void> {
    const line = this.#line;
    this.#closing.abort();
    if (line === undefined) return;
    const timer = new AbortController();
    await Promise.race([line.finish(), this.#clock.sleep(LIMITS.closeMs, timer.signal)]);
    timer.abort();
    line.drop();
  }

  /** Resolves when the link is closed. */
  async run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const why = await this.#dialOnce(signal);
      await this.#clock.sleep(this.#pauseMs(why), signal);
    }
  }

  async #dialOnce(signal: AbortSignal): Promise<Why> {
    const line = await this.#dialled(signal);
    if (line instanceof SyncError || "word" in line) {
      this.#failures += 1;
      this.#tell("down", line);
      return line;
    }
    const upAtMs = this.#clock.monotonicMs();
    this.#line = line;
    this.#tell("up", undefined);
    const why = await line.ended;
    this.#line = undefined;
    // A line that breaks as soon as it is made does not start the back-off anew.
    this.#failures = this.#clock.monotonicMs() - upAtMs < LIMITS.backoffMaxMs ? this.#failures + 1 : 0;
    this.#tell("down", why);
    return why;
  }

  async #dialled(signal: AbortSignal): Promise<Line | Refusal | SyncError> {
    try {
      if (this.#ready !== undefined) await this.#ready();
      const line = await this.#dial({ signal, onMessage: (message) => this.#arrived(message) });
      if (signal.aborted && !("word" in line)) line.drop();
      return line;
    } catch (error) {
      if (error instanceof SyncError) return error;
      throw error;
    }
  }

  #arrived(message: Down): void {
    if (this.#line === undefined) return;
    for (const listener of this.#messageListeners) listener(message);
  }

  #tell(state: "down" | "up", why: Why): void {
    this.#why = why;
    const news = `${state} ${why === undefined ? "" : "word" in why ? why.word : why.code}`;
    if (news === this.#told || this.#closing.signal.aborted) return;
    this.#told = news;
    for (const listener of this.#stateListeners) listener(state, why);
  }

  #pauseMs(why: Why): number {
    if (why !== undefined && "word" in why) return spread(LIMITS.refusedRetryMs, this.#random);
    return backoffMs(this.#failures, this.#random);
  }
}
