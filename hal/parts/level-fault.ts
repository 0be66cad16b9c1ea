/** What LevelDB's errors mean. It gives texts of the system's, so these are what is looked at. */
import { SyncError } from "../../src/model/errors.ts";

export type LevelFault =
  /** Another process has it open. */
  | "locked"
  /** The medium is full, or the machine's quota of it. */
  | "full"
  /** Something is missing or broken in the database; a repair may help. */
  | "damaged"
  /** The medium failed, or refuses access. */
  | "medium"
  /** Closed meanwhile. */
  | "closed";

export function levelFault(error: unknown): LevelFault {
  const { codes, text } = explained(error);
  if (codes.includes("LEVEL_LOCKED")) return "locked";
  if (/no space left|quota exceeded|ENOSPC|EDQUOT|file too large/i.test(text)) return "full";
  // A table is read through a mapping: one that is shorter than its own index says is an "invalid argument" there.
  if (codes.includes("LEVEL_CORRUPTION") || /corrupt|does not exist|missing files|no such file|invalid argument/i.test(text))
    return "damaged";
  // A database that could not be opened says that it is not open, and why below that.
  if (codes.includes("LEVEL_IO_ERROR")) return "medium";
  if (codes.some((code) => /NOT_OPEN|LEVEL_ITERATOR/.test(code))) return "closed";
  return "medium";
}

export function levelError(what: string, error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  const fault = levelFault(error);
  const { text } = explained(error);
  if (fault === "locked")
    return new SyncError("hal-unavailable", `${what}: another process has the storage open (${text})`, { cause: error });
  if (fault === "full")
    return new SyncError("hal-full", `${what}: no space left (${text}); it works again once there is space`, { cause: error });
  if (fault === "closed")
    return new SyncError("hal-unavailable", `${what}: the storage was closed meanwhile; open it again first`, { cause: error });
  return new SyncError("hal-broken", `${what}: ${text}`, { cause: error });
}

/** The codes and the texts of an error and of what caused it. */
function explained(error: unknown): { readonly codes: readonly string[]; readonly text: string } {
  const codes: string[] = [];
  const texts: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ("code" in each) codes.push(String(each.code));
    texts.push(each.message);
  }
  return { codes, text: texts.length === 0 ? String(error) : texts.join(": ") };
}
