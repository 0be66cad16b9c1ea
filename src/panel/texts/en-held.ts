/** What is held back on this machine, and what is open for now, in English. */
import type { HeldTexts } from "./text-parts.ts";

export const enHeld: HeldTexts = {
  exportOpen: (minutes) => `Export of user data: open for ${minutes} min.`,
  placesDiffer: "Keychains are not synchronised: other order of network places",
  notApplied: (entries) => `Entries that differ on this machine: ${entries}`,
  startsAgain: "It starts again by itself once the cause is gone.",
};
