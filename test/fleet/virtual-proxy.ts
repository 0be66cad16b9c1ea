/** The one HTTP proxy of a virtual network, and what it answers to whoever has it set (M29). */
import type { ProxySettings } from "../../hal/network.ts";
import { SyncError } from "../../src/model/errors.ts";
import { isProxied } from "../../src/link/tunnel.ts";

/** `account`: it wants one, and machines have none. */
export type ProxyState = "works" | "refuses" | "silent" | "account";

/** As people set it; another address is none that a proxy could have. */
export const PROXY = "http://proxy:3128";

const isAddress = (text = ""): boolean => URL.canParse(text) && new URL(text).protocol === "http:";

/** Why it does not let through to `host`; undefined: it does, or is not asked. "silent": nobody answers. */
export function proxyFault(settings: ProxySettings, host: string, state: ProxyState): SyncError | "silent" | undefined {
  if (!isProxied(settings, host)) return undefined;
  if (!isAddress(settings.proxy))
    return new SyncError("address-unusable", "the proxy set on this machine is no http:// address; nothing was sent");
  if (state === "works" || state === "silent") return state === "silent" ? "silent" : undefined;
  if (state === "account") return new SyncError("authentication-failed", "the proxy wants another account (407)");
  return new SyncError("server-unreachable", "the proxy does not connect (502)");
}
