/** Older images of a machine's disks that are put back: as after a repair, or by whoever keeps copies of disks. */
import type { KeyBlocks } from "../../../hal/sim/key-blocks.ts";
import type { VirtualMachine } from "../machine.ts";
import type { Deed, Scene } from "./deed.ts";

interface Image {
  readonly module: KeyBlocks;
  readonly machine: KeyBlocks;
  readonly takenMs: number;
}

/** Of client machines: a server whose disk goes back is another matter, and has an epoch of its own to settle it. */
export function imageDeeds({ fleet, acts, checkers, traits, laterBackUp }: Scene): Deed[] {
  const images = new Map<VirtualMachine, Image>();
  const isClient = (machine: VirtualMachine): boolean => machine !== fleet.at("s");
  return [
    {
      name: "image taken",
      weight: traits.has("images") ? 10 : 0,
      happens: (machine) => {
        if (!isClient(machine)) return false;
        const { moduleDisk, machineDisk } = machine;
        images.set(machine, { module: moduleDisk.medium.content, machine: machineDisk.medium.content, takenMs: fleet.world.nowMs });
        return true;
      },
    },
    {
      name: "image put back",
      weight: traits.has("images") ? 20 : 0,
      happens: (machine, dice) => {
        const image = images.get(machine);
        if (image === undefined || !isClient(machine)) return false;
        fleet.say(`${machine.name}: its disks are put back to how they were at ${image.takenMs} ms`);
        machine.powerOff();
        machine.moduleDisk.replace(image.module);
        machine.machineDisk.replace(image.machine);
        acts.putBackTo(machine.name, image.takenMs);
        checkers.left(machine.name);
        laterBackUp(machine, dice);
        return true;
      },
    },
  ];
}
