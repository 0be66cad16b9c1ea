/** What is held back on this machine, and what is open for now, in French. */
import type { HeldTexts } from "./text-parts.ts";

export const frHeld: HeldTexts = {
  exportOpen: (minutes) => `Export des données utilisateur : ouvert encore ${minutes} min.`,
  placesDiffer: "Trousseaux non synchronisés : emplacements réseau dans un autre ordre",
  notApplied: (entries) => `Éléments différents sur cette machine : ${entries}`,
  startsAgain: "Elle redémarre d’elle-même dès que la cause est écartée.",
};
