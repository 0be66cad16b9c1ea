/** Something goes wrong while a snapshot of several parts is on its way (P29), and people go on all the same. */
import type { VirtualMachine } from "../machine.ts";
import { anEntryOf, largeEntriesOf, PLAIN_OWNERS } from "../people.ts";
import type { Dice } from "../random.ts";
import { SLOW_DISK } from "../virtual-disk.ts";
import type { Deed, Scene } from "./deed.ts";

/** The next part, and its write, come within this. */
const SOON_MS = 40;
const CUT_MS_MAX = 40_000;

export function transferDeeds(scene: Scene): Deed[] {
  const { fleet, traits, isOver } = scene;
  const waiting: Dice[] = [];
  const isMeant = traits.has("large");
  if (isMeant)
    fleet.network.onMessage(({ from, to, message }) => {
      if (message.body.kind !== "part" || message.body.end || isOver()) return;
      const [dice] = waiting;
      if (dice === undefined || dice.chance(0.4)) return;
      waiting.shift();
      const ms = dice.chance(0.3) ? 0 : dice.between(0, SOON_MS);
      fleet.world.after(ms, `${to} in the middle of a snapshot`, () => isOver() || goesWrong(scene, [to, from], dice));
    });
  return [
    {
      name: "in the middle of the next snapshot",
      weight: isMeant ? 25 : 0,
      happens: (_, dice) => {
        waiting.push(dice);
        return true;
      },
    },
  ];
}

function goesWrong({ fleet, acts, tally, later, laterBackUp }: Scene, [to, from]: [string, string], dice: Dice): void {
  const [client, server] = [fleet.at(to), fleet.at(from)];
  const down = (machine: VirtualMachine, how: (machine: VirtualMachine) => void) => (): void => {
    if (!machine.on) return;
    how(machine);
    laterBackUp(machine, dice);
  };
  const ways: Record<string, () => void> = {
    "its client is killed": down(client, (machine) => machine.kill()),
    "its client loses power": down(client, (machine) => machine.powerOff()),
    "its server is killed": down(server, (machine) => machine.kill()),
    "its server loses power": down(server, (machine) => machine.powerOff()),
    "its server restarts": down(server, (machine) => void machine.restartSoon()),
    "the connection breaks": () => fleet.network.breakConnections(to),
    "the cable is out": () => {
      client.unplug();
      later(dice.between(100, CUT_MS_MAX), "cable in", () => client.plug());
    },
    "its disk is slow": () => {
      client.moduleDisk.speed = SLOW_DISK;
    },
    "the client falls asleep": () => {
      if (!client.on) return;
      void client.hal.power.pressEnergySaver();
      later(dice.between(1_000, CUT_MS_MAX), `${to} wakes`, () => client.on && client.wake());
    },
    "somebody edits": () => {
      const machines = fleet.machines.filter(({ name, on }) => on && acts.isMember(name));
      if (machines.length === 0) return;
      const owner = dice.pick(PLAIN_OWNERS);
      const entries = dice.chance(0.5) ? [anEntryOf(owner, dice)] : largeEntriesOf("user:alice", dice);
      for (const entry of entries) void acts.person(dice.pick(machines).name, entry);
    },
    "an owner is deleted": () => acts.deleteOwnerSoon(dice.pick(["user:bob", "user:carol"])),
  };
  const way = dice.pick(Object.keys(ways));
  fleet.say(`in the middle of a snapshot from ${from} to ${to}: ${way}`);
  tally.count(`fault: in the middle of a snapshot ${way}`);
  ways[way]?.();
}
