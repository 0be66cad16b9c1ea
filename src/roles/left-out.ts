/** What a file could not hold, or this machine could not take of one, is said to whoever reads the log (M32, M34). */
import type { ExportOutcome } from "../../hal/services.ts";
import type { UserDataImport } from "../../hal/services/user-data.ts";
import type { CommunicationLog } from "./communication-log.ts";

export function notedExport(outcome: ExportOutcome, log: CommunicationLog): ExportOutcome {
  if (outcome.kind === "exported" && outcome.leftOut !== undefined) log.write({ kind: "export-left-out", entries: outcome.leftOut });
  return outcome;
}

export function notedImport(outcome: UserDataImport, log: CommunicationLog): UserDataImport {
  if (outcome.kind === "imported" && outcome.leftOut > 0) log.write({ kind: "import-left-out", entries: outcome.leftOut });
  return outcome;
}
