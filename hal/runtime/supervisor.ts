/**
 * Keeps one module as it is wanted: starts it, watches it, starts it again after a crash, stops it. What happens is only
 * recorded (`start`, `stop`, `crash`, the signal); the one loop in `run` decides, so that no two of them overlap.
 *
 * 1 `activate` and `deactivate` alternate; there is never more than one active module.
 * 2 The machine knows the module's services exactly while it is active.
 * 3 What does not stop within `stopTimeoutMs` ends `run` with an Unstoppable: the process is to end, as nothing else helps.
 */
import { assert } from "../../src/model/assert.ts";
import type { Hal } from "../hal.ts";
import type { ActiveModule, Machine, ModuleBundle } from "../services.ts";
import { type ModuleEvent, type ModuleState, nextState } from "./lifecycle.ts";
import type { Manifest } from "./manifest.ts";
import { recentCrashes, restartDelayMs } from "./restart.ts";
import type { RuntimeTime } from "./time.ts";

export interface SupervisorParts {
  readonly time: RuntimeTime;
  readonly machine: Pick<Machine, "onModule">;
  readonly bundle: ModuleBundle;
  /** What the module sees of the machine. */
  readonly hal: Hal;
  readonly config: unknown;
  readonly lifecycle: Pick<Manifest["lifecycle"], "stopTimeoutMs" | "restart">;
  /** Asked before each start: why the module may not start, or undefined. */
  readonly obstacle: () => string | undefined;
  readonly onState: (state: ModuleState, why: string) => void;
}

/** A module that neither ends nor answers. */
export class Unstoppable extends Error {}

export class Supervisor {
  readonly #parts: SupervisorParts;
  #state: ModuleState = "installed";
  #wanted = false;
  #ending = false;
  #crash: { readonly reason: unknown } | undefined;
  #crashesAtMs: readonly number[] = [];
  #wake: () => void = () => undefined;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  get state(): ModuleState {
    return this.#state;
  }

  start(): void {
    this.#wanted = true;
    this.#wake();
  }

  stop(): void {
    this.#wanted = false;
    this.#wake();
  }

  /** Something of the module failed where nobody waits for it. Without a module that runs, it is not the module's crash. */
  crash(reason: unknown): void {
    if (this.#state !== "starting" && this.#state !== "active") return;
    this.#crash ??= { reason };
    this.#wake();
  }

  /** Works until the signal aborts; resolves when the module is at rest. */
  async run(signal: AbortSignal): Promise<void> {
    const end = (): void => {
      this.#ending = true;
      this.#wake();
    };
    if (signal.aborted) return;
    signal.addEventListener("abort", end, { once: true });
    try {
      while (!this.#ending) {
        if (this.#wanted) await this.#live();
        else await this.#change();
      }
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  /** One life of the module, from start to rest, and the pause after a crash. */
  async #live(): Promise<void> {
    const obstacle = this.#parts.obstacle();
    if (obstacle !== undefined) {
      this.#wanted = false;
      if (this.#state === "resolved") this.#enter("unresolved", obstacle);
      else this.#parts.onState(this.#state, `not started: ${obstacle}`);
      return;
    }
    if (this.#state === "installed") this.#enter("resolved", "all it asks for is there");
    this.#crash = undefined;
    this.#enter("start", "");
    const active = await this.#activate();
    if (active !== undefined) await this.#watch(active);
    if (this.#crash !== undefined) await this.#pause();
  }

  async #activate(): Promise<ActiveModule | undefined> {
    const { bundle, hal, config } = this.#parts;
    try {
      return await this.#whileWanted(outcomeOf(bundle.activate(hal, config)), "activate");
    } catch (reason) {
      if (reason instanceof Unstoppable) throw reason;
      this.#crash = { reason };
      this.#enter("failed", textOf(reason));
      return undefined;
    }
  }

  async #watch(active: ActiveModule): Promise<void> {
    let current = true;
    active.crashed.catch((reason: unknown) => {
      if (current) this.crash(reason);
    });
    this.#enter("activated", "");
    this.#tellMachine(active);
    while (this.#goesOn()) await this.#change();
    current = false;
    this.#tellMachine(undefined);
    if (this.#crash === undefined) this.#enter("stop", this.#ending ? "the runtime ends" : "stopped by an order");
    else this.#enter("crashed", textOf(this.#crash.reason));
    await this.#deactivate(active);
    this.#enter("stopped", "");
  }

  /** The machine looks at the services when it is told: what they throw then is the module's crash, not the machine's. */
  #tellMachine(active: ActiveModule | undefined): void {
    try {
      this.#parts.machine.onModule(active?.administration);
    } catch (reason) {
      this.#crash ??= { reason };
    }
  }

  async #deactivate(active: ActiveModule): Promise<void> {
    try {
      await this.#within(outcomeOf(active.deactivate()), "deactivate");
    } catch (reason) {
      if (reason instanceof Unstoppable) throw reason;
      // It is over all the same; but a module that cannot end itself in order has crashed.
      this.#crash ??= { reason };
    }
  }

  async #pause(): Promise<void> {
    const { time, lifecycle, onState } = this.#parts;
    const nowMs = time.nowMs();
    this.#crashesAtMs = [...recentCrashes(this.#crashesAtMs, nowMs), nowMs];
    if (lifecycle.restart.policy === "never") this.#wanted = false;
    if (!this.#wanted || this.#ending) return;
    const delayMs = restartDelayMs(this.#crashesAtMs, lifecycle.restart.maxPerHour);
    onState(
      this.#state,
      `crash ${this.#crashesAtMs.length} within an hour: ${textOf(this.#crash?.reason)}; started again in ${Math.round(delayMs)} ms`,
    );
    const enough = new AbortController();
    const waited = time.wait(delayMs, enough.signal).then(() => "waited" as const);
    while (this.#wanted && !this.#ending) {
      if ((await Promise.race([waited, this.#change()])) === "waited") break;
    }
    enough.abort();
  }

  #goesOn(): boolean {
    return this.#wanted && !this.#ending && this.#crash === undefined;
  }

  /** Waits for the work as long as the module is wanted, and then `stopTimeoutMs` more. */
  async #whileWanted<T>(work: Promise<Outcome<T>>, what: string): Promise<T> {
    while (this.#goesOn()) {
      const outcome = await Promise.race([work, this.#change()]);
      if (outcome !== undefined) return resultOf(outcome);
    }
    return this.#within(work, what);
  }

  async #within<T>(work: Promise<Outcome<T>>, what: string): Promise<T> {
    const { time, lifecycle } = this.#parts;
    const enough = new AbortController();
    const outcome = await Promise.race([work, time.wait(lifecycle.stopTimeoutMs, enough.signal).then(() => undefined)]);
    enough.abort();
    if (outcome === undefined) throw new Unstoppable(`${what} of the module did not end within ${lifecycle.stopTimeoutMs} ms`);
    return resultOf(outcome);
  }

  #change(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#wake = () => resolve(undefined);
    });
  }

  #enter(event: ModuleEvent, why: string): void {
    const next = nextState(this.#state, event);
    assert(next !== undefined, `"${event}" cannot happen to a module that is ${this.#state}`);
    this.#state = next;
    this.#parts.onState(next, why);
  }
}

type Outcome<T> = { readonly value: T } | { readonly reason: unknown };

const outcomeOf = <T>(work: Promise<T>): Promise<Outcome<T>> =>
  work.then(
    (value) => ({ value }),
    (reason: unknown) => ({ reason }),
  );

function resultOf<T>(outcome: Outcome<T>): T {
  if ("reason" in outcome) throw outcome.reason;
  return outcome.value;
}

/** The reason in one line. */
export const textOf = (reason: unknown): string =>
  (reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)).replaceAll(/\s*\n\s*/g, " | ");
