/** Faults that earlier looks had left for another time: each has an example now. */
import type { Mutant } from "./mutant.ts";

export const REMAINING: readonly Mutant[] = [
  {
    name: "machines-come-in-at-any-path",
    rules: [],
    file: "src/link/port-8443.ts",
    find: " || request.url !== MQTT_PATH",
    replace: "",
    why: "a WebSocket is opened at every path of the port",
    guard: "link/connection",
  },
  {
    name: "browsers-are-not-counted",
    rules: [],
    file: "src/link/port-8443.ts",
    find: "      this.#browsing.enter(visit.raw, visit.address);\n",
    replace: "",
    why: "browsers that stay connected take every socket of the printer",
    guard: "link/connection",
  },
  {
    name: "browsers-wait-for-ever-to-be-let-in",
    rules: [],
    file: "src/link/port-8443.ts",
    find: "      this.#waiting.leave(visit.raw);\n      this.#browsing",
    replace: "      this.#browsing",
    why: "pages that somebody reads end after the time in which a machine has to be let in",
    guard: "link/connection",
  },
  {
    name: "put-back-takes-destinations",
    rules: ["B02", "M21"],
    file: "src/roles/put-back.ts",
    find: "opened(kept.lost, locals.get(entryKey(kept.lost)), openers)",
    replace: "opened(kept.lost, undefined, openers)",
    why: "putting back a setting takes the destinations in it off the machine",
    guard: "scenario/history",
  },
];
