/** The panel: its screen, its keys, its keyboard. */
import { KEYS, type Key } from "../../../../src/model/screen.ts";
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { malformed } from "../http/problem.ts";
import type { ApiRequest } from "../http/request.ts";
import { type Route, json } from "../http/router.ts";
import { screenOf } from "../screen-view.ts";
import { textDisplayOf } from "../text-display.ts";
import { machineOf } from "./context.ts";

const KEYS_MAX = 500;
const TEXT_MAX = 4_096;
const COLUMNS = { min: 16, max: 200, otherwise: 40 };
const ROWS = { min: 3, max: 100, otherwise: 12 };

export const panelRoutes = (desk: Desk): readonly Route[] => [
  { method: "GET", path: "/api/machines/:number/screen", answer: (request) => json(screenOf(machineOf(desk, request))) },
  {
    method: "GET",
    path: "/api/machines/:number/display",
    answer: (request) =>
      json(
        textDisplayOf(machineOf(desk, request), {
          columns: sizeOf(request, "columns", COLUMNS),
          rows: sizeOf(request, "rows", ROWS),
        }),
      ),
  },
  {
    method: "POST",
    path: "/api/machines/:number/keys",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const keys = keysOf(await request.json());
      await machine.touch("keys", { keys });
      return json(screenOf(machine));
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/text",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const text = Fields.of(await request.json(), "", ["text"]).text("text", TEXT_MAX);
      await machine.touch("text", { text });
      return json(screenOf(machine));
    },
  },
];

function sizeOf({ query }: ApiRequest, name: string, { min, max, otherwise }: typeof COLUMNS): number {
  const size = Number(query.get(name) ?? otherwise);
  if (!Number.isInteger(size) || size < min || size > max) throw malformed(`${name}: must be a whole number from ${min} to ${max}`);
  return size;
}

function keysOf(body: unknown): readonly Key[] {
  const asked = Fields.of(body, "", ["keys"]).list("keys", KEYS_MAX);
  const strangers = asked.filter((name) => !isKey(name));
  if (strangers.length > 0)
    throw malformed(`no such key: ${strangers.map((name) => JSON.stringify(name)).join(", ")}; the keys are ${KEYS.join(" ")}`);
  return asked.filter(isKey);
}

const isKey = (name: unknown): name is Key => KEYS.some((key) => key === name);
