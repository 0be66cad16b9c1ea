/** The image of a client machine, with its key, runs in a second machine (I21): at one time one of them at most is in session. */
import type { VirtualMachine } from "../machine.ts";
import type { Deed, Scene } from "./deed.ts";

export interface Clones {
  readonly deeds: Deed[];
  /** Whoever was copied runs alone again. */
  readonly end: () => void;
}

const CLONES_MAX = 2;

export function cloneDeeds({ fleet, acts, traits, later }: Scene): Clones {
  const clones: VirtualMachine[] = [];
  const putAway = (clone: VirtualMachine): void => {
    if (clone.isPutAway) return;
    clone.isPutAway = true;
    if (clone.on) clone.powerOff();
    acts.left(clone.name);
  };
  const deeds: Deed[] = [
    {
      name: "image runs in a second machine",
      weight: traits.has("clones") ? 6 : 0,
      happens: (machine, dice) => {
        if (machine === fleet.at("s") || !acts.isMember(machine.name)) return false;
        if (clones.length === CLONES_MAX) return false;
        const clone = fleet.clone(machine.name, `clone ${clones.length + 1}`);
        clones.push(clone);
        fleet.say(`${clone.name}: has the image of ${machine.name}`);
        void clone.switchOnSoon();
        later(dice.between(2_000, 90_000), `${clone.name} is put away`, () => putAway(clone));
        return true;
      },
    },
  ];
  return { deeds, end: () => clones.forEach(putAway) };
}
