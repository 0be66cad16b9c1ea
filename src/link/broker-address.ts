/** The address of a broker that belongs to somebody else, as an administrator or integrator writes it. */
import { SyncError } from "../model/errors.ts";
import { isLocalhost } from "./tunnel.ts";

export interface BrokerAddress {
  readonly kind: "mqtts" | "wss" | "mqtt";
  readonly host: string;
  readonly port: number;
  /** Path of the WebSocket. */
  readonly path: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** SHA-256 of the broker's certificate; undefined: an authority this machine knows must have signed it. */
  readonly fingerprint: string | undefined;
}

const KINDS: ReadonlyMap<string, readonly [BrokerAddress["kind"], number]> = new Map([
  ["mqtts:", ["mqtts", 8883]],
  ["wss:", ["wss", 443]],
  ["mqtt:", ["mqtt", 1883]],
]);

/**
 * Reads `mqtts://[user:password@]host[:port][#sha256=<64 hex digits>]`, `wss://.../path`, or `mqtt://` for a broker on
 * this very machine. Throws "address-unusable"; the text may hold a password, so it is never repeated.
 */
export function parseBrokerAddress(text: string): BrokerAddress {
  const url = URL.canParse(text) ? new URL(text) : unusable("it is no URL");
  const [kind, port] = KINDS.get(url.protocol) ?? unusable("it must begin with mqtts:// or wss://");
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (host === "") return unusable("it names no host");
  if (kind === "mqtt" && !isLocalhost(host))
    return unusable("mqtt:// is for a broker on this machine only; across a network it must be mqtts://");
  const fingerprint = /^#sha256=([0-9a-f]{64})$/i.exec(url.hash)?.[1]?.toLowerCase();
  if (url.hash !== "" && fingerprint === undefined) return unusable("what follows # must be sha256= and 64 hex digits");
  return {
    kind,
    host,
    port: url.port === "" ? port : Number(url.port),
    path: `${url.pathname === "" ? "/" : url.pathname}${url.search}`,
    username: url.username === "" ? undefined : decodeURIComponent(url.username),
    password: url.password === "" ? undefined : decodeURIComponent(url.password),
    fingerprint,
  };
}

function unusable(why: string): never {
  throw new SyncError("address-unusable", `the broker's address cannot be used: ${why}; nothing was connected`);
}
