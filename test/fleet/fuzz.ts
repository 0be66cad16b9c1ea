/**
 * One seed, one history of a fleet: machines, people and everything that goes wrong with them. First safety: faults of
 * all kinds while the checkers watch. Then liveness: everything is healed, people stop, and within ten virtual minutes
 * all machines must be equal, nothing pending, what stands must be what the rules say, and the server must be able to
 * sleep once its clients are gone.
 */
import { isDeepStrictEqual } from "node:util";
import { LIMITS } from "../../src/model/limits.ts";
import type { Config } from "../../src/model/config.ts";
import type { Value } from "../../src/model/value.ts";
import { Checkers, deviceSpecificItems } from "./checkers.ts";
import { Fleet } from "./fleet.ts";
import { Acts } from "./acts.ts";
import { copyOf, difference } from "./machine-copy.ts";
import { Mischief } from "./mischief.ts";
import { JOIN_OWNERS, PLAIN_OWNERS, aHotEntry, anEntryOf } from "./people.ts";
import { type Dice, seededDice } from "./random.ts";
import { FAIR_WEATHER, FOUL_WEATHER } from "./virtual-network.ts";
import type { ClockFault } from "./virtual-time.ts";

export interface FuzzOptions {
  readonly seed: number | string;
  /** How many machines; the seed decides when left out. */
  readonly machines?: number;
  /** false: nothing goes wrong. */
  readonly faults?: boolean;
  readonly onLine?: (line: string) => void;
  /** Is given the fleet, to look at it afterwards. */
  readonly onFleet?: (fleet: Fleet) => void;
}

export interface FuzzOutcome {
  readonly seed: number | string;
  /** What was broken, with the last lines of the transcript; undefined: nothing. */
  readonly failure: string | undefined;
  readonly fingerprint: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly acts: number;
  readonly machines: number;
}

/** Acts closer together than this are one moment: a message that was stalled may be that late. */
const MOMENT_MS = 20_000;
const HEAL_MS_MAX = 10 * 60_000;
const INSPECT_EVERY_MS = 4_000;
const INSPECT_HOT_MS = 150;
const STEP_MS = 100;
const YEAR_MS = 365 * 24 * 3_600_000;

export async function fuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const run = new FuzzRun(options);
  options.onFleet?.(run.fleet);
  let failure: string | undefined;
  try {
    await run.run();
  } catch (error) {
    failure = run.fleet.failure(error instanceof Error ? (error.stack ?? error.message) : String(error)).message;
  }
  const { world } = run.fleet;
  return {
    seed: options.seed,
    failure,
    fingerprint: world.fingerprint(),
    events: world.events,
    virtualMs: world.nowMs,
    acts: run.acts.oracle.acts.length,
    machines: run.fleet.machines.length,
  };
}

class FuzzRun {
  readonly fleet: Fleet;
  readonly acts: Acts;
  readonly #options: FuzzOptions;
  readonly #dice: Dice;
  readonly #checkers: Checkers;
  readonly #mischief: Mischief;
  readonly #names: readonly string[];
  readonly #deviceSpecific: ReadonlySet<string>;
  readonly #serverTakesPart: boolean;
  /** Everybody works on the same few entries, fast: most of what can go wrong between two writes needs that. */
  readonly #isHot: boolean;
  #inspectedMs = 0;

  constructor(options: FuzzOptions) {
    this.#options = options;
    const dice = seededDice(`fuzz ${options.seed}`);
    this.#dice = dice;
    const count = options.machines ?? (dice.chance(0.08) ? dice.between(6, 10) : dice.between(2, 5));
    this.#names = ["s", ..."abcdefghi".slice(0, count - 1)];
    this.#serverTakesPart = dice.chance(0.4);
    this.#isHot = dice.chance(0.3);
    const faults = options.faults ?? true;
    const scopes: Config["scopes"] = dice.chance(0.5) ? { timeline: "device-specific" } : {};
    this.#deviceSpecific = deviceSpecificItems(scopes);
    this.fleet = new Fleet({
      seed: `fuzz ${options.seed}`,
      config: { scopes },
      clocks: Object.fromEntries(this.#names.map((name) => [name, faults ? aClock(name, dice) : { offsetMs: 0, driftPpm: 0 }])),
      weather: FAIR_WEATHER,
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    });
    this.acts = new Acts({ fleet: this.fleet, momentMs: MOMENT_MS, deviceSpecific: this.#deviceSpecific });
    const storageFails = faults && dice.chance(0.1);
    this.#checkers = new Checkers({
      fleet: this.fleet,
      deviceSpecific: this.#deviceSpecific,
      plainOwners: new Set(PLAIN_OWNERS),
      unrecorded: (machine) => this.acts.unrecorded(machine),
      actsOf: (machine) => this.acts.oracle.acts.filter((act) => act.machine === machine).length,
      isMember: (machine) => this.acts.isMember(machine),
      storageFails,
    });
    this.#mischief = new Mischief({
      fleet: this.fleet,
      dice: dice.fork("mischief"),
      acts: this.acts,
      checkers: this.#checkers,
      storageFails,
    });
  }

  async run(): Promise<void> {
    await this.#begin();
    const steps = this.#isHot ? this.#dice.between(80, 240) : this.#dice.between(40, 140);
    for (let step = 1; step <= steps; step += 1) {
      await this.#happens();
      if (this.#isHot && this.#dice.chance(0.9)) await this.#pass(this.#dice.between(0, 250));
      else await this.#pass(this.#dice.chance(0.3) ? this.#dice.between(0, 300) : this.#dice.between(100, 6_000));
    }
    await this.#heal();
    await this.#judge();
    await this.#sleep();
  }

  async #begin(): Promise<void> {
    const { fleet } = this;
    fleet.say(`seed ${this.#options.seed}: machines ${this.#names.join(" ")}${this.#serverTakesPart ? ", the server takes part" : ""}`);
    for (const name of this.#names) await fleet.add(name);
    for (const name of this.#names.slice(this.#serverTakesPart ? 0 : 1)) {
      for (let n = this.#dice.between(0, 4); n > 0; n -= 1)
        await this.acts.person(name, anEntryOf(this.#dice.pick(JOIN_OWNERS), this.#dice));
    }
    await this.#pass(200);
    await fleet.serve("s");
    if (this.#serverTakesPart) this.acts.joinSoon("s", "localhost");
    const clients = this.#dice.shuffled(this.#names.slice(1));
    for (const name of clients) {
      if (name !== clients[0] && this.#dice.chance(0.25)) continue;
      this.acts.joinSoon(name, fleet.at("s").address);
      if (this.#dice.chance(0.5)) await this.#pass(this.#dice.between(0, 5_000));
    }
    if (this.#options.faults !== false) {
      fleet.network.weather = this.#dice.chance(0.5) ? FOUL_WEATHER : FAIR_WEATHER;
      if (this.#dice.chance(0.3)) return;
    }
    await this.#pass(20_000);
  }

  async #happens(): Promise<void> {
    const dice = this.#dice;
    const roll = dice.fraction();
    const mischief = this.#options.faults === false ? 0 : 0.35;
    if (roll < mischief) return this.#mischief.happens();
    const machine = dice.pick(this.#names);
    if (!this.fleet.at(machine).on || (machine === "s" && !this.#serverTakesPart)) return;
    if (roll > 0.95) return this.acts.login(machine, dice.pick(["user:alice", "user:bob", ""]));
    const owner = dice.chance(0.75) ? dice.pick(PLAIN_OWNERS) : dice.pick(JOIN_OWNERS);
    if (roll > 0.87) return this.acts.own(machine, dice);
    const entry = this.#isHot && dice.chance(0.8) ? aHotEntry(dice) : anEntryOf(owner, dice);
    if (dice.chance(0.12)) return this.acts.deletes(machine, entry);
    for (let burst = dice.chance(0.1) ? dice.between(2, 12) : 1; burst > 0; burst -= 1) await this.acts.person(machine, entry);
  }

  /** Lets time pass while the checkers look on. */
  async #pass(ms: number): Promise<void> {
    const { world } = this.fleet;
    const endMs = world.nowMs + ms;
    for (let untilMs = world.nowMs; untilMs < endMs; ) {
      untilMs = Math.min(endMs, untilMs + STEP_MS);
      while (await world.step(untilMs)) this.#look();
      this.#look();
      this.acts.look();
      if (world.nowMs >= this.#inspectedMs + (this.#isHot ? INSPECT_HOT_MS : INSPECT_EVERY_MS)) await this.#inspect();
    }
  }

  #look(): void {
    const fault = this.#checkers.watch();
    if (fault !== undefined) throw new Error(fault);
  }

  async #inspect(): Promise<void> {
    this.#inspectedMs = this.fleet.world.nowMs;
    const fault = await this.#checkers.inspect();
    if (fault !== undefined) throw new Error(fault);
  }

  /** Phase two: no more faults, no more people; everything must come to rest. */
  async #heal(): Promise<void> {
    this.fleet.say("everything is healed");
    this.#mischief.end();
    const startMs = this.fleet.world.nowMs;
    for (;;) {
      await this.#pass(1_000);
      this.#mischief.putRight();
      this.acts.complete();
      if (this.fleet.machines.every(({ running }) => running) && this.fleet.isSettled() && this.acts.isSettled()) break;
      if (this.fleet.world.nowMs > startMs + HEAL_MS_MAX)
        throw new Error("liveness: ten minutes after everything was healed, the fleet is not up to date");
    }
    await this.#pass(2_000);
    await this.#inspect();
  }

  /** All copies are equal, and what stands is what the rules say. */
  async #judge(): Promise<void> {
    const members = this.fleet.machines.filter(({ name }) => this.acts.isMember(name));
    const copies = [];
    for (const machine of members) copies.push(await copyOf(machine, (item) => !this.#deviceSpecific.has(item)));
    const [first, ...rest] = copies;
    if (first === undefined) return;
    for (const copy of rest) {
      const fault = difference(first, copy);
      if (fault !== undefined) throw new Error(`liveness: machines differ in the end: ${fault}`);
    }
    for (const entry of this.acts.oracle.entries()) {
      const value = first.entries.get(`${entry.owner} ${entry.item} ${entry.key}`);
      const fault = this.acts.oracle.fault(entry, value);
      if (fault !== undefined)
        throw new Error(`B03: ${entry.owner} ${entry.item} ${entry.key} = ${JSON.stringify(value)} everywhere: ${fault}`);
    }
    for (const machine of members) await this.#judgeOwn(machine.name);
  }

  /** M20: what is device-specific is on its machine as it was set there. */
  async #judgeOwn(name: string): Promise<void> {
    if (this.#deviceSpecific.size === 0) return;
    const { entries } = await copyOf(this.fleet.at(name), (item) => this.#deviceSpecific.has(item));
    for (const [entry, allowed] of this.acts.ownOf(name)) {
      const value: Value | undefined = entries.get(entry);
      if (!allowed.some((one) => isDeepStrictEqual(one, value)))
        throw new Error(`M20: ${name} has ${entry} = ${JSON.stringify(value)}, it set ${JSON.stringify(allowed)}`);
    }
  }

  /** M28: when the last client has stopped, sleeps or is lost, the server may sleep within one lease. */
  async #sleep(): Promise<void> {
    for (const machine of this.fleet.machines.slice(1)) {
      const how = this.#dice.between(0, 2);
      if (how === 0) machine.powerOff();
      else if (how === 1) void machine.hal.power.pressEnergySaver();
      else this.acts.leaveSoon(machine.name);
    }
    await this.#pass(LIMITS.leaseMs + 15_000);
    const server = this.fleet.at("s");
    void server.hal.power.pressEnergySaver();
    await this.#pass(10_000);
    if (!server.asleep)
      throw new Error(`M28: the server does not sleep although nobody operates; holds: ${server.hal.power.holds().join(", ")}`);
  }
}

/** The server's clock is right (M06); a client's may be anything. */
function aClock(name: string, dice: Dice): ClockFault {
  const driftPpm = dice.between(-100, 100);
  if (name === "s") return { offsetMs: 0, driftPpm };
  const offsetMs = dice.pick([0, dice.between(-3_600_000, 3_600_000), -10 * YEAR_MS, 10 * YEAR_MS]);
  return { offsetMs, driftPpm };
}
