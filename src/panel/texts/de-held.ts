/** What is held back on this machine, and what is open for now, in German. */
import type { HeldTexts } from "./text-parts.ts";

export const deHeld: HeldTexts = {
  exportOpen: (minutes) => `Export der Benutzerdaten: noch ${minutes} Min. offen`,
  placesDiffer: "Schlüsselbunde werden nicht synchronisiert: andere Reihenfolge der Netzwerkorte",
  notApplied: (entries) => `Einträge, die an diesem Gerät anders sind: ${entries}`,
  startsAgain: "Sie startet von selbst wieder, sobald die Ursache behoben ist.",
};
