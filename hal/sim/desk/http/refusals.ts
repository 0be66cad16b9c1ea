/** The module's refusals and a machine's errors as answers of the API. */
import { unreachable } from "../../../../src/model/assert.ts";
import type { Refusal } from "../../../../src/model/refusal.ts";
import { CallError } from "../../control-line.ts";
import { Problem } from "./problem.ts";

const STATUS: { readonly [word in Refusal["word"]]?: number } = {
  "account-refused": 403,
  "destination-malformed": 400,
  "machine-unknown": 404,
  "owner-unknown": 404,
  "too-many-entries": 422,
  "too-many-users": 422,
};

export const refusalProblem = (refusal: Refusal): Problem => new Problem(STATUS[refusal.word] ?? 409, refusal.word, refusalText(refusal));

function refusalText(refusal: Refusal): string {
  switch (refusal.word) {
    case "too-many-machines":
      return `the server machine has its ${refusal.machinesMax} machines; stop one of them first`;
    case "own-client-first":
      return "the server machine's own client has not joined yet; it is let in first";
    case "settings-differ":
      return `these settings are not the same on both machines: ${refusal.parts.join(", ")}`;
    case "not-a-server-model":
      return "this model has no server function";
    case "clock-not-right":
      return refusal.sntp === "off" ? "set a time server (SNTP) first" : "the time server has not answered; check it first";
    case "put-out":
      return "the administrator of the server machine took this machine out";
    case "not-paired":
      return "the server machine does not know this machine yet: first contact is due";
    case "account-refused":
      return "account or password is wrong on the server machine, or the account is not an administrator's";
    case "another-server":
      return "the destination is not the server machine that was confirmed";
    case "protocol-version":
      return `no protocol version in common; the server machine serves ${refusal.served.join(" to ")}`;
    case "too-many-users":
      return `the server machine manages at most ${refusal.usersMax} users`;
    case "too-many-entries":
      return `the list is full: it takes ${refusal.entriesMax} entries`;
    case "owner-removed":
      return "the owner was deleted on the server machine";
    case "owner-held":
      return "another machine has supplied this owner";
    case "owner-unknown":
      return "nothing is known of this owner";
    case "destination-malformed":
      return `${JSON.stringify(refusal.text)} is not a destination: an address or host name, with :8443 or without a port`;
    case "locked-while-synchronising":
      return "locked while the client function is started: synchronised data can be neither imported nor exported";
    case "server-not-running":
      return "the server function is not running on this machine";
    case "client-not-running":
      return "the client function is not running on this machine";
    case "machine-unknown":
      return "the server machine has no such machine";
  }
  return unreachable(refusal);
}

const CALL_STATUS: Readonly<Record<string, number>> = {
  "machine-off": 409,
  "machine-starting": 503,
  "not-active": 503,
  "hal-refused": 400,
  "hal-unavailable": 503,
  "hal-full": 507,
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
