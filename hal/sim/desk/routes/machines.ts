/** The machines at a glance. */
import type { Desk } from "../desk.ts";
import { type Route, json } from "../http/router.ts";
import { machineDrawing, machineRow } from "../machine-row.ts";
import { machineOf } from "./context.ts";

export const machineRoutes = (desk: Desk): readonly Route[] => [
  { method: "GET", path: "/api/machines", answer: () => json(desk.machines.map(machineRow)) },
  { method: "GET", path: "/api/machines/:number", answer: (request) => json(machineDrawing(machineOf(desk, request))) },
];
