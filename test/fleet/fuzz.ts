/**
 * One seed, one history of a fleet: machines, people and everything that goes wrong with them. First safety: faults of
 * all kinds while the checkers watch. Then liveness: everything is healed, people stop, and within ten virtual minutes
 * all machines must be equal, nothing pending, what stands must be what the rules say, and the server must be able to
 * sleep once its clients are gone.
 */
import { isDeepStrictEqual } from "node:util";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Value } from "../../src/model/value.ts";
import { type Character, type CharacterOptions, aCharacter, isTrait } from "./character.ts";
import { Checkers } from "./checkers.ts";
import { comesThroughProxy } from "./checkers/hold-checker.ts";
import { Decisions } from "./decisions.ts";
import { Fleet } from "./fleet.ts";
import { Acts, asJudged } from "./acts.ts";
import { copyOf, difference } from "./machine-copy.ts";
import { ownerNamed, type VirtualMachine } from "./machine.ts";
import { entryName } from "./model/fold.ts";
import { mayLack, outfitOf } from "./models.ts";
import { Mischief } from "./mischief.ts";
import { JOIN_OWNERS, OWN_ITEM, PLAIN_OWNERS, aFolder, aHotEntry, anEntryOf, largeEntriesOf } from "./people.ts";
import { type Dice, seededDice } from "./random.ts";
import { OLDER } from "./mischief/versions.ts";
import { originFault } from "./origins.ts";
import { historyFault } from "./histories.ts";
import { machinesFault, ownersFault } from "./listings.ts";
import { passwordFault } from "./passwords.ts";
import { Sharing } from "./sharing.ts";
import { StandIn } from "./stand-in.ts";
import { Tally } from "./tally.ts";
import { FAIR_WEATHER, FOUL_WEATHER } from "./virtual-network.ts";

/** How many machines and steps, and whether anything goes wrong: the seed decides what is left out; faults are on. */
export interface FuzzOptions extends CharacterOptions {
  /** Only the decisions with these numbers are made; undefined: all. */
  readonly only?: ReadonlySet<number>;
  readonly onLine?: (line: string) => void;
  /** Is given the fleet, to look at it afterwards. */
  readonly onFleet?: (fleet: Fleet) => void;
}

export interface FuzzOutcome {
  readonly seed: number | string;
  /** What was broken, in a sentence; undefined: nothing. */
  readonly fault: string | undefined;
  /** The same with the states of all machines and the last lines of the transcript. */
  readonly failure: string | undefined;
  /** The last decision that was due; decisions are numbered from 1. */
  readonly step: number;
  /** The numbers of the decisions that were made. */
  readonly made: readonly number[];
  readonly fingerprint: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly acts: number;
  readonly machines: number;
  /** How often what happened. */
  readonly tally: Readonly<Record<string, number>>;
}

/** Acts closer together than this are one moment: a message that was stalled may be that late. */
const MOMENT_MS = 20_000;
/** Per message, where a broker says them again. */
const ECHOES = 0.05;
/** Deletions are remembered one by one for 90 days: some from before it are forgotten, some are not yet. */
const [HOLIDAY_MS_MIN, HOLIDAY_MS_MAX] = [89 * 24 * 3_600_000, 92 * 24 * 3_600_000];
/** Whose buttons are large, where people have such. */
const LARGE_OWNERS: readonly string[] = ["user:bob", "user:carol", "user:alice", "common"];
/** Entries of which every machine is asked where they come from. */
const ORIGINS = 2;
const HEAL_MS_MAX = 10 * 60_000;
const LOOK_MS = 100;
/** A server sleeps one lease after its last client. */
const NIGHTFALL_MS = 12_000;
/** By then whoever was without power is on again: a printer that was awake all night would be most of what is told of it. */
const LATE_MS = 60_000;
const NIGHT_MS = 8 * 3_600_000;

export async function fuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const run = new FuzzRun(options);
  options.onFleet?.(run.fleet);
  let fault: string | undefined;
  let failure: string | undefined;
  try {
    await run.run();
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failure = run.fleet.failure(`decision ${run.decisions.count}: ${text}`).message;
  }
  const { world } = run.fleet;
  return {
    seed: options.seed,
    fault,
    failure,
    step: run.decisions.count,
    made: run.decisions.made,
    fingerprint: world.fingerprint(),
    events: world.events,
    virtualMs: world.nowMs,
    acts: run.acts.oracle.acts.length,
    machines: run.fleet.machines.length,
    tally: run.tally.all(),
  };
}

class FuzzRun {
  readonly fleet: Fleet;
  readonly acts: Acts;
  readonly decisions: Decisions;
  readonly tally = new Tally();
  readonly #options: FuzzOptions;
  readonly #character: Character;
  readonly #dice: Dice;
  readonly #checkers: Checkers;
  readonly #mischief: Mischief;
  readonly #sharing: Sharing;
  readonly #standIn: StandIn;
  #lookedMs = 0;

  constructor(options: FuzzOptions) {
    const dice = seededDice(`fuzz ${options.seed}`);
    const character = aCharacter(options);
    this.#options = options;
    this.#character = character;
    this.#dice = dice;
    this.decisions = new Decisions(dice, options.only);
    this.fleet = new Fleet({
      seed: `fuzz ${options.seed}`,
      config: character.config,
      clocks: character.clocks,
      weather: FAIR_WEATHER,
      onMachine: (machine) => {
        machine.outfit = outfitOf(character, machine.name);
        if (character.traits.has("versions") && dice.fork(`version of ${machine.name}`).chance(0.4)) machine.protocol = OLDER;
        this.#checkers.follow(machine);
      },
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    });
    this.#sharing = new Sharing(this.fleet.wiretap);
    const { traits } = character;
    const shared = { fleet: this.fleet, sharing: this.#sharing, tally: this.tally, traits };
    this.acts = new Acts({ ...shared, momentMs: MOMENT_MS });
    const parts = { ...shared, acts: this.acts };
    this.#checkers = new Checkers({
      ...parts,
      // With a backup, an old image or a user who had to make room, what was replaced may come back.
      plainOwners: new Set(
        ["backups", "images", "half-images", "server-images", "crowd", "history", "stand-in", "elsewhere"].some(
          (trait) => isTrait(trait) && traits.has(trait),
        )
          ? []
          : PLAIN_OWNERS,
      ),
      usersMax: character.config.usersMax,
      changesKept: character.config.changesKept,
      mayLack: (machine, item) => mayLack(character, machine, item),
      changesScope: (item) => item === OWN_ITEM.item && (traits.has("scopes") || traits.has("crossing")),
      onChange: (_, change) => {
        this.#sharing.changed(change);
        for (const { owner } of change.purges) this.acts.oracle.purged(owner);
      },
      onJournal: (fold) => this.#sharing.begun(fold.scopes),
    });
    this.#standIn = new StandIn({ ...parts, pass: (ms) => this.#pass(ms), somebody: (names, dice) => this.#somebody(names, dice) });
    this.#mischief = new Mischief({ ...parts, checkers: this.#checkers });
    // A stamp of a clock that runs ahead says nothing: of two acts only what their authors had seen tells which one wins.
    if (character.fast !== undefined) this.acts.oracle.timeIsLost();
    for (const trait of traits) this.tally.count(`trait: ${trait}`);
  }

  async run(): Promise<void> {
    const { traits, steps, nightAt, holidayAt } = this.#character;
    const isHot = traits.has("hot");
    const dice = this.#dice.fork("waits");
    await this.#begin();
    for (let step = 1; step <= steps; step += 1) {
      if (step === nightAt) await this.decisions.next(() => this.#night());
      if (step === holidayAt) await this.decisions.next((own) => this.#holiday(own));
      await this.decisions.next((own) => this.#happens(own));
      if (isHot && dice.chance(0.9)) await this.#pass(dice.between(0, 250));
      else await this.#pass(dice.chance(0.3) ? dice.between(0, 300) : dice.between(100, 6_000));
    }
    if (traits.has("stand-in") && !traits.has("server-images")) await this.decisions.next((own) => this.#standIn.lose(own));
    else if (traits.has("elsewhere") && !["server-images", "rot", "clones"].some((trait) => isTrait(trait) && traits.has(trait)))
      await this.decisions.next((own) => this.#standIn.replace(own));
    if ((await this.#heal()) === "stood-down") return;
    await this.#judge();
    await this.#sleep();
  }

  async #begin(): Promise<void> {
    const { fleet } = this;
    const { names, serverTakesPart, faults } = this.#character;
    const dice = this.#dice.fork("begin");
    fleet.say(`seed ${this.#options.seed}: machines ${names.join(" ")}${serverTakesPart ? ", the server takes part" : ""}`);
    for (const name of names) await fleet.add(name);
    for (const name of names.slice(serverTakesPart ? 0 : 1)) {
      for (let n = dice.between(0, 4); n > 0; n -= 1)
        await this.decisions.next((own) => this.acts.person(name, anEntryOf(own.pick(JOIN_OWNERS), own)));
      if (this.#character.traits.has("large") && dice.fork(`large ${name}`).chance(0.7))
        await this.decisions.next((own) => this.#setsLarge(name, own.pick(LARGE_OWNERS), own));
    }
    await this.#pass(200);
    await fleet.serve("s");
    if (serverTakesPart) this.acts.joinSoon("s", "localhost");
    const clients = dice.shuffled(names.slice(1));
    for (const name of clients) {
      if (name !== clients[0] && dice.chance(0.25)) continue;
      await this.decisions.next(() => this.acts.joinSoon(name, fleet.at("s").address));
      if (dice.chance(0.5)) await this.#pass(dice.between(0, 5_000));
    }
    if (faults) {
      if (this.#character.traits.has("echoes")) fleet.network.echoes = ECHOES;
      fleet.network.weather = dice.chance(0.5) ? FOUL_WEATHER : FAIR_WEATHER;
      if (dice.chance(0.3)) return;
    }
    await this.#pass(20_000);
  }

  async #happens(dice: Dice): Promise<void> {
    const { names, serverTakesPart, faults, traits } = this.#character;
    const isHot = traits.has("hot");
    const roll = dice.fraction();
    if (roll < (faults ? 0.35 : 0)) return this.#mischief.happens(dice);
    const machine = dice.pick(names);
    if (!this.fleet.at(machine).on || (machine === "s" && !serverTakesPart)) return;
    if (roll > 0.95) return this.acts.login(machine, dice.pick(["user:alice", "user:bob", ""]));
    const owner = dice.chance(0.75) ? dice.pick(PLAIN_OWNERS) : dice.pick(JOIN_OWNERS);
    if (roll > 0.87) return this.acts.own(machine, dice);
    if (traits.has("passwords") && dice.fork("passwords").chance(0.15))
      return this.acts.leadsElsewhere(machine, aFolder(owner, dice), dice);
    if (traits.has("large") && dice.fork("large").chance(0.1)) return this.#setsLarge(machine, dice.pick(LARGE_OWNERS), dice);
    const entry = isHot && dice.chance(0.8) ? aHotEntry(dice) : anEntryOf(owner, dice);
    if (dice.chance(traits.has("holiday") ? 0.3 : 0.12)) return this.acts.deletes(machine, entry);
    for (let burst = dice.chance(0.1) ? dice.between(2, 12) : 1; burst > 0; burst -= 1) await this.acts.person(machine, entry);
  }

  /** At one of these machines an entry is set or deleted. */
  async #somebody(names: readonly string[], dice: Dice): Promise<void> {
    const [machine, entry] = [dice.pick(names), anEntryOf(dice.pick(PLAIN_OWNERS), dice)];
    if (dice.chance(0.2)) await this.acts.deletes(machine, entry);
    else await this.acts.person(machine, entry);
  }

  async #setsLarge(machine: string, owner: string, dice: Dice): Promise<void> {
    for (const entry of largeEntriesOf(owner, dice)) await this.acts.person(machine, entry);
  }

  /** Everybody goes home: the machines sleep, the last of them the server, and wake in the morning. */
  async #night(): Promise<void> {
    this.tally.count("fault: a night's sleep");
    for (const machine of this.fleet.inUse.toReversed()) {
      if (machine.on) void machine.hal.power.pressEnergySaver();
      await this.#pass(NIGHTFALL_MS);
    }
    await this.#pass(LATE_MS);
    for (const { on, hal } of this.fleet.inUse) if (on && hal.power.state === "active") void hal.power.pressEnergySaver();
    await this.#pass(NIGHT_MS);
    for (const machine of this.fleet.machines) if (machine.on) machine.wake();
  }

  /**
   * Everybody is away for months, and everything is off. The server machine goes first: what people still do reaches it when all are
   * back, one after another.
   */
  async #holiday(dice: Dice): Promise<void> {
    this.tally.count("fault: a holiday");
    this.fleet.say("everybody leaves for a holiday");
    this.fleet.at("s").powerOff();
    for (let n = dice.between(0, 6); n > 0; n -= 1) {
      const { name, on } = dice.pick(this.fleet.machines);
      const entry = anEntryOf(dice.pick(PLAIN_OWNERS), dice);
      const deletes = dice.chance(0.4);
      if (on && deletes) await this.acts.deletes(name, entry);
      else if (on) await this.acts.person(name, entry);
      await this.#pass(dice.between(0, 2_000));
    }
    this.#mischief.isDeserted = true;
    for (const machine of this.fleet.inUse) machine.powerOff();
    await this.#pass(dice.between(HOLIDAY_MS_MIN, HOLIDAY_MS_MAX));
    this.#mischief.isDeserted = false;
    for (const machine of dice.shuffled(this.fleet.inUse)) {
      if (!machine.on && !machine.starting) void machine.switchOnSoon();
      await this.#pass(dice.between(0, 10_000));
    }
  }

  /** Lets time pass while the checkers look on. */
  async #pass(ms: number): Promise<void> {
    const { world } = this.fleet;
    const endMs = world.nowMs + ms;
    await world.settleNow();
    for (let goesOn = true; goesOn; ) {
      goesOn = await world.step(endMs);
      const fault = this.fleet.lookedAt(() => this.#look(world.nowMs));
      if (fault !== undefined) throw new Error(fault);
    }
  }

  #look(nowMs: number): string | undefined {
    const fault = this.#checkers.watch();
    if (fault !== undefined || nowMs < this.#lookedMs + LOOK_MS) return fault;
    this.#lookedMs = nowMs;
    this.acts.look();
    return undefined;
  }

  /** Phase two: no more faults, no more people; everything must come to rest. */
  async #heal(): Promise<"settled" | "stood-down"> {
    this.fleet.say("everything is healed");
    this.#mischief.end();
    const startMs = this.fleet.world.nowMs;
    for (;;) {
      await this.#pass(1_000);
      this.#mischief.putRight();
      const serving = this.fleet.at(this.#standIn.serving);
      this.acts.complete(serving);
      this.#standIn.point();
      const state = serving.status?.server?.state;
      if (state === "stood-down" && this.#character.traits.has("server-images")) {
        // Its clients know a later epoch than its disk has ever heard of: an administrator has to decide (P16).
        this.tally.count("ended: the server has stood down");
        return "stood-down";
      }
      const isServed = state === "running";
      if (isServed && this.fleet.inUse.every(({ running }) => running) && this.#isSettled()) break;
      if (this.fleet.world.nowMs > startMs + HEAL_MS_MAX)
        throw new Error("liveness: ten minutes after everything was healed, the fleet is not up to date");
    }
    // Longer than a question waits for its answer. What a broker still says again may be of another epoch, and means hello (P14).
    this.#checkers.atRest = !this.#character.traits.has("echoes");
    await this.#pass(6_000);
    this.#checkers.atRest = false;
    return "settled";
  }

  #isSettled(): boolean {
    return (
      this.fleet.isSettled() &&
      this.acts.isSettled((machine) => this.#isForgotten(machine)) &&
      this.#standIn.isOver &&
      !this.#isSomebodyKeptOut()
    );
  }

  /** A member is refused, and will not be in a while: its key was in use twice, or the server had stopped. */
  #isSomebodyKeptOut(): boolean {
    const members = this.fleet.inUse.filter(({ name }) => this.acts.isMember(name) && !this.#standIn.isLost(name));
    return members.some((machine) => machine.status?.client?.state === "refused" && !this.#isForgotten(machine));
  }

  /** All copies are equal, and what stands is what the rules say. */
  async #judge(): Promise<void> {
    for (const machine of this.fleet.inUse) if (this.#isForgotten(machine)) this.acts.left(machine.name);
    const members = this.fleet.inUse.filter(({ name }) => this.acts.isMember(name) && !this.#standIn.isLost(name));
    for (const { name } of members) {
      const unfinished = this.#checkers.unfinished(name);
      if (unfinished !== undefined) throw new Error(unfinished);
    }
    const isCompared = (machine: string, owner: string, item: string): boolean =>
      !this.#sharing.isOwn(item) && !mayLack(this.#character, machine, item) && !this.#checkers.hasNoRoomFor(machine, owner);
    const copies = [];
    for (const machine of members) copies.push(await copyOf(machine, (owner, item) => isCompared(machine.name, owner, item)));
    const [first, ...rest] = copies;
    if (first === undefined) return;
    for (const copy of rest) {
      const areCompared = (owner: string, item: string): boolean =>
        isCompared(first.machine, owner, item) && isCompared(copy.machine, owner, item);
      const fault = difference(first, copy, areCompared);
      if (fault !== undefined) throw new Error(`I8: machines differ in the end: ${fault}`);
    }
    for (const entry of this.acts.oracle.entries()) {
      if (!isCompared(first.machine, entry.owner, entry.item)) continue;
      const value = asJudged(entry.item, first.entries.get(`${entry.owner} ${entry.item} ${entry.key}`));
      const fault = this.acts.oracle.fault(entry, value);
      if (fault !== undefined)
        throw new Error(`B03: ${entry.owner} ${entry.item} ${entry.key} = ${JSON.stringify(value)} everywhere: ${fault}`);
    }
    for (const machine of members) await this.#judgeOwn(machine.name);
    await this.#judgeOrigins(members);
    await this.#judgeWhatIsTold(members);
    for (const { machine, entries } of copies) {
      const fault = passwordFault(entries);
      if (fault !== undefined) throw new Error(`I24: ${machine} has ${fault}`);
    }
  }

  /**
   * The server's disk went back to before it knew the machine, or the machine's to before it had left, or it was taken out and nobody
   * came to start it anew: it has to be set up again.
   */
  #isForgotten({ name, status }: VirtualMachine): boolean {
    const { traits } = this.#character;
    const reason = status?.client?.reason;
    if (this.acts.wasTakenOut(name) && (reason === "put-out" || reason === "not-paired")) return true;
    const mayBe = traits.has("server-images") || traits.has("images") || traits.has("half-images");
    return mayBe && reason === "not-paired";
  }

  /** M20: what is device-specific is on its machine as it was set there. */
  async #judgeOwn(name: string): Promise<void> {
    const { entries } = await copyOf(this.fleet.at(name), (_, item) => this.#sharing.isOwn(item));
    for (const [entry, allowed] of this.acts.ownOf(name)) {
      const value: Value | undefined = entries.get(entry);
      if (!allowed.some((one) => isDeepStrictEqual(one, value)))
        throw new Error(`M20: ${name} has ${entry} = ${JSON.stringify(value)}, it set ${JSON.stringify(allowed)}`);
    }
  }

  /** B04: every machine says of an entry what the server's journal says of it. */
  async #judgeOrigins(members: readonly VirtualMachine[]): Promise<void> {
    const entries = this.#dice.fork("origins").shuffled(this.acts.oracle.entries()).slice(0, ORIGINS);
    const state = this.#checkers.stateOf(this.#standIn.serving);
    for (const machine of members) {
      for (const entry of entries.filter(({ item }) => !this.#sharing.isOwn(item))) {
        const told = await this.#why(machine, entry);
        const fault = originFault(told, state?.entries.get(entryName(entry)), (device) => this.#namesOf(device));
        if (fault !== undefined) throw new Error(`B04: ${machine.name} says of ${Object.values(entry).join(" ")}: ${fault}`);
      }
    }
  }

  /** Of a copy whose damage the question comes upon that is said, and it is fetched anew: then it can be asked. */
  async #why(machine: VirtualMachine, { owner, item, key }: Readonly<Record<"owner" | "item" | "key", string>>) {
    const ask = () => this.#asked(machine, () => machine.administration.why(ownerNamed(owner), item, key));
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== "storage-damaged") throw error;
      await this.#pass(LIMITS.leaseMs);
      return await ask();
    }
  }

  /** Whoever asks at a machine that sleeps wakes it first: it may have fallen asleep once nobody operated. */
  #asked<T>(machine: VirtualMachine, ask: () => Promise<T>): Promise<T> {
    if (machine.asleep) machine.wake();
    return this.fleet.until(ask());
  }

  /** M31: what the server machine lists is what is there; P23: nobody keeps what was deleted. */
  async #judgeWhatIsTold(members: readonly VirtualMachine[]): Promise<void> {
    const server = this.fleet.at(this.#standIn.serving);
    const state = this.#checkers.stateOf(server.name);
    if (state === undefined) return;
    const fault = () => machinesFault(server.administration.machines(), members);
    // Who was stopped while its hello was under way had no session to end: it operates for as long as a lease.
    if (fault() !== undefined) await this.#pass(LIMITS.leaseMs + LIMITS.beatMs);
    const machines = fault();
    if (machines !== undefined) throw new Error(`M31: ${server.name}: ${machines}`);
    const owners = await this.#asked(server, () => server.administration.owners());
    const listed = "word" in owners ? owners.word : ownersFault(owners, state);
    if (listed !== undefined) throw new Error(`M31: ${server.name}: ${listed}`);
    for (const machine of members) {
      const kept = await historyFault(machine.moduleDisk.peek(), state);
      if (kept !== undefined) throw new Error(`P23: ${machine.name} keeps ${kept}`);
    }
  }

  #namesOf(device: string): readonly string[] {
    return this.fleet.machines.filter(({ identity }) => identity === device).map(({ deviceName }) => deviceName);
  }

  /** M28: when the last client has stopped, sleeps or is lost, the server may sleep within one lease. */
  async #sleep(): Promise<void> {
    const dice = this.#dice.fork("sleep");
    const server = this.fleet.at(this.#standIn.serving);
    for (const machine of this.fleet.inUse) {
      if (machine === server) continue;
      const how = dice.between(0, 2);
      if (how === 0) machine.powerOff();
      else if (how === 1) void machine.hal.power.pressEnergySaver();
      else this.acts.leaveSoon(machine.name);
    }
    await this.#pass(LIMITS.leaseMs + 15_000);
    void server.hal.power.pressEnergySaver();
    await this.#pass(10_000);
    // M29: through a proxy its own client is one of the others, until the proxy is out of its way.
    if (comesThroughProxy(server) && server.status?.client?.state === "synchronized") {
      this.tally.count("judged: kept awake by its own client, through a proxy");
      if (server.asleep) throw new Error("M29: the server sleeps although its own client operates through a proxy");
      server.setProxy({ ...server.proxy, proxyExcludesLocalhost: true });
      await this.#pass(LIMITS.leaseMs + 15_000);
      void server.hal.power.pressEnergySaver();
      await this.#pass(10_000);
    }
    if (!server.asleep)
      throw new Error(`M28: the server does not sleep although nobody operates; holds: ${server.hal.power.holds().join(", ")}`);
  }
}
