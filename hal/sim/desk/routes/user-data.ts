/** Import and export of users' data (M23, M34), and [Prepare for User Data Export]. */
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { ownersIn } from "../http/owners.ts";
import { refusalProblem } from "../http/refusals.ts";
import { type Route, json } from "../http/router.ts";
import { machineRow } from "../machine-row.ts";
import { machineOf } from "./context.ts";

export const userDataRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "POST",
    path: "/api/machines/:number/server/prepare-export",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const owners = ownersIn(Fields.of(await request.json(), "", ["owners"]), "owners");
      const outcome = await machine.call("prepareExport", { owners });
      if (outcome !== "done") throw refusalProblem(outcome);
      return json(machineRow(machine).client);
    },
  },
];
