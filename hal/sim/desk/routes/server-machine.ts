/** What an administrator does on the server machine: its machines, and the users' data it manages. */
import { parseOwner } from "../../../../src/model/owner.ts";
import type { Desk } from "../desk.ts";
import { malformed } from "../http/problem.ts";
import { refusalProblem } from "../http/refusals.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const serverMachineRoutes = (desk: Desk): readonly Route[] => [
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
