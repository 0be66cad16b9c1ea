/** What a file could not hold, or this machine could not take of one, is said to whoever reads the log (M32, M34). */
import type { ExportOutcome } from "../../hal/services.ts";
import type { UserDataImport } from "../../hal/services/user-data.ts";
import { counted } from "../model/counted.ts";
import type { CommunicationLog } from "./communication-log.ts";

const entries = (count: number): string => `${counted(count, "entry", "entries")} ${count === 1 ? "was" : "were"} left out`;

export function notedExport(outcome: ExportOutcome, log: CommunicationLog): ExportOutcome {
  if (outcome.kind === "exported" && outcome.leftOut !== undefined) {
    const text = `${entries(outcome.leftOut)} of an exported address book: its file has no place for them, a file of users' data has`;
    log.write("Warning", "left-out", text);
  }
  return outcome;
}

export function notedImport(outcome: UserDataImport, log: CommunicationLog): UserDataImport {
  if (outcome.kind === "imported" && outcome.leftOut > 0) {
    const text = `${entries(outcome.leftOut)} of an imported file: this machine does not know them, or has its network places in another order`;
    log.write("Warning", "left-out", text);
  }
  return outcome;
}
