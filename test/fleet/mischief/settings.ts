/** Settings that must be the same on all machines come to differ for a while (M10): on a client, or on the server machine. */
import { FACTORY_POLICY, type SimPolicy } from "../../../hal/sim/sim-users.ts";
import type { Deed, Scene } from "./deed.ts";

const WAYS: readonly Partial<SimPolicy>[] = [
  { loginService: "directory" },
  { domains: ["SALES"] },
  { departments: { on: true, ids: ["7"] } },
  { groups: [{ id: "9", name: "Ninth", members: [] }] },
];

export interface Settings {
  readonly deeds: Deed[];
  /** They are the same everywhere again. */
  readonly end: () => void;
}

export function settingsDeeds({ fleet, traits, later }: Scene): Settings {
  const putRight = (): void => {
    for (const machine of fleet.machines) machine.chooseSettings(FACTORY_POLICY);
  };
  const deeds: Deed[] = [
    {
      name: "settings differ",
      weight: traits.has("settings") ? 8 : 0,
      happens: (machine, dice) => {
        const settings = dice.pick(WAYS);
        fleet.say(`${machine.name}: its settings are ${JSON.stringify(settings)}`);
        machine.chooseSettings(settings);
        later(dice.pick([dice.between(10, 3_000), dice.between(3_000, 60_000)]), "settings are put right", putRight);
        return true;
      },
    },
  ];
  return { deeds, end: putRight };
}
