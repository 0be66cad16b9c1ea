/** What a technician looks at: the communication log, and what the module takes of the machine. */
import type { Desk } from "../desk.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const diagnosisRoutes = (desk: Desk): readonly Route[] => [
  { method: "GET", path: "/api/machines/:number/log", answer: (request) => json(machineOf(desk, request).knowledge.log) },
  {
    method: "GET",
    path: "/api/machines/:number/resources",
    answer: (request) => {
      const { resources } = machineOf(desk, request).knowledge;
      // Measured for the first time a moment after the module has become active.
      return json(resources ?? { declared: null, measured: null, over: [] });
    },
  },
];
