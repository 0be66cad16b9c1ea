/**
 * The server machine is lost, and another one takes its place (B06), or two do, by its copy or by a backup (M33); the clients are pointed to
 * it, and the old server steps aside, also where it was never lost. Or the old one serves again, and the clients are pointed back: where the heir's storage is lost as well, and where a
 * restore on the old server has the later mandate, because its clock was wrong (P16).
 */
import { SyncError } from "../../src/model/errors.ts";
import type { Acts } from "./acts.ts";
import type { Trait } from "./character.ts";
import type { Fleet } from "./fleet.ts";
import type { VirtualMachine } from "./machine.ts";
import type { Dice } from "./random.ts";
import type { Tally } from "./tally.ts";

export interface StandInParts {
  readonly fleet: Fleet;
  readonly acts: Acts;
  readonly tally: Tally;
  readonly traits: ReadonlySet<Trait>;
  readonly pass: (ms: number) => Promise<void>;
  /** Somebody does something at one of these machines. */
  readonly somebody: (machines: readonly string[], dice: Dice) => Promise<void>;
}

/** How often two machines take over. */
const TWICE = 0.35;
const TRIES = 6;
const TRY_MS = 10_000;
/** A machine that was pointed to another server has joined it within this, once everything is healed. */
const POINT_AGAIN_MS = 40_000;
const LOST = "s";
/** What people do between two servers, and how fast. */
const MEANWHILE_MAX = 6;
const MEANWHILE_MS_MAX = 3_000;
/** So soon before the server is lost: what is pushed then may be decided, and nobody hears of it. */
const JUST_BEFORE_MS = 40;
/** Between a backup and its restoring elsewhere. */
const BETWEEN_MS = 30_000;

export class StandIn {
  readonly #parts: StandInParts;
  readonly #pointedMs = new Map<string, number>();
  #heir: string | undefined;
  /** Another one that took over before it. Which of the two has the later mandate they find out. */
  #former: string | undefined;
  #isOldBack = false;
  /** The heir has a backup of the lost server, and no copy of its own. */
  #isRestored = false;

  constructor(parts: StandInParts) {
    this.#parts = parts;
  }

  /** The machine that serves. */
  get serving(): string {
    return this.#heir === undefined || this.#isOldBack ? LOST : this.#heir;
  }

  /** The server is switched off for good, as far as anybody knows; somebody tries to go on with one of the clients. */
  async lose(dice: Dice): Promise<void> {
    const { fleet, acts, tally, pass } = this.#parts;
    tally.count("fault: the server is lost");
    const lost = fleet.at(LOST);
    await this.#meanwhile(dice.fork("just before"), JUST_BEFORE_MS);
    if (lost.on) lost.powerOff();
    for (let tries = 0; tries < TRIES && !lost.on; tries += 1) {
      await pass(TRY_MS);
      const heirs = fleet.machines.filter(({ name, running, asleep }) => name !== LOST && running && !asleep && acts.isMember(name));
      if (heirs.length === 0) continue;
      const heir = dice.pick(heirs);
      if ((await this.#takesOver(heir)) !== "done") continue;
      heir.destination = "localhost";
      this.#heir = heir.name;
      acts.serverLost(LOST);
      if (dice.chance(TWICE)) await this.#takesOverAsWell(heir, dice);
      await this.#goOn(dice);
      return;
    }
  }

  /** Nobody told the administrator of another machine: it takes the same place, in an epoch of the same number. */
  async #takesOverAsWell(first: VirtualMachine, dice: Dice): Promise<void> {
    const { fleet, acts, tally } = this.#parts;
    await this.#meanwhile(dice.fork("between two heirs"), MEANWHILE_MS_MAX);
    const others = fleet.machines.filter(
      ({ name, running, asleep, isCopy }) => running && !asleep && !isCopy && acts.isMember(name) && name !== LOST,
    );
    const [second] = dice.shuffled(others.filter((machine) => machine !== first));
    if (second === undefined || (await this.#takesOver(second)) !== "done") return;
    tally.count("act: two machines took over");
    second.destination = "localhost";
    [this.#heir, this.#former] = [second.name, first.name];
  }

  /**
   * A backup of the server is restored on a client machine, and that serves from then on. The old server is off meanwhile, or somebody
   * forgot it, and it goes on.
   */
  async replace(dice: Dice): Promise<void> {
    const { fleet, acts, tally, pass } = this.#parts;
    const old = fleet.at(LOST);
    const [heir] = dice.shuffled(
      fleet.machines.filter(({ name, running, asleep }) => running && !asleep && acts.isMember(name) && name !== LOST),
    );
    if (heir === undefined || !old.running || heir.isCopy) return;
    const backup = await this.#answered(old, () => acts.backedUp(old));
    if (backup === undefined) return;
    await pass(dice.between(0, BETWEEN_MS));
    const isForgotten = dice.chance(0.5);
    if (!isForgotten && old.on) old.powerOff();
    fleet.say(`${heir.name}: restores a backup of ${LOST}${isForgotten ? ", which goes on" : ""}`);
    this.#clockIsRight(heir);
    for (let tries = 0; tries < TRIES && this.#heir === undefined; tries += 1) {
      acts.restoring(backup);
      const outcome = heir.running ? await this.#answered(heir, () => acts.restoredOn(heir, backup)) : undefined;
      tally.count(`act: restore elsewhere, ${outcome ?? "died over it"}`);
      if (outcome === "done") this.#heir = heir.name;
      else await pass(TRY_MS);
    }
    if (this.#heir === undefined) return;
    this.#isRestored = true;
    acts.serverLost(LOST);
  }

  /**
   * People go on before anybody was pointed to the new server, while they are, and after that. Not after a restore elsewhere: what the old
   * server still takes then is undone by it (M33).
   */
  async #goOn(dice: Dice): Promise<void> {
    for (const when of ["before", "while", "after"]) {
      await this.#meanwhile(dice.fork(when), MEANWHILE_MS_MAX);
      this.point();
    }
  }

  async #meanwhile(dice: Dice, msMax: number): Promise<void> {
    const { fleet, acts, tally, pass, somebody } = this.#parts;
    for (let n = dice.between(0, MEANWHILE_MAX); n > 0; n -= 1) {
      const there = fleet.machines.filter(({ name, on }) => on && acts.isMember(name) && !this.isLost(name)).map(({ name }) => name);
      if (there.length > 0) await somebody(there, dice);
      tally.count("act: between two servers");
      await pass(dice.between(0, msMax));
    }
  }

  /** undefined: the machine died over it. */
  async #answered<T>(machine: VirtualMachine, ask: () => Promise<T>): Promise<T | undefined> {
    const { pass } = this.#parts;
    const { administration } = machine;
    let answer: { readonly told: T | undefined } | undefined;
    void ask().then(
      (told) => (answer = { told }),
      (error: unknown) => {
        if (!(error instanceof SyncError)) throw error;
        answer = { told: undefined };
      },
    );
    while (answer === undefined && machine.running && machine.administration === administration) await pass(500);
    return answer?.told;
  }

  /** A server's clock is right (M06): whoever goes there to start it sees to that first. */
  #clockIsRight(machine: VirtualMachine): void {
    machine.timeServer = "answers";
    machine.clock.setWall(0);
    machine.clock.setSntp("answered");
  }

  /** The outcome; "died" when it is not told, for then the machine may have done it or not. */
  async #takesOver(heir: VirtualMachine): Promise<string> {
    const { fleet, tally, pass } = this.#parts;
    fleet.say(`${heir.name}: takes over`);
    this.#clockIsRight(heir);
    let outcome: string | undefined;
    const { administration } = heir;
    void administration.takeOver().then(
      (told) => (outcome = typeof told === "string" ? told : told.word),
      (error: unknown) => {
        if (!(error instanceof SyncError)) throw error;
        outcome = error.code;
      },
    );
    while (outcome === undefined && heir.running && heir.administration === administration) await pass(500);
    while (!heir.running) await pass(500);
    // What its disk says counts, when it died over the answer.
    const now = outcome ?? (heir.status?.server === undefined ? "died before" : "done");
    tally.count(`act: take-over, ${now}`);
    return now;
  }

  /** Whoever does not work with the server is pointed to it; the machine that is a server no more takes part no more. */
  point(): void {
    const { fleet, acts } = this.#parts;
    if (this.#heir === undefined || acts.isBusy) return;
    const heir = fleet.at(this.#heir);
    if (this.#isRestored && !heir.running) return;
    if (this.#isRestored && heir.status?.server === undefined) return acts.serveOnSoon(heir);
    if (this.#former !== undefined && this.#isAside(this.#heir) && fleet.at(this.#former).status?.server?.state === "running") {
      fleet.say(`${this.#heir}: has given way to ${this.#former}`);
      [this.#heir, this.#former] = [this.#former, this.#heir];
      this.#pointedMs.clear();
    }
    if (!this.#isOldBack && this.#hasGivenWay(fleet.at(this.#heir))) this.#turnBack(fleet.at(this.#heir));
    const server = fleet.at(this.serving);
    for (const machine of fleet.machines) {
      const { name } = machine;
      if (machine === server && this.#isPointedAway(machine)) acts.joinSoon(name, "localhost");
      if (machine === server || this.isLost(name) || !machine.running || !acts.isStarted(name)) continue;
      const isThere = machine.destination === server.address && machine.status?.client?.state === "synchronized";
      if (isThere || fleet.world.nowMs < (this.#pointedMs.get(name) ?? Number.NEGATIVE_INFINITY) + POINT_AGAIN_MS) continue;
      this.#pointedMs.set(name, fleet.world.nowMs);
      acts.joinSoon(name, server.address);
    }
  }

  /** Its own client does not come to it: it never did, or was pointed to the other heir before that one gave way. */
  #isPointedAway({ name, running, destination }: VirtualMachine): boolean {
    const { acts } = this.#parts;
    return destination !== "localhost" && (this.#isRestored || (name !== LOST && running && acts.isStarted(name)));
  }

  /** The heir serves no more, and the rules have it so. */
  #hasGivenWay(heir: VirtualMachine): boolean {
    const { fleet, traits } = this.#parts;
    if (!heir.running || fleet.at(LOST).status?.server?.state !== "running") return false;
    const state = heir.status?.server?.state;
    if (state === undefined) return traits.has("rot");
    return state === "stood-down" && traits.has("backups") && traits.has("clocks");
  }

  /** What the heir made meanwhile may lose to a restore that is later by its mandate. */
  #turnBack(heir: VirtualMachine): void {
    const { fleet, acts, tally } = this.#parts;
    fleet.say(`${heir.name}: has given way to the old server`);
    tally.count("the old server serves again");
    this.#isOldBack = true;
    this.#pointedMs.clear();
    acts.serverLost(heir.name);
    acts.oracle.serverLost(() => false);
  }

  /** Nothing of it counts any more. */
  isLost(name: string): boolean {
    return this.#heir !== undefined && name === (this.#isOldBack ? this.#heir : LOST);
  }

  /** The old server has heard of the new one. */
  get isOver(): boolean {
    if (this.#heir === undefined || this.#isOldBack) return true;
    return this.#isAside(LOST) && (this.#former === undefined || this.#isAside(this.#former));
  }

  #isAside(name: string): boolean {
    return this.#parts.fleet.at(name).status?.server?.state === "stood-down";
  }
}
