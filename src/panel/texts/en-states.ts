/** How the server function stands, in English. */
import type { Texts } from "./texts.ts";

export const enServerStates: Texts["server"]["states"] = {
  running: "Running",
  "waiting-for-clock": "Waiting for the time server",
  "stopped-by-error": "Stopped by an error",
  "stood-down": "Replaced: another machine is the server",
};
