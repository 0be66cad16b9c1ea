/** Where data comes from (B04), and what lost (B02). */
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { ownerOf } from "../http/owners.ts";
import { malformed } from "../http/problem.ts";
import { refusalProblem } from "../http/refusals.ts";
import type { ApiRequest } from "../http/request.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const historyRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/machines/:number/why",
    answer: async (request) => {
      const name = { owner: ownerOf(asked(request, "owner"), "owner"), item: asked(request, "item"), key: request.query.get("key") ?? "" };
      const outcome = await machineOf(desk, request).call("why", name);
      if ("word" in outcome) throw refusalProblem(outcome);
      return json(outcome);
    },
  },
  {
    method: "GET",
    path: "/api/machines/:number/history",
    answer: async (request) => {
      const owner = request.query.get("owner");
      return json(
        await machineOf(desk, request).call("history", { owner: owner === null || owner === "" ? undefined : ownerOf(owner, "owner") }),
      );
    },
  },
  {
    method: "GET",
    path: "/api/machines/:number/attention",
    answer: async (request) => json(await machineOf(desk, request).call("attention", undefined)),
  },
  {
    method: "POST",
    path: "/api/machines/:number/history/seen",
    answer: async (request) => {
      await machineOf(desk, request).call("attentionSeen", { what: "lost" });
      return json({});
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/storage-loss/seen",
    answer: async (request) => {
      await machineOf(desk, request).call("attentionSeen", { what: "storage-lost" });
      return json({});
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/history/put-back",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const fields = Fields.of(await request.json(), "", ["owner", "ids"]);
      const owner = ownerOf(fields.text("owner"), "owner");
      const outcome = await machine.call("putBack", { owner, ...(fields.has("ids") ? { ids: fields.texts("ids") } : {}) });
      if ("word" in outcome) throw refusalProblem(outcome);
      return json({ putBack: outcome.entries });
    },
  },
];

function asked(request: ApiRequest, name: string): string {
  const text = request.query.get(name);
  if (text === null || text === "") throw malformed(`${name}: is missing in the query`);
  return text;
}
