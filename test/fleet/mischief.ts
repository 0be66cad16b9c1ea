/** Everything that goes wrong in a simulated fleet, and gets right again. */
import type { Acts } from "./acts.ts";
import type { Trait } from "./character.ts";
import type { Checkers } from "./checkers.ts";
import type { Fleet } from "./fleet.ts";
import type { VirtualMachine } from "./machine.ts";
import { administratorDeeds, importDeeds } from "./mischief/administrators.ts";
import { backupDeeds } from "./mischief/backups.ts";
import { betweenDeeds } from "./mischief/between.ts";
import { cableDeeds } from "./mischief/cables.ts";
import { type Clones, cloneDeeds } from "./mischief/clones.ts";
import { clockDeeds } from "./mischief/clocks.ts";
import type { Deed, Scene } from "./mischief/deed.ts";
import { diskDeeds } from "./mischief/disks.ts";
import { sharingDeeds } from "./mischief/scopes.ts";
import { lookDeeds } from "./mischief/looks.ts";
import { moveDeeds } from "./mischief/moves.ts";
import { returnDeeds } from "./mischief/returns.ts";
import { servingDeeds } from "./mischief/serving.ts";
import { settingsDeeds } from "./mischief/settings.ts";
import { historyDeeds } from "./mischief/history.ts";
import { imageDeeds } from "./mischief/images.ts";
import { powerDeeds } from "./mischief/power.ts";
import { transferDeeds } from "./mischief/transfers.ts";
import { versionDeeds } from "./mischief/versions.ts";
import { endProxies, proxyDeeds } from "./mischief/proxies.ts";
import type { Dice } from "./random.ts";
import type { Sharing } from "./sharing.ts";
import type { Tally } from "./tally.ts";
import { FAST_DISK } from "./virtual-disk.ts";

export interface MischiefParts {
  readonly fleet: Fleet;
  readonly acts: Acts;
  readonly checkers: Checkers;
  readonly sharing: Sharing;
  readonly traits: ReadonlySet<Trait>;
  readonly tally: Tally;
}

export class Mischief {
  readonly #parts: MischiefParts;
  readonly #deeds: readonly Deed[];
  readonly #endImports: () => void;
  readonly #endSettings: () => void;
  readonly #clones: Clones;
  #over = false;
  /** Nobody is there who would switch a machine on. */
  isDeserted = false;

  constructor(parts: MischiefParts) {
    this.#parts = parts;
    const { world } = parts.fleet;
    const scene: Scene = {
      ...parts,
      later: (ms, label, act) => void world.after(ms, label, () => this.#over || act()),
      laterBackUp: (machine, dice) => this.#laterBackUp(machine, dice),
      isOver: () => this.#over,
    };
    const imports = importDeeds(scene);
    this.#endImports = imports.end;
    const settings = settingsDeeds(scene);
    this.#endSettings = settings.end;
    this.#clones = cloneDeeds(scene);
    this.#deeds = [
      ...powerDeeds(scene),
      ...cableDeeds(scene),
      ...diskDeeds(scene),
      ...clockDeeds(scene),
      ...imports.deeds,
      ...administratorDeeds(scene),
      ...sharingDeeds(scene),
      ...backupDeeds(scene),
      ...imageDeeds(scene),
      ...historyDeeds(scene),
      ...versionDeeds(scene),
      ...betweenDeeds(scene),
      ...transferDeeds(scene),
      ...this.#clones.deeds,
      ...servingDeeds(scene),
      ...settings.deeds,
      ...lookDeeds(scene),
      ...moveDeeds(scene),
      ...proxyDeeds(scene),
      ...returnDeeds(scene),
    ].filter(({ weight }) => weight > 0);
  }

  /** One thing goes wrong on one machine. */
  happens(dice: Dice): void {
    const { fleet, tally } = this.#parts;
    const machine = dice.pick(fleet.machines.filter(({ isCopy }) => !isCopy));
    if (!machine.on) return;
    const deed = this.#chosen(dice);
    if (deed.happens(machine, dice)) tally.count(`fault: ${deed.name}`);
  }

  #chosen(dice: Dice): Deed {
    let roll = dice.fraction() * this.#deeds.reduce((sum, { weight }) => sum + weight, 0);
    for (const deed of this.#deeds) {
      roll -= deed.weight;
      if (roll < 0) return deed;
    }
    return dice.pick(this.#deeds);
  }

  /** Nothing goes wrong any more; what was is put right. */
  end(): void {
    const { fleet, acts } = this.#parts;
    this.#over = true;
    acts.end();
    fleet.network.healAll();
    this.#endImports();
    this.#endSettings();
    this.#clones.end();
    endProxies(this.#parts);
    for (const machine of fleet.machines) {
      for (const disk of [machine.moduleDisk, machine.machineDisk]) {
        [disk.speed, disk.failingWrites] = [FAST_DISK, 0];
        disk.endRot();
      }
    }
    this.putRight();
  }

  /** Machines that are down are switched on, those asleep are woken, and time servers answer. */
  putRight(): void {
    for (const machine of this.#parts.fleet.inUse) {
      if (machine.on && machine.asleep) machine.wake();
      if (machine.timeServer === "silent") machine.timeServer = "answers";
      [machine.timeServerLateMs, machine.timeServerLieMs] = [0, 0];
      this.#backUp(machine);
      if (machine.clock.sntp().kind === "silent") machine.clock.setSntp("answered");
    }
  }

  #laterBackUp(machine: VirtualMachine, dice: Dice): void {
    const ms = dice.pick([dice.between(10, 2_000), dice.between(2_000, 60_000)]);
    this.#parts.fleet.world.after(ms, `${machine.name} comes back`, () => this.#over || this.isDeserted || this.#backUp(machine));
  }

  #backUp(machine: VirtualMachine): void {
    if (!machine.on && !machine.starting && !machine.isPutAway) void machine.switchOnSoon();
  }
}
