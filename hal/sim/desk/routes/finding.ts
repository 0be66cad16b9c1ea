/** The way to the server machine: searching for it. */
import { unreachable } from "../../../../src/model/assert.ts";
import { refusalText } from "../../../../src/model/refusal-text.ts";
import type { SearchOutcome, Way, WayReport } from "../../../services/finding.ts";
import { CallError } from "../../control-line.ts";
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { refusalProblem } from "../http/refusals.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const findingRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "POST",
    path: "/api/machines/:number/search",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const depth = Fields.of(await request.json(), "", ["depth"]).number("depth", { min: 0, max: 1_000, otherwise: 1 });
      return json(shown(await machine.call("search", { depth })));
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/test-way",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      return json(told(await machine.call("testWay", wayOf(await request.json()))));
    },
  },
];

function wayOf(raw: unknown): Way {
  const fields = Fields.of(raw, "", ["destination", "searchDepth", "account", "password"]);
  return {
    destination: fields.has("destination") ? fields.text("destination", 300) : "",
    searchDepth: fields.has("searchDepth") ? fields.number("searchDepth", { min: 0, max: 1_000 }) : undefined,
    account: fields.has("account") ? fields.text("account", 256) : "",
    password: fields.has("password") ? fields.text("password", 256) : "",
    // At the desk one person sees both machines.
    trust: "first-answer",
  };
}

/** Each part with a word and a sentence for what is the matter with it. */
const told = ({ steps, destination, proxy, server, aheadMs }: WayReport): object => ({
  steps: steps.map((step) => {
    if (step.outcome !== "failed") return step;
    const { part, outcome } = step;
    return "refusal" in step
      ? { part, outcome, code: step.refusal.word, error: refusalText(step.refusal) }
      : { part, outcome, code: step.code, error: step.message };
  }),
  destination,
  ...(proxy === undefined ? {} : { proxy }),
  server: server ?? null,
  aheadMs: aheadMs ?? null,
});

/** Said plainly: how many there are, and which. */
function shown(outcome: SearchOutcome): object {
  switch (outcome.kind) {
    case "found":
      return { outcome: "found", found: [outcome.found] };
    case "none":
      return { outcome: "none", found: [] };
    case "several":
      return { outcome: "several", found: outcome.found };
    case "away":
      throw new CallError(outcome);
    case "refused":
      throw refusalProblem(outcome.refusal);
    default:
      return unreachable(outcome);
  }
}
