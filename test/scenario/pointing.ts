/** What stories of other servers share: a client machine is pointed to one, and what all machines hold afterwards. */
import type { Fleet } from "../fleet/fleet.ts";
import { ALICE } from "./entries.ts";

/** An administrator points a client machine to another server machine, and restarts it (M08). */
export async function point(fleet: Fleet, name: string, to: string): Promise<void> {
  const outcome = await fleet.at(name).startClient(fleet.at(to).address);
  if (outcome !== "done") throw new Error(`${name} is not pointed to ${to}: ${JSON.stringify(outcome)}`);
  await fleet.at(name).restart();
  await fleet.when(() => fleet.at(name).status?.client?.state === "synchronized", 120_000, `${name} at ${to}`);
}

/** Alice's personal buttons of these keys, the same on every machine. */
export const buttons = (fleet: Fleet, keys: readonly string[]): Promise<unknown[]> =>
  Promise.all(keys.map((key) => fleet.everywhere(ALICE, "personal-button", key)));
