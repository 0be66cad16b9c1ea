/** What comes after the connection at a start, although it needs nothing of it. */
import type { Clock } from "../../hal/clock.ts";
import type { Administration } from "../../hal/services.ts";
import { LIMITS } from "../model/limits.ts";

interface Parts {
  readonly clock: Clock;
  readonly administration: Pick<Administration, "status" | "onStatus">;
}

type Way = "to its first copy" | "to the first word" | "to what it missed";

const LONGEST_MS: Readonly<Record<Way, number>> = {
  "to its first copy": LIMITS.firstCopyMs,
  "to the first word": LIMITS.firstWordMs,
  "to what it missed": LIMITS.firstMissedMs,
};

/**
 * Resolves when the client function has had its first word with its server machine and has taken what it missed, or is not under
 * way to one. A server machine that is away is waited for LIMITS.firstWordMs; what was missed LIMITS.firstMissedMs at most, and
 * LIMITS.firstCopyMs the copy of a machine that has none yet: as soon as it has one its printer's own stores are filled, which leaves
 * time for other things. Files that are compiled meanwhile would stand in the way of each of its steps.
 */
export async function firstWord({ clock, administration }: Parts): Promise<void> {
  const way = (): Way | "ended" => {
    const { state, revision, fault } = administration.status().client ?? {};
    if (fault !== undefined || (state !== "offline" && state !== "joining")) return "ended";
    if (revision === undefined) return "to its first copy";
    return state === "offline" ? "to the first word" : "to what it missed";
  };
  const whileOn = async (began: Way): Promise<void> => {
    const had = new AbortController();
    const end = administration.onStatus(() => {
      if (way() !== began) had.abort();
    });
    await clock.sleep(LONGEST_MS[began], had.signal);
    end();
  };
  const began = way();
  if (began !== "ended") await whileOn(began);
  // On a slow processor the two together take longer than a server machine is waited for that may be away.
  if (began === "to the first word" && way() === "to what it missed") await whileOn("to what it missed");
}
