/** Clocks that are set wrong and time servers that are silent. */
import type { Deed, Scene } from "./deed.ts";

export function clockDeeds({ fleet, later, laterBackUp }: Scene): Deed[] {
  return [
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
