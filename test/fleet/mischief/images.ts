/** Older images of a machine's disks that are put back: as after a repair, or by whoever keeps copies of disks. */
import type { KeyBlocks } from "../../../hal/sim/key-blocks.ts";
import type { Act } from "../oracle.ts";
import type { VirtualMachine } from "../machine.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";

interface Image {
  readonly module: KeyBlocks;
  readonly machine: KeyBlocks;
  readonly takenMs: number;
  /** What the server had by then. */
  readonly contained: ReadonlySet<Act>;
}

/** Of a client machine, or, in other histories, of the server machine: it has to notice, and to begin a new epoch (P16). */
export function imageDeeds({ fleet, acts, checkers, traits, laterBackUp }: Scene): Deed[] {
  const images = new Map<VirtualMachine, Image>();
  const isMeant = (machine: VirtualMachine): boolean =>
    machine === fleet.at("s") ? traits.has("server-images") : traits.has("images") || traits.has("half-images");
  const isThere = traits.has("images") || traits.has("half-images") || traits.has("server-images");
  /** Which of the two storages: both, where the whole machine was repaired. */
  const chosen = (machine: VirtualMachine, dice: Dice): "both" | "module's" | "machine's" =>
    machine === fleet.at("s") || !traits.has("half-images") ? "both" : dice.pick(["module's", "machine's"]);
  return [
    {
      name: "image taken",
      weight: isThere ? 10 : 0,
      happens: (machine) => {
        if (!isMeant(machine)) return false;
        const { moduleDisk, machineDisk } = machine;
        const contained = new Set(acts.oracle.acts.filter(({ acknowledged }) => acknowledged));
        const disks = { module: moduleDisk.medium.content, machine: machineDisk.medium.content };
        images.set(machine, { ...disks, takenMs: fleet.world.nowMs, contained });
        return true;
      },
    },
    {
      name: "image put back",
      weight: isThere ? 20 : 0,
      happens: (machine, dice) => {
        const image = images.get(machine);
        if (image === undefined) return false;
        const which = chosen(machine, dice);
        fleet.say(`${machine.name}: its disks (${which}) are put back to how they were at ${image.takenMs} ms`);
        machine.powerOff();
        if (which !== "machine's") machine.moduleDisk.replace(image.module);
        if (which !== "module's") machine.machineDisk.replace(image.machine);
        if (machine === fleet.at("s")) {
          acts.oracle.restored(image.contained);
          checkers.serverPutBack(image.takenMs);
        }
        acts.putBackTo(machine.name, image.takenMs);
        checkers.left(machine.name);
        laterBackUp(machine, dice);
        return true;
      },
    },
  ];
}
