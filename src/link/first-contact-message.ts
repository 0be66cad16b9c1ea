/** What goes back and forth in a first contact: JSON over HTTPS, one request and its answer at a time, on one connection. */
import { SyncError } from "../model/errors.ts";
import type { Refusal } from "../model/refusal.ts";
import { decodeRefusal, encodeRefusal } from "../protocol/refuse.ts";

export const FIRST_CONTACT_PATH = "/first-contact";
/** A request or an answer; the largest is a SCRAM message with three texts of 512 bytes. */
export const FIRST_CONTACT_BYTES_MAX = 8 * 1024;

/** What the joining machine says: SCRAM messages, or the password where the server has asked for it. */
export type Request = { readonly scram: string } | { readonly password: string };

export type Reply =
  | { readonly scram: string }
  /** The login service of the server wants the password itself. */
  | { readonly ask: "password" }
  | { readonly refusal: Refusal }
  /** Paired. `scram` is the server's proof, missing where the password was asked for. */
  | { readonly fleetSecret: Uint8Array; readonly scram: string | undefined };

export const encodeRequest = (request: Request): string => JSON.stringify(request);

export function decodeRequest(text: string): Request {
  const { scram, password } = object(text);
  if (typeof scram === "string") return { scram };
  if (typeof password === "string") return { password };
  return malformed("a request must have scram or password");
}

export function encodeReply(reply: Reply): string {
  if ("refusal" in reply) return JSON.stringify({ refusal: encodeRefusal(reply.refusal) });
  if ("fleetSecret" in reply) return JSON.stringify({ ...reply, fleetSecret: Buffer.from(reply.fleetSecret).toString("base64") });
  return JSON.stringify(reply);
}

export function decodeReply(text: string): Reply {
  const { scram, ask, refusal, fleetSecret } = object(text);
  if (refusal !== undefined) return { refusal: decodeRefusal(refusal, "first-contact.refusal") };
  if (typeof fleetSecret === "string" && fleetSecret !== "") {
    return { fleetSecret: Uint8Array.from(Buffer.from(fleetSecret, "base64")), scram: typeof scram === "string" ? scram : undefined };
  }
  if (ask === "password") return { ask };
  if (typeof scram === "string") return { scram };
  return malformed("an answer must have scram, ask, refusal or fleetSecret");
}

function object(text: string): Record<string, unknown> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return malformed("not JSON");
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return malformed("must be an object");
  return raw as Record<string, unknown>;
}

function malformed(what: string): never {
  throw new SyncError("message-malformed", `first contact: ${what}; it is ended`);
}
