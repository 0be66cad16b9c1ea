/** Plug, switch and [Energy Saver]. */
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { type Route, json } from "../http/router.ts";
import { POWER_ACTIONS } from "../machine-facts.ts";
import { machineRow } from "../machine-row.ts";
import { machineOf } from "./context.ts";

export const powerRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "POST",
    path: "/api/machines/:number/power",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      await machine.power(Fields.of(await request.json(), "", ["action"]).oneOf("action", POWER_ACTIONS));
      return json(machineRow(machine));
    },
  },
];
