/** Clocks that are set wrong and time servers that are silent. */
import type { Deed, Scene } from "./deed.ts";

const DAY_MS = 24 * 3_600_000;

export function clockDeeds({ fleet, acts, traits, later, laterBackUp }: Scene): Deed[] {
  return [
    {
      // The server counts on its monotonic clock while it runs: nothing may come of it before the next power-off.
      name: "the server's clock steps",
      weight: traits.has("clocks") ? 4 : 0,
      happens: (_, dice) => {
        const server = fleet.at("s");
        acts.oracle.timeIsLost();
        const offsetMs = dice.pick([-1, 1]) * dice.between(1_000, dice.pick([60_000, DAY_MS, 400 * DAY_MS]));
        fleet.say(`s: its clock steps by ${offsetMs} ms`);
        server.clock.setWall(offsetMs);
        return true;
      },
    },
    {
      name: "power cut, then a time server that lies",
      weight: traits.has("clocks") ? 4 : 0,
      happens: (_, dice) => {
        const server = fleet.at("s");
        acts.oracle.timeIsLost();
        server.timeServerLieMs = dice.pick([-1, 1]) * dice.between(1_000, dice.pick([60_000, DAY_MS]));
        server.powerOff();
        laterBackUp(server, dice);
        later(dice.between(5_000, 90_000), "the time server is right again", () => (server.timeServerLieMs = 0));
        return true;
      },
    },
    {
      name: "power cut, then a late time server",
      weight: 2,
      happens: (machine, dice) => {
        if (machine.timeServer === "off") return false;
        machine.timeServerLateMs = dice.between(1_000, 45_000);
        machine.powerOff();
        laterBackUp(machine, dice);
        later(60_000, "the time server is quick again", () => (machine.timeServerLateMs = 0));
        return true;
      },
    },
    {
      name: "a client's clock jumps",
      weight: 4,
      happens: (machine, dice) => {
        if (machine === fleet.at("s")) return false;
        machine.clock.setWall(dice.between(-1_000_000_000, 1_000_000_000));
        return true;
      },
    },
    {
      // The power fails, and the time server does not answer when it is back (M06: good for seven days).
      name: "power cut, then no time server",
      weight: 3,
      happens: (machine, dice) => {
        if (machine.timeServer === "off") return false;
        machine.timeServer = "silent";
        machine.powerOff();
        laterBackUp(machine, dice);
        later(dice.between(5_000, 90_000), `${machine.name} time server`, () => (machine.timeServer = "answers"));
        return true;
      },
    },
  ];
}
