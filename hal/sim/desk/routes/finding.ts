/** The way to the server machine: searching for it. */
import { unreachable } from "../../../../src/model/assert.ts";
import type { SearchOutcome } from "../../../services/finding.ts";
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
];

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
