/** Disks that are slow, full or failing. */
import type { VirtualMachine } from "../machine.ts";
import { damageSegments } from "../damage-segments.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";
import { FAST_DISK, SLOW_DISK } from "../virtual-disk.ts";

export function diskDeeds(scene: Scene): Deed[] {
  const { fleet, later, traits } = scene;
  const fails = (machine: VirtualMachine, dice: Dice, as: "hal-full" | "hal-broken"): boolean => {
    const disk = dice.chance(0.7) ? machine.moduleDisk : machine.machineDisk;
    disk.failsAs = as;
    disk.failingWrites = dice.between(1, 3);
    fleet.say(`${machine.name}: ${disk.failingWrites} writes of ${disk === machine.moduleDisk ? "the module" : "the machine"} fail, ${as}`);
    return true;
  };
  return [
    {
      name: "slow disk",
      weight: 5,
      happens: (machine, dice) => {
        fleet.say(`${machine.name}: slow disk`);
        machine.moduleDisk.speed = SLOW_DISK;
        if (dice.chance(0.5)) machine.machineDisk.speed = SLOW_DISK;
        later(dice.between(1_000, 30_000), `${machine.name} disk`, () => {
          machine.moduleDisk.speed = FAST_DISK;
          machine.machineDisk.speed = FAST_DISK;
        });
        return true;
      },
    },
    {
      name: "record rots",
      weight: traits.has("rot") ? 12 : 0,
      happens: (machine, dice) => rots(scene, machine, dice),
    },
    {
      name: "segment rots",
      weight: traits.has("rot") ? 12 : 0,
      happens: (machine) => {
        if (machine === fleet.at("s") || damageSegments(machine.moduleDisk) === 0) return false;
        fleet.say(`${machine.name}: bits flip in what it has from snapshots`);
        return true;
      },
    },
    {
      name: "full disk",
      weight: traits.has("storage") ? 6 : 0,
      happens: (machine, dice) => fails(machine, dice, "hal-full"),
    },
    {
      name: "I/O error",
      weight: traits.has("storage") ? 4 : 0,
      happens: (machine, dice) => fails(machine, dice, "hal-broken"),
    },
  ];
}

/**
 * A bit of the module's storage flips (I28). As hal/parts/level-storage.ts has it: whoever reads the record is told so, and the
 * storage that cannot be repaired is put aside, so that the module begins with nothing.
 */
function rots({ fleet, acts, checkers, isOver, laterBackUp }: Scene, machine: VirtualMachine, dice: Dice): boolean {
  // What becomes of a server's data then is told elsewhere: it begins a new fleet.
  if (machine === fleet.at("s") || !machine.running) return false;
  const { moduleDisk } = machine;
  moduleDisk.rot(dice);
  moduleDisk.onRotFound = () => {
    moduleDisk.onRotFound = undefined;
    fleet.world.after(0, `${machine.name} puts its storage aside`, () => {
      if (isOver()) return;
      fleet.say(`${machine.name}: a record of its module is damaged; the storage is put aside`);
      machine.powerOff();
      moduleDisk.wipe();
      acts.left(machine.name);
      checkers.left(machine.name);
      laterBackUp(machine, dice);
    });
  };
  return true;
}
