/** The module's refusals and a machine's errors as answers of the API. */
import type { Refusal } from "../../../../src/model/refusal.ts";
import { refusalText } from "../../../../src/model/refusal-text.ts";
import { CallError } from "../../control-line.ts";
import { Problem } from "./problem.ts";

const STATUS: { readonly [word in Refusal["word"]]?: number } = {
  "account-refused": 403,
  "destination-malformed": 400,
  "machine-unknown": 404,
  "owner-unknown": 404,
  "backup-unusable": 422,
  "scope-fixed": 422,
  "search-depth": 400,
  "server-not-found": 404,
  "nothing-kept": 404,
  "passphrase-short": 422,
  "too-many-entries": 422,
  "too-many-lists": 422,
  "too-many-users": 422,
};

export const refusalProblem = (refusal: Refusal): Problem => new Problem(STATUS[refusal.word] ?? 409, refusal.word, refusalText(refusal));

const CALL_STATUS: Readonly<Record<string, number>> = {
  "machine-off": 409,
  "machine-starting": 503,
  "not-active": 503,
  "hal-refused": 400,
  "hal-unavailable": 503,
  "hal-full": 507,
  "import-malformed": 422,
  "limit-exceeded": 422,
  "rate-exceeded": 429,
  "server-unreachable": 503,
  "port-closed": 503,
  "link-lost": 503,
  "authentication-failed": 403,
  "server-not-pinned": 409,
};

/** Any error as the answer it becomes; what nobody expected is a 500 that names the error and not its stack. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof CallError) return new Problem(CALL_STATUS[error.code] ?? 500, error.code, error.message);
  return new Problem(500, "internal", error instanceof Error ? error.message : String(error));
}
