/** What the fleet has and this machine does not show (M27). */
import type { Desk } from "../desk.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const notAppliedRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/machines/:number/not-applied",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      if (machine.phase === "on" || machine.phase === "starting") return json(await machine.call("notApplied", undefined));
      // A machine that sleeps or was switched off is not disturbed: it has put down what it knows.
      return json(machine.knowledge.memory?.notApplied ?? []);
    },
  },
];
