/** What lost is put back, by people at any machine (B02). */
import { JOIN_OWNERS } from "../people.ts";
import type { Deed, Scene } from "./deed.ts";

export function historyDeeds({ acts, traits }: Scene): Deed[] {
  return [
    {
      name: "put back from the history",
      weight: traits.has("history") ? 12 : 0,
      happens: (machine, dice) => acts.putBackSoon(machine.name, dice.pick([...JOIN_OWNERS, "user:alice", "group:1"])),
    },
  ];
}
