/** Import and export of users' data (M23, M34), and [Prepare for User Data Export]. */
import { LIMITS } from "../../../../src/model/limits.ts";
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { ownersIn } from "../http/owners.ts";
import { passphraseIn, passphraseOf } from "../http/passphrase.ts";
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
  {
    method: "POST",
    path: "/api/machines/:number/user-data/export",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const fields = Fields.of(await request.json(), "", ["passphrase", "owners"]);
      const outcome = await machine.call("exportUserData", { passphrase: passphraseIn(fields), owners: ownersIn(fields, "owners") });
      if (outcome.kind === "refused") throw refusalProblem(outcome.refusal);
      const fileName = `${machine.facts.deviceName}-user-data`;
      return { kind: "bytes", type: "application/octet-stream", bytes: outcome.bytes, fileName };
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/user-data/import",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const passphrase = passphraseOf(request);
      const outcome = await machine.call("importUserData", { file: await request.bytes(LIMITS.sealedFileBytesMax), passphrase });
      if (outcome.kind === "refused") throw refusalProblem(outcome.refusal);
      return json({ imported: outcome.entries, leftOut: outcome.leftOut });
    },
  },
];
