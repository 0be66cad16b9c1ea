/** Everything that goes wrong in a simulated fleet, and gets right again. */
import type { Acts } from "./acts.ts";
import type { Checkers } from "./checkers.ts";
import type { Fleet } from "./fleet.ts";
import type { VirtualMachine } from "./machine.ts";
import { JOIN_OWNERS } from "./people.ts";
import type { Dice } from "./random.ts";
import { FAST_DISK, SLOW_DISK } from "./virtual-disk.ts";

export interface MischiefParts {
  readonly fleet: Fleet;
  readonly dice: Dice;
  readonly acts: Acts;
  readonly checkers: Checkers;
  readonly storageFails: boolean;
}

export class Mischief {
  readonly #parts: MischiefParts;
  readonly #imports = new Map<VirtualMachine, { end(): void }>();
  readonly #deeds: readonly [weight: number, deed: (machine: VirtualMachine) => void][];
  #over = false;

  constructor(parts: MischiefParts) {
    this.#parts = parts;
    const { dice, acts, fleet } = parts;
    this.#deeds = [
      [14, (machine) => this.#goesDown(machine, () => machine.kill())],
      [8, (machine) => this.#goesDown(machine, () => machine.powerOff())],
      [3, (machine) => this.#losesTime(machine)],
      [10, (machine) => this.#diesWhileWriting(machine)],
      [5, (machine) => this.#restarts(machine)],
      [12, (machine) => this.#partition(machine)],
      [6, (machine) => this.#cable(machine)],
      [6, (machine) => fleet.network.breakConnections(machine.name)],
      [5, (machine) => this.#sleeps(machine)],
      [5, (machine) => this.#slowDisk(machine)],
      [4, (machine) => machine !== fleet.at("s") && machine.clock.setWall(dice.between(-1_000_000_000, 1_000_000_000))],
      [4, (machine) => this.#importRuns(machine)],
      [5, (machine) => this.#leavesOrJoins(machine)],
      [3, () => acts.deleteOwnerSoon(dice.pick(JOIN_OWNERS.filter((owner) => owner !== "common")))],
      [parts.storageFails ? 6 : 0, (machine) => this.#fullDisk(machine)],
    ];
  }

  /** One thing goes wrong on one machine. */
  happens(): void {
    const { fleet, dice } = this.#parts;
    const machine = dice.pick(fleet.machines);
    if (!machine.on) return;
    const total = this.#deeds.reduce((sum, [weight]) => sum + weight, 0);
    let roll = dice.fraction() * total;
    for (const [weight, deed] of this.#deeds) {
      roll -= weight;
      if (roll < 0) return deed(machine);
    }
  }

  /** Nothing goes wrong any more; what was is put right. */
  end(): void {
    const { fleet, acts } = this.#parts;
    this.#over = true;
    acts.forget();
    fleet.network.healAll();
    for (const one of this.#imports.values()) one.end();
    for (const machine of fleet.machines) {
      for (const disk of [machine.moduleDisk, machine.machineDisk]) [disk.speed, disk.failingWrites] = [FAST_DISK, 0];
    }
    this.putRight();
  }

  /** Machines that are down are switched on, those asleep are woken, and time servers answer. */
  putRight(): void {
    for (const machine of this.#parts.fleet.machines) {
      this.#backUp(machine);
      if (machine.on && machine.asleep) machine.wake();
      if (machine.timeServer === "silent") machine.timeServer = "answers";
      if (machine.clock.sntp().kind === "silent") machine.clock.setSntp("answered");
    }
  }

  /** What is to get right by itself does so, unless everything was put right before. */
  #later(ms: number, label: string, act: () => void): void {
    this.#parts.fleet.world.after(ms, label, () => {
      if (!this.#over) act();
    });
  }

  #goesDown(machine: VirtualMachine, how: () => void): void {
    how();
    this.#laterBackUp(machine);
  }

  /** The power fails, and the time server does not answer when it is back (M06: good for seven days). */
  #losesTime(machine: VirtualMachine): void {
    const { dice } = this.#parts;
    if (machine.timeServer === "off") return;
    machine.timeServer = "silent";
    this.#goesDown(machine, () => machine.powerOff());
    this.#later(dice.between(5_000, 90_000), `${machine.name} time server`, () => (machine.timeServer = "answers"));
  }

  #laterBackUp(machine: VirtualMachine): void {
    const { dice } = this.#parts;
    this.#later(dice.pick([dice.between(10, 2_000), dice.between(2_000, 60_000)]), `${machine.name} comes back`, () =>
      this.#backUp(machine),
    );
  }

  #backUp(machine: VirtualMachine): void {
    if (!machine.on && !machine.starting) void machine.switchOnSoon();
  }

  /** The process dies at the very moment a batch becomes durable, before anybody hears of it (or the next one does not). */
  #diesWhileWriting(machine: VirtualMachine): void {
    const { dice, fleet } = this.#parts;
    const disk = dice.chance(0.6) ? machine.moduleDisk : machine.machineDisk;
    let left = dice.between(1, 6);
    disk.onDurable = () => {
      left -= 1;
      if (left > 0 || this.#over) return;
      disk.onDurable = undefined;
      if (!machine.on) return;
      fleet.say(`${machine.name}: dies right after a write`);
      machine.kill();
      this.#laterBackUp(machine);
    };
  }

  #restarts(machine: VirtualMachine): void {
    if (!machine.running) return;
    void machine.restartSoon();
    this.#laterBackUp(machine);
  }

  #partition(machine: VirtualMachine): void {
    const { fleet, dice } = this.#parts;
    const server = fleet.at("s");
    const other = machine === server ? dice.pick(fleet.machines.slice(1)) : server;
    const [from, to] = dice.chance(0.5) ? [machine, other] : [other, machine];
    const oneWay = dice.chance(0.4);
    fleet.say(`partition: ${from.name} ${oneWay ? "->" : "<->"} ${to.name}`);
    if (oneWay) fleet.network.cut(from.name, to.name);
    else fleet.network.partition(from.name, to.name);
    this.#later(dice.pick([dice.between(100, 5_000), dice.between(5_000, 90_000)]), "partition heals", () => {
      fleet.say(`partition heals: ${from.name} <-> ${to.name}`);
      fleet.network.heal(from.name, to.name);
    });
  }

  #cable(machine: VirtualMachine): void {
    const { dice } = this.#parts;
    machine.unplug();
    this.#later(dice.between(100, 60_000), "cable in", () => machine.plug());
  }

  #sleeps(machine: VirtualMachine): void {
    const { dice } = this.#parts;
    void machine.hal.power.pressEnergySaver();
    this.#later(dice.between(1_000, 60_000), `${machine.name} wakes`, () => {
      if (machine.on) machine.wake();
    });
  }

  #slowDisk(machine: VirtualMachine): void {
    const { fleet, dice } = this.#parts;
    fleet.say(`${machine.name}: slow disk`);
    machine.moduleDisk.speed = SLOW_DISK;
    if (dice.chance(0.5)) machine.machineDisk.speed = SLOW_DISK;
    this.#later(dice.between(1_000, 30_000), `${machine.name} disk`, () => {
      machine.moduleDisk.speed = FAST_DISK;
      machine.machineDisk.speed = FAST_DISK;
    });
  }

  #fullDisk(machine: VirtualMachine): void {
    machine.moduleDisk.failingWrites = this.#parts.dice.between(1, 3);
    this.#parts.fleet.say(`${machine.name}: its disk takes no more for ${machine.moduleDisk.failingWrites} writes`);
  }

  #importRuns(machine: VirtualMachine): void {
    const { fleet, dice } = this.#parts;
    if (!machine.running || this.#imports.has(machine)) return;
    const one = machine.hal.restrictions.beginImportExport();
    if (one === "locked") return;
    this.#imports.set(machine, one);
    fleet.say(`${machine.name}: an import or export runs`);
    this.#later(dice.between(500, 20_000), `${machine.name} import ends`, () => {
      this.#imports.delete(machine);
      one.end();
    });
  }

  #leavesOrJoins(machine: VirtualMachine): void {
    const { fleet, acts, checkers } = this.#parts;
    const server = fleet.at("s");
    if (!machine.running || machine === server) return;
    if (!acts.isStarted(machine.name)) return acts.joinSoon(machine.name, server.address);
    acts.leaveSoon(machine.name);
    checkers.left(machine.name);
  }
}
