/** People look at what a join would do and at what lost (B01, B02), and go away again. */
import { JOIN_OWNERS } from "../people.ts";
import type { Deed, Scene } from "./deed.ts";

export function lookDeeds({ acts, traits }: Scene): Deed[] {
  return [
    {
      name: "somebody looks",
      weight: traits.has("looks") ? 10 : 0,
      happens: (machine, dice) => acts.looksSoon(machine.name, dice.chance(0.5) ? dice.pick(JOIN_OWNERS) : undefined),
    },
  ];
}
