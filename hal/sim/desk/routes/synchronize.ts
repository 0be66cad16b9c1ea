/** What an administrator sets on [Synchronize Custom Settings]. */
import { LIMITS } from "../../../../src/model/limits.ts";
import type { ClientSettings, SynchronizeChange } from "../../../services.ts";
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { malformed } from "../http/problem.ts";
import { refusalProblem } from "../http/refusals.ts";
import { type Route, json } from "../http/router.ts";
import { machineRow } from "../machine-row.ts";
import { machineOf } from "./context.ts";

export const synchronizeRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "PUT",
    path: "/api/machines/:number/synchronize",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const outcome = await machine.call("synchronize", changeOf(await request.json()));
      if (outcome === "done") return json(machineRow(machine));
      if ("word" in outcome) throw refusalProblem(outcome);
      return json({ ...machineRow(machine), discarded: outcome.discarded });
    },
  },
];

function changeOf(body: unknown): SynchronizeChange {
  const fields = Fields.of(body, "", ["server", "client", "preview", "duringOperation"]);
  const named = ["server", "client", "duringOperation"].some((name) => fields.has(name));
  if (!named) throw malformed("the body: must have server, client or duringOperation");
  return {
    ...(fields.has("server") ? { server: fields.flag("server") } : {}),
    ...(fields.has("client") ? { client: clientOf(fields.raw("client")) } : {}),
    ...(fields.has("duringOperation") ? { duringOperation: fields.flag("duringOperation") } : {}),
    ...(fields.has("preview") ? { preview: fields.text("preview", 64) } : {}),
  };
}

/** On the desk whoever answers is the server: the person who sets this sees both machines. */
function clientOf(raw: unknown): ClientSettings | null {
  if (raw === null) return null;
  const fields = Fields.of(raw, "client", ["destination", "searchDepth", "account", "password"]);
  return {
    destination: fields.text("destination", 300),
    account: fields.has("account") ? fields.text("account", 256) : "",
    password: fields.has("password") ? fields.text("password", 256) : "",
    trust: "first-answer",
    ...(fields.has("searchDepth") ? { searchDepth: fields.number("searchDepth", { min: 1, max: LIMITS.searchDepthMax }) } : {}),
  };
}
