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
 * way to one; after LIMITS.firstWordMs at the latest, or LIMITS.firstCopyMs on a machine that has no copy yet: as soon as it has one
 * its printer's own stores are filled, which leaves time for other things. Files that are compiled meanwhile would stand in the way
 * of each of its steps.
 */
export async function firstWord({ clock, administration }: Parts): Promise<void> {
  const way = (): "to its first copy" | "to what it missed" | "ended" => {
    const { state, revision, fault } = administration.status().client ?? {};
    if (fault !== undefined || (state !== "offline" && state !== "joining")) return "ended";
    return revision === undefined ? "to its first copy" : "to what it missed";
  };
  const began = way();
  if (began === "ended") return;
  const had = new AbortController();
  const end = administration.onStatus(() => {
    if (way() !== began) had.abort();
  });
  await clock.sleep(began === "to its first copy" ? LIMITS.firstCopyMs : LIMITS.firstWordMs, had.signal);
  end();
}
