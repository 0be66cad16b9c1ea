/** How far a machine's edits have come. */
import type { Desk } from "../desk.ts";
import { Problem } from "../http/problem.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const acknowledgedRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/machines/:number/acknowledged",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      if (machine.phase === "on" || machine.phase === "starting") return json(await machine.call("acknowledged", undefined));
      const known = machine.knowledge.memory?.acknowledged;
      if (known === undefined)
        throw new Problem(409, "machine-off", `machine ${machine.facts.number} lost its power; ask when it is on again`);
      return json(known);
    },
  },
];
