/** Both ways: this session is over, and why. */
import type { Refusal } from "../model/refusal.ts";

export interface ClientEnd {
  readonly kind: "client-end";
  /** "stopped": the client function was stopped, its place is free. "sleep", "off": it will be back. */
  readonly reason: "stopped" | "sleep" | "off";
}

export interface ServerEnd {
  readonly kind: "server-end";
  /** "unknown-session": say hello again (P14). "stopped": the server function was stopped (M11). "off": it will be back. "put-out": see the refusal. */
  readonly reason: "unknown-session" | "stopped" | "off" | "put-out";
  readonly refusal?: Refusal;
}
