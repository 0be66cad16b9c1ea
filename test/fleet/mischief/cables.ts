/** Cables, partitions and brokers. What is lost, doubled, late or overtaken on the way is the weather's (virtual-network.ts). */
import type { VirtualMachine } from "../machine.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";

export function cableDeeds(scene: Scene): Deed[] {
  const { fleet, later } = scene;
  return [
    { name: "partition", weight: 7, happens: (machine, dice) => partition(scene, machine, dice, false) },
    { name: "one-way partition", weight: 5, happens: (machine, dice) => partition(scene, machine, dice, true) },
    { name: "flapping partition", weight: 3, happens: (machine, dice) => flaps(scene, machine, dice) },
    {
      name: "cable out",
      weight: 6,
      happens: (machine, dice) => {
        machine.unplug();
        later(dice.between(100, 60_000), "cable in", () => machine.plug());
        return true;
      },
    },
    {
      name: "connections broken",
      weight: 5,
      happens: (machine) => {
        fleet.network.breakConnections(machine.name);
        return true;
      },
    },
    {
      // The broker of the server machine starts again: every connection goes, and all that was on its way.
      name: "broker restarted",
      weight: 2,
      happens: () => {
        fleet.say("the broker starts again and knows nothing");
        fleet.network.breakConnections("s");
        return true;
      },
    },
  ];
}

/** Two machines, of which the server is one, in a chance order. */
function pair({ fleet }: Scene, machine: VirtualMachine, dice: Dice): [VirtualMachine, VirtualMachine] {
  const server = fleet.at("s");
  const other = machine === server ? dice.pick(fleet.machines.slice(1)) : server;
  return dice.chance(0.5) ? [machine, other] : [other, machine];
}

function partition(scene: Scene, machine: VirtualMachine, dice: Dice, oneWay: boolean): boolean {
  const { fleet, later } = scene;
  const [from, to] = pair(scene, machine, dice);
  fleet.say(`partition: ${from.name} ${oneWay ? "->" : "<->"} ${to.name}`);
  if (oneWay) fleet.network.cut(from.name, to.name);
  else fleet.network.partition(from.name, to.name);
  later(dice.pick([dice.between(100, 5_000), dice.between(5_000, 90_000)]), "partition heals", () => {
    fleet.say(`partition heals: ${from.name} <-> ${to.name}`);
    fleet.network.heal(from.name, to.name);
  });
  return true;
}

function flaps(scene: Scene, machine: VirtualMachine, dice: Dice): boolean {
  const { fleet, later } = scene;
  const [from, to] = pair(scene, machine, dice);
  const times = dice.between(3, 8);
  fleet.say(`the way ${from.name} <-> ${to.name} begins to flap`);
  let atMs = 0;
  for (let time = 1; time <= times; time += 1) {
    later(atMs, "flap: cut", () => fleet.network.partition(from.name, to.name));
    atMs += dice.between(100, 9_000);
    later(atMs, "flap: heals", () => fleet.network.heal(from.name, to.name));
    atMs += dice.between(100, 9_000);
  }
  return true;
}
