/** Plugs, processes and sleep. */
import type { VirtualMachine } from "../machine.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";

export function powerDeeds(scene: Scene): Deed[] {
  const { later, laterBackUp } = scene;
  const goesDown = (how: (machine: VirtualMachine) => void) => (machine: VirtualMachine, dice: Dice) => {
    how(machine);
    laterBackUp(machine, dice);
    return true;
  };
  return [
    { name: "process killed", weight: 14, happens: goesDown((machine) => machine.kill()) },
    { name: "power cut", weight: 8, happens: goesDown((machine) => machine.powerOff()) },
    { name: "killed right after a write", weight: 10, happens: diesWhileWriting(scene) },
    {
      name: "restarted",
      weight: 5,
      happens: (machine, dice) => {
        if (!machine.running) return false;
        void machine.restartSoon();
        laterBackUp(machine, dice);
        return true;
      },
    },
    {
      name: "sleeps",
      weight: 5,
      happens: (machine, dice) => {
        void machine.hal.power.pressEnergySaver();
        later(dice.between(1_000, 60_000), `${machine.name} wakes`, () => machine.on && machine.wake());
        return true;
      },
    },
  ];
}

/** The process dies at the very moment a batch becomes durable, before anybody hears of it (or the next one does not). */
const diesWhileWriting =
  ({ fleet, isOver, laterBackUp }: Scene) =>
  (machine: VirtualMachine, dice: Dice): boolean => {
    const disk = dice.chance(0.6) ? machine.moduleDisk : machine.machineDisk;
    let left = dice.between(1, 6);
    disk.onDurable = () => {
      left -= 1;
      if (left > 0 || isOver()) return;
      disk.onDurable = undefined;
      if (!machine.on) return;
      fleet.say(`${machine.name}: dies right after a write`);
      machine.kill();
      laterBackUp(machine, dice);
    };
    return true;
  };
