/** What goes back and forth in a first contact: JSON over HTTPS, one request and its answer at a time, on one connection. */
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { PolicyPart, Refusal } from "../model/refusal.ts";
import { decodeRefusal, encodeRefusal } from "../protocol/refuse.ts";
import type { PolicyDigests } from "./link.ts";

export const FIRST_CONTACT_PATH = "/first-contact";
/** The same, and nobody is pinned at the end of it: a server machine that does not know it pins nobody either. */
export const CHECK_PATH = "/first-contact/check";

/** How long the joining machine waits for an answer: a login service may be asked in between. */
export const ANSWER_MS = 4 * LIMITS.connectMs;

/** What the joining machine says: SCRAM messages, or the password where the server has asked for it. */
export type Request = ({ readonly scram: string } | { readonly password: string }) & {
  /** In the last request of a check. */
  readonly digests?: PolicyDigests;
};

/** What a server machine says to whoever asks: who it is, or why nobody is let in. */
export interface Greeting {
  readonly closed: Refusal | undefined;
  readonly wallMs: number | undefined;
}

export type Reply =
  | { readonly scram: string }
  /** The login service of the server wants the password itself. */
  | { readonly ask: "password" }
  | { readonly refusal: Refusal }
  /** Checked. `scram` as below. */
  | { readonly differing: readonly PolicyPart[]; readonly scram: string | undefined }
  /** Paired. `scram` is the server's proof, missing where the password was asked for. */
  | { readonly fleetSecret: Uint8Array; readonly scram: string | undefined };

export const encodeRequest = (request: Request): string => JSON.stringify(request);

export function decodeRequest(text: string): Request {
  const { scram, password, digests } = object(text);
  const checked = digests === undefined ? {} : { digests: digestsIn(digests) };
  if (typeof scram === "string") return { scram, ...checked };
  if (typeof password === "string") return { password, ...checked };
  return malformed("a request must have scram or password");
}

export function encodeReply(reply: Reply): string {
  if ("refusal" in reply) return JSON.stringify({ refusal: encodeRefusal(reply.refusal) });
  if ("fleetSecret" in reply) return JSON.stringify({ ...reply, fleetSecret: Buffer.from(reply.fleetSecret).toString("base64") });
  return JSON.stringify(reply);
}

export function decodeReply(text: string): Reply {
  const { scram, ask, refusal, fleetSecret, differing } = object(text);
  if (refusal !== undefined) return { refusal: decodeRefusal(refusal, "first-contact.refusal") };
  if (Array.isArray(differing)) {
    return { differing: POLICY_PARTS.filter((part) => differing.includes(part)), scram: typeof scram === "string" ? scram : undefined };
  }
  if (typeof fleetSecret === "string" && fleetSecret !== "") {
    return { fleetSecret: Uint8Array.from(Buffer.from(fleetSecret, "base64")), scram: typeof scram === "string" ? scram : undefined };
  }
  if (ask === "password") return { ask };
  if (typeof scram === "string") return { scram };
  return malformed("an answer must have scram, ask, refusal or fleetSecret");
}

export const encodeGreeting = ({ server, wallMs }: { readonly server: DeviceId; readonly wallMs: number }): string =>
  JSON.stringify({ server, wallMs: Math.round(wallMs) });

/** undefined: whatever answers is no server machine. */
export function decodeGreeting(text: string): Greeting | undefined {
  try {
    const { server, refusal, wallMs } = object(text);
    if (refusal !== undefined) return { closed: decodeRefusal(refusal, "first-contact.refusal"), wallMs: undefined };
    if (typeof server !== "string") return undefined;
    return { closed: undefined, wallMs: typeof wallMs === "number" && Number.isSafeInteger(wallMs) ? wallMs : undefined };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return undefined;
  }
}

const POLICY_PARTS = ["login-service", "domains", "departments", "groups"] as const satisfies readonly PolicyPart[];

function digestsIn(raw: unknown): PolicyDigests {
  const given = typeof raw === "object" && raw !== null ? new Map(Object.entries(raw)) : new Map<string, unknown>();
  const digest = (part: PolicyPart): string => {
    const text: unknown = given.get(part);
    return typeof text === "string" && /^[0-9a-f]{16}$/.test(text) ? text : malformed(`digests.${part} must be 16 hex digits`);
  };
  return {
    "login-service": digest("login-service"),
    domains: digest("domains"),
    departments: digest("departments"),
    groups: digest("groups"),
  };
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
