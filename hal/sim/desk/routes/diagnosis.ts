/** What a technician looks at: the communication log, and what the module takes of the machine. */
import { logText } from "../../../../src/model/log.ts";
import type { Desk } from "../desk.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

export const diagnosisRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/machines/:number/log",
    answer: (request) => {
      const { facts, knowledge } = machineOf(desk, request);
      if (request.query.get("format") !== "text") return json(knowledge.log);
      const fileName = `communication-log-${facts.number}.txt`;
      return { kind: "bytes", type: "text/plain; charset=utf-8", bytes: logText(knowledge.log), fileName };
    },
  },
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
