/** People who come back with what is not there any more, mistype, or do something when nobody thinks of it. */
import type { VirtualMachine } from "../machine.ts";
import { JOIN_OWNERS } from "../people.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";

/** A beat goes every 2.5 s: what is done to it falls into the writes that follow it. */
const AFTER_BEAT_MS = 30;

export function returnDeeds(scene: Scene): Deed[] {
  const { fleet, acts, checkers, traits, later } = scene;
  return [
    {
      // M15: it supplies the owner anew, for it joins.
      name: "stopped, and back with an owner that was deleted meanwhile",
      weight: traits.has("returns") ? 8 : 0,
      happens: (machine, dice) => {
        if (!machine.running || machine === fleet.at("s") || !acts.isMember(machine.name)) return false;
        acts.leaveSoon(machine.name);
        checkers.left(machine.name);
        const owner = dice.pick(JOIN_OWNERS.filter((one) => one !== "common"));
        later(dice.between(500, 5_000), `${owner} is deleted`, () => acts.deleteOwnerSoon(owner));
        later(dice.between(6_000, 30_000), `${machine.name} is started anew`, () => {
          if (!acts.isStarted(machine.name)) acts.joinSoon(machine.name, fleet.at("s").address);
        });
        return true;
      },
    },
    {
      name: "client function started with a wrong password",
      weight: traits.has("mistyped") ? 12 : 0,
      happens: (machine, dice) => {
        if (machine === fleet.at("s")) return false;
        if (acts.isMember(machine.name) && dice.chance(0.5)) {
          acts.leaveSoon(machine.name);
          checkers.left(machine.name);
          later(dice.between(2_000, 5_000), `${machine.name}: wrong password`, () => mistypes(scene, machine, dice));
          return true;
        }
        return mistypes(scene, machine, dice);
      },
    },
    { name: "goes down right after a beat", weight: traits.has("beats") ? 15 : 0, happens: afterBeat(scene) },
  ];
}

/** And is right some time later. */
function mistypes({ fleet, acts, later }: Scene, machine: VirtualMachine, dice: Dice): boolean {
  if (!acts.mistypesSoon(machine.name, fleet.at("s").address)) return false;
  later(dice.between(2_000, 30_000), `${machine.name} is started rightly`, () => {
    if (!acts.isStarted(machine.name)) acts.joinSoon(machine.name, fleet.at("s").address);
  });
  return true;
}

/** Whoever said it, or heard it, while nothing else is under way. */
function afterBeat({ fleet, isOver, laterBackUp, traits }: Scene): (machine: VirtualMachine, dice: Dice) => boolean {
  const waiting: Dice[] = [];
  if (traits.has("beats"))
    fleet.network.onMessage(({ from, to, message }) => {
      const dice = message.body.kind.endsWith("-beat") && !isOver() ? waiting.shift() : undefined;
      if (dice === undefined) return;
      const machine = fleet.at(dice.pick([from, to]));
      const how = dice.pick(["kill", "powerOff", "restartSoon"] as const);
      fleet.world.after(dice.between(0, AFTER_BEAT_MS), `${machine.name} after a beat`, () => {
        if (isOver() || !machine.on || (how === "restartSoon" && !machine.running)) return;
        void machine[how]();
        laterBackUp(machine, dice);
      });
    });
  return (_, dice) => {
    waiting.push(dice);
    return true;
  };
}
