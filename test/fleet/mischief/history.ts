/** What lost is put back, by people at any machine (B02). */
import type { Acts } from "../acts.ts";
import { JOIN_OWNERS } from "../people.ts";
import type { Dice } from "../random.ts";
import type { Deed, Scene } from "./deed.ts";

const OWNERS: readonly string[] = [...JOIN_OWNERS, "user:alice", "group:1"];
/** How often somebody asks without having looked: mostly of somebody of whom nothing is kept. */
const BLINDLY = 0.2;

export function historyDeeds({ acts, traits }: Scene): Deed[] {
  return [
    {
      name: "put back from the history",
      weight: traits.has("history") ? 12 : 0,
      happens: (machine, dice) => putBack(acts, machine.name, "as a member", dice),
    },
    {
      name: "put back on the server machine",
      weight: traits.has("server-history") ? 10 : 0,
      happens: (_, dice) => putBack(acts, "s", "on the server", dice),
    },
  ];
}

function putBack(acts: Acts, name: string, where: "as a member" | "on the server", dice: Dice): boolean {
  if (dice.chance(BLINDLY)) return acts.putBackSoon(name, dice.pick(OWNERS), where);
  return acts.looksAndPutsBackSoon(name, OWNERS, where, dice);
}
