/** How the server function stands, in German. */
import type { Texts } from "./texts.ts";

export const deServerStates: Texts["server"]["states"] = {
  running: "Läuft",
  "waiting-for-clock": "Wartet auf den Zeitserver",
  "stopped-by-error": "Durch einen Fehler gestoppt",
  "stood-down": "Abgelöst: ein anderes Gerät ist der Server",
};
