/** What comes after the connection at a start, although it needs nothing of it. */
import type { Clock } from "../../hal/clock.ts";
import type { Administration } from "../../hal/services.ts";
import { LIMITS } from "../model/limits.ts";

interface Parts {
  readonly clock: Clock;
  readonly administration: Pick<Administration, "status" | "onStatus">;
}

/**
 * Resolves when the client function has had its first word with its server machine and has taken what it missed, or is not under
 * way to one; after LIMITS.firstWordMs at the latest. Files that are compiled meanwhile would stand in the way of each of its steps.
 */
export async function firstWord({ clock, administration }: Parts): Promise<void> {
  const isUnderWay = (): boolean => {
    const state = administration.status().client?.state;
    return state === "offline" || state === "joining";
  };
  const had = new AbortController();
  const end = administration.onStatus(() => {
    if (!isUnderWay()) had.abort();
  });
  if (isUnderWay()) await clock.sleep(LIMITS.firstWordMs, had.signal);
  end();
}
