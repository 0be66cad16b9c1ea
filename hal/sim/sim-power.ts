/** Sleep states of the simulated machine, after the rules of hal/power.ts; the knobs are what people and visitors do. */
import type { Clock } from "../clock.ts";
import type { Unsubscribe } from "../hal.ts";
import { Listeners } from "../parts/listeners.ts";
import type { Hold, Power, PowerState } from "../power.ts";
import { SimHold } from "./sim-hold.ts";

const PREPARE_MS_MAX = 5_000;
/** What a connection woke goes back to full sleep after this long without a hold, as it would without the visitor. */
const BACK_TO_SLEEP_MS = 30_000;

interface Preparation {
  readonly prepare: () => Promise<void>;
  readonly limitMs: number;
}

export class SimPower implements Power {
  readonly #clock: Clock;
  readonly #states = new Listeners<PowerState>();
  readonly #restarts = new Listeners<void>();
  readonly #preparations = new Set<Preparation>();
  readonly #holds = new Set<{ readonly reason: string }>();
  /** Those among them that keep the machine from partial sleep as well. */
  readonly #awake = new Set<{ readonly reason: string }>();
  #wakers = 0;
  #state: PowerState = "active";
  /** Somebody or something has asked for sleep since the last key. */
  #sleepy = false;
  #fallingAsleep: Promise<void> | undefined;
  /** What came up meanwhile ends this attempt; when it is over, everybody is asked to prepare anew. */
  #calledOff = false;
  /** A connection woke the machine, and it gives the visitor some time. */
  #visit: AbortController | undefined;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  get state(): PowerState {
    return this.#state;
  }

  onState(listener: (state: PowerState) => void): Unsubscribe {
    return this.#states.add(listener);
  }

  beforeSleep(prepare: () => Promise<void>, limitMs: number): Unsubscribe {
    const preparation = { prepare, limitMs: Math.min(limitMs, PREPARE_MS_MAX) };
    this.#preparations.add(preparation);
    return () => void this.#preparations.delete(preparation);
  }

  wakeOn(_event: "connection"): Unsubscribe {
    let counts = true;
    this.#wakers += 1;
    return () => {
      if (counts) this.#wakers -= 1;
      counts = false;
    };
  }

  /** Knob: whether a connection would wake the machine from full sleep. */
  get wakesOnConnection(): boolean {
    return this.#wakers > 0;
  }

  holdFromFullSleep(reason: string, lapsesAfterMs: number): Hold {
    this.#calledOff = true;
    const hold = new SimHold({ clock: this.#clock, reason, lapsesAfterMs, onEnd: () => this.#end(hold) });
    this.#holds.add(hold);
    hold.renew();
    return hold;
  }

  async restart(): Promise<void> {
    this.#restarts.tell();
  }

  /** Knob: what the machine does when a restart was asked for; the first thing is to end this simulation of it. */
  onRestart(listener: () => void): Unsubscribe {
    return this.#restarts.add(listener);
  }

  /**
   * Knob: a reason of the machine's own not to sleep fully (a job), or not to sleep at all (an import, M30): what was asked for
   * meanwhile comes when it ends. It does not lapse; end it with the function.
   */
  stayUpFor(reason: string, from: "full-sleep" | "sleep"): () => void {
    this.#calledOff = true;
    const stay = { reason };
    this.#holds.add(stay);
    if (from === "sleep") this.#awake.add(stay);
    return () => {
      this.#awake.delete(stay);
      if (this.#maySleepPartially()) this.#become("partial-sleep");
      this.#end(stay);
    };
  }

  /** The reasons in force, in the order they came up; a reason that is held twice is there twice. */
  holds(): readonly string[] {
    return [...this.#holds].map(({ reason }) => reason);
  }

  /**
   * Knob: the [Energy Saver] key, or the machine's sleep timer. The machine goes to partial sleep at once, where nothing keeps it
   * from that, and to full sleep as soon as no hold is left. Resolves when it has gone as deep as it can for now.
   */
  async pressEnergySaver(): Promise<void> {
    this.#sleepy = true;
    if (this.#maySleepPartially()) this.#become("partial-sleep");
    await this.#sleepFully();
  }

  /**
   * Knob: somebody presses a key ("key": the machine becomes active), or a connection arrives at a port of the module
   * ("connection": from full to partial sleep, where `wakeOn` asked for it), or the machine itself has something to do
   * ("service": the same, asked for or not). false: it did not wake the machine.
   */
  wake(by: "connection" | "service" | "key"): boolean {
    if (by === "key") {
      this.#sleepy = false;
      this.#calledOff = true;
      this.#visit?.abort();
      if (this.#state === "active") return false;
      this.#become("active");
      return true;
    }
    if (this.#state !== "full-sleep" || (by === "connection" && this.#wakers === 0)) return false;
    this.#become("partial-sleep");
    void this.#sleepAgainLater();
    return true;
  }

  #end(hold: { readonly reason: string }): void {
    const was = this.#holds.delete(hold);
    if (was && this.#visit === undefined) void this.#sleepFully();
  }

  async #sleepAgainLater(): Promise<void> {
    const visit = new AbortController();
    this.#visit = visit;
    await this.#clock.sleep(BACK_TO_SLEEP_MS, visit.signal);
    if (this.#visit !== visit) return;
    this.#visit = undefined;
    await this.#sleepFully();
  }

  #maySleepPartially(): boolean {
    return this.#sleepy && this.#state === "active" && this.#awake.size === 0;
  }

  #maySleepFully(): boolean {
    return this.#sleepy && this.#state === "partial-sleep" && this.#holds.size === 0;
  }

  async #sleepFully(): Promise<void> {
    if (!this.#maySleepFully()) return;
    // Not within this call: what is asked to prepare may end a hold, and come here again before this attempt is noted.
    this.#fallingAsleep ??= Promise.resolve().then(() => this.#prepareAndSleep());
    await this.#fallingAsleep;
  }

  async #prepareAndSleep(): Promise<void> {
    while (this.#maySleepFully()) {
      this.#calledOff = false;
      await Promise.all([...this.#preparations].map((preparation) => this.#atMost(preparation)));
      if (this.#maySleepFully() && !this.#calledOff) this.#become("full-sleep");
    }
    this.#fallingAsleep = undefined;
  }

  /** Ends when the preparation did, in whichever way, or when its time is up. */
  async #atMost({ prepare, limitMs }: Preparation): Promise<void> {
    const late = new AbortController();
    const done = new Promise<void>((resolve) => resolve(prepare())).catch(() => {
      // Rule of beforeSleep: a function that fails does not keep the machine awake.
    });
    await Promise.race([done, this.#clock.sleep(limitMs, late.signal)]);
    late.abort();
  }

  #become(state: PowerState): void {
    this.#state = state;
    this.#states.tell(state);
  }
}
