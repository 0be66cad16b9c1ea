/** Disks that are slow, full or failing. */
import type { VirtualMachine } from "../machine.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";
import { FAST_DISK, SLOW_DISK } from "../virtual-disk.ts";

export function diskDeeds({ fleet, later, traits }: Scene): Deed[] {
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
