/** Administrators of the server machine: they stop its function for a while (M11), and take machines out (M02). */
import type { Deed, Scene } from "./deed.ts";

/** Asked again until the clock is right. */
const AGAIN_MS = 5_000;
const TRIES = 12;

export function servingDeeds({ fleet, acts, checkers, traits, later }: Scene): Deed[] {
  const start = (triesLeft: number): void => {
    acts.serveAgainSoon();
    if (triesLeft > 0) later(AGAIN_MS, "server function, once more", () => start(triesLeft - 1));
  };
  return [
    {
      name: "server function stopped",
      weight: traits.has("serving") ? 6 : 0,
      happens: (_, dice) => {
        if (!acts.stopServingSoon()) return false;
        later(dice.pick([dice.between(10, 2_000), dice.between(2_000, 60_000)]), "server function", () => start(TRIES));
        return true;
      },
    },
    {
      name: "machine taken out",
      weight: traits.has("put-out") ? 6 : 0,
      happens: (machine, dice) => {
        if (!acts.takeOutSoon(machine.name)) return false;
        checkers.left(machine.name);
        later(dice.pick([dice.between(10, 3_000), dice.between(3_000, 40_000)]), `${machine.name} is started anew`, () => {
          if (!acts.isStarted(machine.name)) acts.joinSoon(machine.name, fleet.at("s").address);
        });
        return true;
      },
    },
  ];
}
