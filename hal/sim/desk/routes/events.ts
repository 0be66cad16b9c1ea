/** All that happens, as server-sent events: first everything as it is, then each machine as it changes. */
import type { ServerResponse } from "node:http";
import type { DeskMachine } from "../desk-machine.ts";
import type { Desk } from "../desk.ts";
import { sortedJson } from "../http/json.ts";
import type { Route } from "../http/router.ts";
import { Soon } from "../../soon.ts";
import { machineDrawing } from "../machine-row.ts";

/** What happens within this time after something was told is told as one. */
const GATHER_MS = 30;
/** Says that the stream lives, so that a reader can tell a quiet desk from a dead one. */
const HEARTBEAT_MS = 10_000;
/** A reader that is this far behind is cut off; it connects again and gets everything as it is. */
const BACKLOG_BYTES_MAX = 4 * 1024 * 1024;

export const eventRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/events",
    answer: (_request, response) => {
      stream(desk, response);
      return { kind: "taken" };
    },
  },
];

function stream(desk: Desk, response: ServerResponse): void {
  const changed = new Set<DeskMachine>();
  const told = new Map<DeskMachine, string>();
  const write = (event: string, text: string) => {
    if (response.writableLength > BACKLOG_BYTES_MAX) response.destroy();
    else response.write(`event: ${event}\ndata: ${text}\n\n`);
  };
  const flush = () => {
    // Sorted by number; one that was carried away meanwhile is not among them.
    for (const machine of desk.machines.filter((each) => changed.has(each))) {
      const text = sortedJson(machineDrawing(machine));
      if (told.get(machine) === text) continue;
      told.set(machine, text);
      write("machine", text);
    }
    changed.clear();
  };
  const soon = new Soon({ act: flush, windowMs: GATHER_MS });
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.write("retry: 1000\n\n");
  const whole = () => write("desk", sortedJson({ machines: desk.machines.map(machineDrawing), ntp: desk.ntp }));
  whole();
  const off = desk.onEvent((event) => {
    if (event.kind === "machines") return whole();
    if (event.kind === "ntp") return write("ntp", sortedJson(desk.ntp));
    if (event.kind === "travel") return write("travel", sortedJson({ number: event.machine.facts.number, ...event.travel }));
    if (event.kind === "log") write("log", sortedJson({ number: event.machine.facts.number, record: event.machine.knowledge.log.at(-1) }));
    changed.add(event.machine);
    soon.changed();
  });
  const heartbeat = setInterval(() => write("still-here", "{}"), HEARTBEAT_MS);
  response.once("close", () => {
    off();
    clearInterval(heartbeat);
    soon.end();
  });
}
