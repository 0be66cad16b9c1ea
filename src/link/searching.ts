/**
 * The search for server machines (M09): a question to everybody near, answered by each server machine to the asker
 * alone. Depth 1 asks by mDNS and stays inside the segment; depth n asks a group of our own, over n - 1 routers. An
 * answer fills in an address and proves nothing: whom to trust is settled at the first contact.
 */
import type { Clock } from "../../hal/clock.ts";
import type { Destination, Group, GroupAsker, Network } from "../../hal/network.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import { decodeAnswer, encodeQuestion, MDNS_PORT } from "./dns-message.ts";

/** Multicast DNS: no router passes it on. */
export const MDNS: Group = { ipv4: "224.0.0.251", ipv6: "ff02::fb", port: MDNS_PORT };
/**
 * Our own, of administrative scope (RFC 2365, site-local in IPv6), so that routers can be told to pass it on and the edge of a
 * site does not.
 */
export const SEARCH: Group = { ipv4: "239.255.84.43", ipv6: "ff05::8443", port: 8443 };

/** A server machine that answered a search. */
export interface FoundServer {
  /** As [Destination Server Address:] takes it. */
  readonly address: string;
  readonly server: DeviceId;
  readonly deviceName: string;
}

interface Parts {
  readonly network: Pick<Network, "askGroup">;
  readonly clock: Clock;
  readonly random: Random;
  /** The port that a server machine has to name. */
  readonly port: number;
}

/**
 * Every server machine that answers within 3 s, at most 16 of them, each once: sorted by address. Rejects
 * "hal-unavailable" when the machine has no network to ask on.
 */
export async function searchServers(parts: Parts, depth: number, signal: AbortSignal): Promise<FoundServer[]> {
  const { network, clock, port } = parts;
  // The own group at depth 1 as well: it wakes a server machine from full sleep, which mDNS does not.
  const groups = [SEARCH, ...(depth === 1 ? [MDNS] : [])];
  const outcomes = await Promise.allSettled(groups.map((group) => network.askGroup(group, { hops: depth })));
  const askers = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  if (askers.length === 0) throw new SyncError("hal-unavailable", "there is no network to search on");
  const found = new Map<DeviceId, FoundServer>();
  const id = idOf(parts.random);
  for (const asker of askers) asker.onMessage((bytes, from) => note(found, decodeAnswer(bytes, { id }), { from, port }));
  try {
    for (let asked = 0; asked < LIMITS.searchQuestions; asked += 1) {
      ask(askers, id);
      if ((await clock.sleep(LIMITS.searchMs / LIMITS.searchQuestions, signal)) === "aborted") break;
    }
  } finally {
    for (const asker of askers) asker.close();
  }
  return [...found.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function ask(askers: readonly GroupAsker[], id: number): void {
  for (const asker of askers) asker.ask(encodeQuestion({ id }));
}

/** An answer to another question is somebody else's. */
function idOf(random: Random): number {
  const [high = 0, low = 0] = random(2);
  return (high << 8) | low;
}

function note(
  found: Map<DeviceId, FoundServer>,
  answer: ReturnType<typeof decodeAnswer>,
  { from, port }: { readonly from: Destination; readonly port: number },
): void {
  if (answer === undefined || answer.port !== port) return;
  const { server, deviceName } = answer;
  const known = found.get(server);
  if (known === undefined ? found.size >= LIMITS.searchFoundMax : rank(known.address) <= rank(from.host)) return;
  found.set(server, { address: from.host, server, deviceName });
}

/** A machine with several addresses: the one that lasts longest and reaches farthest. */
function rank(address: string): number {
  if (!address.includes(":")) return 0;
  return address.toLowerCase().startsWith("fe80:") ? 2 : 1;
}
