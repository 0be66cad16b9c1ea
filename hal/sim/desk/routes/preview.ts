/** What would happen if the machine's client function began now (B01). */
import type { Desk } from "../desk.ts";
import { ownerOf } from "../http/owners.ts";
import { refusalProblem } from "../http/refusals.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const previewRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/machines/:number/preview",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const owner = request.query.get("owner");
      const seen = request.query.get("id");
      const outcome = await machine.call("preview", owner === null ? {} : { owner: ownerOf(owner, "owner") });
      if ("word" in outcome) throw refusalProblem(outcome);
      return json(seen === null ? outcome : { ...outcome, stale: outcome.id !== seen });
    },
  },
];
