/** How port 8443 answers a machine of an older version that asks for a WebSocket. */
import type { Refusal } from "../model/refusal.ts";

export const MQTT_PATH = "/mqtt";
/** Header of an answer that refuses a machine: the word of the refusal. */
export const REFUSAL_HEADER = "x-refusal";

/** What it may say. */
export const PORT_REFUSALS: { readonly [word: string]: Refusal } = {
  "not-paired": { word: "not-paired" },
  "server-not-running": { word: "server-not-running" },
};
