/** The machines at a glance; one more, one less. */
import { DeskTrouble } from "../cards.ts";
import type { Desk } from "../desk.ts";
import { Problem } from "../http/problem.ts";
import { type Route, json } from "../http/router.ts";
import { machineDrawing, machineRow } from "../machine-row.ts";
import { MACHINES_ADDED_MAX, MACHINES_MIN } from "../options.ts";
import { machineOf } from "./context.ts";

export const machineRoutes = (desk: Desk): readonly Route[] => [
  { method: "GET", path: "/api/machines", answer: () => json(desk.machines.map(machineRow)) },
  { method: "GET", path: "/api/machines/:number", answer: (request) => json(machineDrawing(machineOf(desk, request))) },
  {
    method: "POST",
    path: "/api/machines",
    answer: async () => {
      const added = await desk.add().catch((cause: unknown) => {
        if (cause instanceof DeskTrouble) throw new Problem(409, "address-taken", cause.message);
        throw cause;
      });
      if (added === "full")
        throw new Problem(409, "desk-full", `the desk has ${MACHINES_ADDED_MAX} machines, which is what a fleet can have`);
      return json(machineRow(added), 201);
    },
  },
  {
    method: "DELETE",
    path: "/api/machines/:number",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      if ((await desk.remove(machine)) === "last-two")
        throw new Problem(409, "last-two-machines", `a fleet has at least ${MACHINES_MIN} machines; add one before you remove one`);
      return json(desk.machines.map(machineRow));
    },
  },
];
