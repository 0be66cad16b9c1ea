/** The administrator chooses the scope of sharing: in a fleet that was switched off for it, or at the wrong moment. */
import { OWN_ITEM } from "../people.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";

/** After a lease nobody counts as operating any more. */
const QUIET_MS = 26_000;
/** What each machine sets of its own just before. */
const OWN_EACH = 2;

export function sharingDeeds({ fleet, acts, sharing, traits, later, laterBackUp }: Scene): Deed[] {
  const choose = (): void => acts.setSharingSoon({ [OWN_ITEM.item]: sharing.isOwn(OWN_ITEM.item) ? "shared" : "device-specific" });
  const chooseWhileOff = (dice: Dice): boolean => {
    const server = fleet.at("s");
    if (!server.running) return false;
    for (const machine of fleet.machines) {
      if (machine === server || !machine.on) continue;
      if (dice.chance(0.7)) machine.powerOff();
      else void machine.hal.power.pressEnergySaver();
    }
    later(QUIET_MS, "scope", () => {
      choose();
      later(dice.between(0, 3_000), "the fleet comes back", () => {
        for (const machine of fleet.machines) {
          if (machine.on) machine.wake();
          else laterBackUp(machine, dice);
        }
      });
    });
    return true;
  };
  return [
    {
      name: "scope chosen while everybody is off",
      weight: traits.has("scopes") ? 5 : 0,
      happens: (_, dice) => chooseWhileOff(dice),
    },
    {
      name: "scope chosen while everybody has something of their own",
      weight: traits.has("crossing") ? 8 : 0,
      happens: (_, dice) => {
        if (!fleet.at("s").running) return false;
        for (const { name, on } of fleet.machines)
          for (let n = on && acts.isMember(name) ? OWN_EACH : 0; n > 0; n -= 1) void acts.own(name, dice.fork(`own ${name} ${n}`));
        later(dice.between(0, 2_000), "everybody is off", () => void chooseWhileOff(dice));
        return true;
      },
    },
    {
      name: "scope chosen at any moment",
      weight: traits.has("scopes") ? 3 : 0,
      happens: () => {
        choose();
        return true;
      },
    },
  ];
}
