/** Faults of what an author keeps of an edit that was overtaken while it was away, of how long, and of how functions begin and end (B02, M02, M04). */
import type { Mutant } from "./mutant.ts";

export const OVERTAKING: readonly Mutant[] = [
  {
    name: "a-snapshot-overtakes-in-silence",
    rules: ["B02", "P5"],
    file: "src/store/overtaken.ts",
    find: "now.seen < revision",
    replace: "now.seen < 0",
    why: "an edit that lost while its author was away for long is in nobody's history",
    guard: "scenario/overtaken",
  },
  {
    name: "what-was-seen-is-overtaken",
    rules: ["B02"],
    file: "src/store/overtaken.ts",
    find: "now.seen < revision",
    replace: "now.seen < Number.POSITIVE_INFINITY",
    why: "what somebody replaced who had seen it is called lost",
    guard: "scenario/overtaken",
  },
  {
    name: "the-history-knows-no-other-days",
    rules: ["B02"],
    file: "src/roles/client/history-trim.ts",
    find: "daysMs(config.historyDays)",
    replace: "daysMs(30)",
    why: "what an integrator configures changes nothing",
    guard: "unit/roles/applying",
  },
  {
    name: "the-servers-history-knows-no-other-days",
    rules: ["B02"],
    file: "src/roles/server/server-history.ts",
    find: "daysMs(config.historyDays)",
    replace: "daysMs(30)",
    why: "what an integrator configures changes nothing on the server machine",
    guard: "scenario/history",
  },
  {
    name: "a-client-is-ahead-of-its-server",
    rules: ["M04", "M32"],
    file: "src/roles/make-client.ts",
    find: "isLocal(destination) ? ownServer : undefined",
    replace: "undefined",
    why: "each start of a server machine is a Warning",
    guard: "scenario/starting",
  },
  {
    name: "who-leaves-keeps-the-place",
    rules: ["M02"],
    file: "src/roles/set-client.ts",
    find: "if (!isMoved && setup.state.client !== undefined)",
    replace: "if (!isMoved && setup.state.client === undefined)",
    why: "a machine that was pointed to another fleet counts in both",
    guard: "scenario/joining",
  },
];
