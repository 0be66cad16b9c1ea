/** Both ways: this session is over, and why. */
import type { Refusal } from "../model/refusal.ts";
import { optional, tuple, word } from "./reader.ts";
import { decodeRefusal, encodeRefusal } from "./refuse.ts";
import { maybe } from "./writer.ts";

export interface ClientEnd {
  readonly kind: "client-end";
  /** "stopped": the client function was stopped, its place is free. "sleep", "off": it will be back. */
  readonly reason: "stopped" | "sleep" | "off";
}

export interface ServerEnd {
  readonly kind: "server-end";
  /**
   * "unknown-session": say hello again (P14). "stopped": the server function was stopped (M11). "off": it will be back.
   * "put-out": see the refusal.
   */
  readonly reason: "unknown-session" | "stopped" | "off" | "put-out";
  readonly refusal?: Refusal;
}

export const encodeClientEnd = ({ reason }: ClientEnd): unknown[] => [reason];

export function decodeClientEnd(raw: unknown): ClientEnd {
  const [reason] = tuple(raw, "client-end", 1);
  return { kind: "client-end", reason: word(reason, "client-end.reason", ["stopped", "sleep", "off"]) };
}

export const encodeServerEnd = ({ reason, refusal }: ServerEnd): unknown[] => [reason, maybe(refusal, encodeRefusal)];

export function decodeServerEnd(raw: unknown): ServerEnd {
  const [reasonText, refusalRaw] = tuple(raw, "server-end", 2);
  const reason = word(reasonText, "server-end.reason", ["unknown-session", "stopped", "off", "put-out"]);
  const refusal = optional(refusalRaw, "server-end.refusal", decodeRefusal);
  return refusal === undefined ? { kind: "server-end", reason } : { kind: "server-end", reason, refusal };
}
