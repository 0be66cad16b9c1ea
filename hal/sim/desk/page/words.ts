/** States in words, each with a tone: good, waiting, bad, or plain. Colour never says it alone. */
import type { Drawing } from "./drawing.ts";

export interface Words {
  readonly text: string;
  readonly tone: "good" | "waiting" | "bad" | "plain";
}

const NOTHING: Words = { text: "", tone: "plain" };

export function powerWords({ phase, power }: Drawing): Words {
  if (phase === "off") return { text: "off", tone: "plain" };
  if (phase === "starting") return { text: "starting", tone: "waiting" };
  if (power === "active") return { text: "awake", tone: "good" };
  return { text: power === "partial-sleep" ? "partial sleep" : "full sleep", tone: "plain" };
}

export function serverWords({ server }: Drawing): Words {
  if (server === null) return NOTHING;
  const { state, machines, users, revision } = server;
  if (state !== "running") return { text: `server: ${state.replaceAll("-", " ")}`, tone: "bad" };
  return { text: `server: ${count(machines, "machine")}, ${count(users, "user")}, revision ${revision}`, tone: "good" };
}

export function clientWords({ client }: Drawing): Words {
  if (client === null) return NOTHING;
  const { state, pending, reason, revision } = client;
  const waiting = pending === 0 ? "" : `, ${pending} waiting`;
  const why = reason === undefined ? "" : ` (${reason.replaceAll("-", " ")})`;
  const at = state === "synchronized" && revision !== undefined ? ` at ${revision}` : "";
  return {
    text: `client: ${state.replaceAll("-", " ")}${at}${why}${waiting}`,
    tone: state === "synchronized" ? "good" : state === "refused" ? "bad" : "waiting",
  };
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
