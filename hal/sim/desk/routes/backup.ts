/** The server's data as a file, and back (M33); another machine in the server's place (B06). */
import { LIMITS } from "../../../../src/model/limits.ts";
import type { Desk } from "../desk.ts";
import { Fields } from "../http/fields.ts";
import { passphraseIn, passphraseOf } from "../http/passphrase.ts";
import { refusalProblem } from "../http/refusals.ts";
import { type Route, json } from "../http/router.ts";
import { machineRow } from "../machine-row.ts";
import { machineOf } from "./context.ts";

export const backupRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "POST",
    path: "/api/machines/:number/server/backup",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const passphrase = passphraseIn(Fields.of(await request.json(), "", ["passphrase"]));
      const outcome = await machine.call("backup", { passphrase });
      if (outcome.kind === "refused") throw refusalProblem(outcome.refusal);
      const fileName = `${machine.facts.deviceName}-server.backup`;
      return { kind: "bytes", type: "application/octet-stream", bytes: outcome.file, fileName };
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/server/restore",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const passphrase = passphraseOf(request);
      const outcome = await machine.call("restore", { file: await request.bytes(LIMITS.sealedFileBytesMax), passphrase });
      if (outcome !== "done") throw refusalProblem(outcome);
      return json({ restored: true });
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/server/take-over",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const outcome = await machine.call("takeOver", undefined);
      if (outcome !== "done") throw refusalProblem(outcome);
      return json(machineRow(machine));
    },
  },
];
