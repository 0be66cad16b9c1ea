/** Coming out of full sleep, told apart from a user who lets the machine doze. */
import type { Power } from "../../hal/power.ts";

/** Calls when the machine comes out of full sleep. The function given back ends it. */
export function onWaking(power: Power, listener: () => void): () => void {
  let before = power.state;
  return power.onState((state) => {
    if (before === "full-sleep" && state !== "full-sleep") listener();
    before = state;
  });
}
