/** The server machine is searched for where no address was written (M09). Nobody is trusted by it: see first-contact.ts. */
import type { Clock } from "../../hal/clock.ts";
import type { ClientSettings, ClientStatus } from "../../hal/services.ts";
import type { FoundServer, SearchOutcome } from "../../hal/services/finding.ts";
import type { Links } from "../link/link.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Refusal } from "../model/refusal.ts";
import type { CommunicationLog } from "./communication-log.ts";
import type { ClientSetup, Setup } from "./setup.ts";
import { linkedAbort } from "../model/linked-abort.ts";

interface Parts {
  readonly links: Pick<Links, "search">;
  readonly device: DeviceId;
}

/** As hal/services/finding.ts has it. */
export async function search(parts: Parts, depth: number, signal: AbortSignal): Promise<SearchOutcome> {
  if (!isDepth(depth)) return { kind: "refused", refusal: depthRefused };
  try {
    const found = await serversNear(parts, depth, signal);
    const [only] = found;
    if (only === undefined) return { kind: "none" };
    return found.length === 1 ? { kind: "found", found: only } : { kind: "several", found };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { kind: "away", code: error.code, message: error.message };
  }
}

/** Where to, and how that was found. */
export interface Where {
  readonly destination: string;
  /** Of the search that found it; undefined: the address was written. */
  readonly searchDepth: number | undefined;
}

/**
 * The address that was written; where none was, that of the server machine which answers a search, and of several the
 * one that is trusted. Rejects "hal-unavailable" when there is no network to search on.
 */
export async function whereIs(parts: Parts, settings: Asked, signal: AbortSignal): Promise<Refusal | Where> {
  const { destination, searchDepth = 1, trust } = settings;
  if (!isDepth(searchDepth)) return depthRefused;
  if (destination.trim() !== "") return { destination, searchDepth: settings.searchDepth };
  const found = await serversNear(parts, searchDepth, signal);
  const trusted = trust === "first-answer" ? undefined : found.find(({ server }) => server === trust.server);
  const [only, ...others] = trusted === undefined ? found : [trusted];
  if (only === undefined) return { word: "server-not-found", searchDepth };
  if (others.length > 0) return { word: "several-servers", addresses: found.map(({ address }) => address) };
  return { destination: only.address, searchDepth };
}

type Asked = Pick<ClientSettings, "destination" | "searchDepth" | "trust">;

async function serversNear({ links, device }: Parts, depth: number, signal: AbortSignal): Promise<FoundServer[]> {
  const found = await links.search(depth, signal);
  // This very machine is reached without a wire (M04).
  return found.map((one) => (one.server === device ? { ...one, address: "localhost" } : one));
}

const isDepth = (depth: number): boolean => Number.isInteger(depth) && depth >= 1 && depth <= LIMITS.searchDepthMax;
const depthRefused: Refusal = { word: "search-depth", depthMax: LIMITS.searchDepthMax };

interface Unmet extends Parts {
  readonly setup: Setup;
  readonly log: CommunicationLog;
}

/**
 * The machine that a search found has not been met yet, and does not answer: it is searched for again, and where it is
 * elsewhere by now the setup says so. Nobody else is taken for it: the one that an administrator expects, else the only one.
 */
export async function seekUnmet(parts: Unmet, client: ClientSetup, signal: AbortSignal): Promise<void> {
  const { setup, log, device } = parts;
  const { searchDepth, expected, destination } = client;
  if (searchDepth === undefined) return;
  const found = await serversNear(parts, searchDepth, signal).catch((error: unknown) => nobody(error, log));
  const there = expected === undefined ? (found.length === 1 ? found[0] : undefined) : found.find(({ server }) => server === expected);
  if (there === undefined || there.server === device || there.address === destination || signal.aborted) return;
  await keepAddress(setup, log, client, there.address);
}

/**
 * The server machine is there from now on, if nobody has set the client function otherwise meanwhile. A storage that does not take it is
 * told, and stops nothing: whoever looks the next time finds it again.
 */
async function keepAddress(setup: Setup, log: CommunicationLog, client: ClientSetup, address: string): Promise<"kept" | "not-kept"> {
  try {
    if (!(await setup.replaceClient(client, { ...client, destination: address }))) return "not-kept";
  } catch (error) {
    log.failed(error);
    return "not-kept";
  }
  log.write({ kind: "server-found", address });
  return "kept";
}

interface Following extends Parts {
  readonly setup: Setup;
  readonly clock: Clock;
  readonly log: CommunicationLog;
  readonly status: () => ClientStatus | undefined;
}

/**
 * Works until it is stopped, wherever the server machine goes: one that was found by a search and has not been reached
 * for a while is searched for by its pinned identity, and the work begins anew with the address it has now. A machine
 * that only claims the identity fails at the next connection, which insists on the certificate.
 */
export async function wherever(parts: Following, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  let outcome: "moved" | "aborted";
  do {
    const here = linkedAbort(signal);
    const done = linkedAbort(here.signal);
    const following = follow(parts, done.signal).then((each) => {
      if (each === "moved") here.abort();
      return each;
    });
    try {
      await work(here.signal);
    } finally {
      done.abort();
      here.release();
    }
    outcome = await following;
  } while (outcome === "moved" && !signal.aborted);
}

async function follow({ setup, clock, log, links, status }: Following, signal: AbortSignal): Promise<"moved" | "aborted"> {
  let wasLost = false;
  while ((await clock.sleep(LIMITS.searchAgainMs, signal)) === "elapsed") {
    const { client } = setup.state;
    if (client?.searchDepth === undefined || client.paired === undefined) break;
    const { searchDepth, paired, destination } = client;
    const isLost = isOutOfReach(status());
    if (isLost && wasLost) {
      const found = await links.search(searchDepth, signal).catch((error: unknown) => nobody(error, log));
      const there = found.find(({ server }) => server === paired.server)?.address;
      const isNews = there !== undefined && there !== destination;
      if (isNews && !signal.aborted && (await keepAddress(setup, log, client, there)) === "kept") return "moved";
    }
    wasLost = isLost;
  }
  return "aborted";
}

/** Another machine at the address is as good as nobody: the server may have gone elsewhere. */
const isOutOfReach = (status: ClientStatus | undefined): boolean => status?.state === "offline" || status?.reason === "another-server";

function nobody(error: unknown, log: CommunicationLog): readonly [] {
  log.failed(error);
  return [];
}
