/** What an administrator does on the server machine: its machines, and the users' data it manages. */
import { type Scope, ITEMS } from "../../../../src/model/item.ts";
import { parseOwner } from "../../../../src/model/owner.ts";
import type { Desk } from "../desk.ts";
import type { DeskMachine } from "../desk-machine.ts";
import { Fields } from "../http/fields.ts";
import { malformed } from "../http/problem.ts";
import { refusalProblem } from "../http/refusals.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const serverMachineRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/machines/:number/server/machines",
    answer: async (request) => json(await machineOf(desk, request).call("machines", undefined)),
  },
  {
    method: "GET",
    path: "/api/machines/:number/server/owners",
    answer: async (request) => {
      const outcome = await machineOf(desk, request).call("owners", { search: request.query.get("search") ?? "" });
      if ("word" in outcome) throw refusalProblem(outcome);
      return json(outcome);
    },
  },
  {
    method: "GET",
    path: "/api/machines/:number/server/scopes",
    answer: async (request) => json(await scopesOf(machineOf(desk, request))),
  },
  {
    method: "PUT",
    path: "/api/machines/:number/server/scopes",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const outcome = await machine.call("setSharing", { scopes: chosenScopes(await request.json()) });
      if (outcome !== "done") throw refusalProblem(outcome);
      return json(await scopesOf(machine));
    },
  },
  {
    method: "DELETE",
    path: "/api/machines/:number/server/owners/:owner",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const text = request.param("owner");
      const owner = parseOwner(text);
      if (owner === undefined) throw malformed(`${JSON.stringify(text).slice(0, 100)} is no owner; owners are user:NAME and group:ID`);
      const outcome = await machine.call("deleteOwner", { owner });
      if (outcome !== "done") throw refusalProblem(outcome);
      return json({ deleted: owner });
    },
  },
  {
    method: "DELETE",
    path: "/api/machines/:number/server/machines/:device",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const deviceId = request.param("device");
      const outcome = await machine.call("removeMachine", { deviceId });
      if (outcome !== "done") throw refusalProblem(outcome);
      return json({ removed: deviceId });
    },
  },
];

async function scopesOf(machine: DeskMachine): Promise<Record<string, Scope>> {
  const items = await machine.call("sharing", undefined);
  if (items.length === 0) throw refusalProblem({ word: "server-not-running" });
  return Object.fromEntries(items.map(({ item, scope }) => [item, scope]));
}

/** Any item of the table may be named; whether its scope can be chosen is the server machine's to say. */
function chosenScopes(body: unknown): Record<string, Scope> {
  const names = ITEMS.map(({ id }) => id);
  const fields = Fields.of(body, "", names);
  const chosen = names.filter((item) => fields.has(item));
  return Object.fromEntries(chosen.map((item) => [item, fields.oneOf(item, ["shared", "device-specific"])]));
}
