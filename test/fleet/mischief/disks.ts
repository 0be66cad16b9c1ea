/** Disks that are slow or full. */
import type { Deed, Scene } from "./deed.ts";
import { FAST_DISK, SLOW_DISK } from "../virtual-disk.ts";

export function diskDeeds({ fleet, later, storageFails }: Scene): Deed[] {
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
      weight: storageFails ? 6 : 0,
      happens: (machine, dice) => {
        machine.moduleDisk.failingWrites = dice.between(1, 3);
        fleet.say(`${machine.name}: its disk takes no more for ${machine.moduleDisk.failingWrites} writes`);
        return true;
      },
    },
  ];
}
