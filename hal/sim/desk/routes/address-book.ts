/** The machine's own import and export of its address book. */
import { unreachable } from "../../../../src/model/assert.ts";
import { LIMITS } from "../../../../src/model/limits.ts";
import type { AddressBookFormat } from "../../../services.ts";
import type { Desk } from "../desk.ts";
import { ownerOf } from "../http/owners.ts";
import { Problem, malformed } from "../http/problem.ts";
import { refusalProblem } from "../http/refusals.ts";
import type { ApiRequest } from "../http/request.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

const TYPES: { readonly [format in AddressBookFormat]: string } = { csv: "text/csv", abk: "application/octet-stream" };

export const addressBookRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/machines/:number/address-book",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const format = formatOf(request);
      if (machine.phase === "asleep") {
        // Exporting is work of the machine's own, and a question must not wake it; what would be refused anyway is.
        if (machine.knowledge.view?.client) throw refusalProblem({ word: "locked-while-synchronising" });
        throw new Problem(409, "machine-asleep", `machine ${machine.facts.number} is asleep; wake it with a key first`);
      }
      const owners = request.query.getAll("owner").map((text) => ownerOf(text, "owner"));
      const outcome = await machine.call("exportBook", { format, owners: owners.length === 0 ? undefined : owners });
      if (outcome.kind === "refused") throw refusalProblem(outcome.refusal);
      const fileName = `${machine.facts.deviceName}-address-book.${format}`;
      return { kind: "bytes", type: TYPES[format], bytes: outcome.bytes, fileName, leftOut: outcome.leftOut };
    },
  },
  {
    method: "POST",
    path: "/api/machines/:number/address-book",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const format = formatOf(request);
      const bytes = await request.bytes(LIMITS.importBytesMax);
      const outcome = await machine.call("importBook", { bytes, format });
      switch (outcome.kind) {
        case "imported":
          return json({ imported: outcome.entries });
        case "malformed":
          throw new Problem(422, "import-malformed", outcome.message, { line: outcome.line, column: outcome.column });
        case "refused":
          throw refusalProblem(outcome.refusal);
      }
      return unreachable(outcome);
    },
  },
];

function formatOf({ query }: ApiRequest): AddressBookFormat {
  const format = query.get("format") ?? "csv";
  if (format !== "csv" && format !== "abk")
    throw malformed(`format: ${JSON.stringify(format).slice(0, 40)} is not known; it is csv or abk`);
  return format;
}
