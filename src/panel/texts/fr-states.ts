/** How the server function stands, in French. */
import type { Texts } from "./texts.ts";

export const frServerStates: Texts["server"]["states"] = {
  running: "En marche",
  "waiting-for-clock": "Attend le serveur de temps",
  "stopped-by-error": "Arrêtée par une erreur",
  "stood-down": "Remplacée : une autre machine est le serveur",
};
