/**
 * A client machine meets its server machine for the first time. Whom it proves the account to is what an administrator
 * said (`Trust` in hal/services.ts); whom it met is kept, with the fleet's secret sealed.
 */
import type { Hal } from "../../hal/hal.ts";
import type { ClientSettings, ContactOutcome, Trust } from "../../hal/services.ts";
import type { Destination, Links } from "../link/link.ts";
import { isNameUnknown } from "../link/tunnel.ts";
import { must } from "../model/assert.ts";
import type { Config } from "../model/config.ts";
import { type ErrorCode, SyncError } from "../model/errors.ts";
import { type DeviceId, deviceId, isHex32 } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Refusal } from "../model/refusal.ts";
import { seekUnmet, type Where, whereIs } from "./finding.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { isLocal, isOwnAddress, parseDestination } from "./destination.ts";
import type { ClientSetup, Paired, Setup } from "./setup.ts";

interface Parts {
  readonly hal: Pick<Hal, "clock" | "device" | "network">;
  readonly config: Config;
  readonly links: Pick<Links, "search" | "firstContact" | "identityEnds">;
  readonly setup: Setup;
  readonly device: DeviceId;
}

/** Who answers at a destination (hal/services.ts, `contact`). Nothing is proven to it. */
export async function whoAnswers(parts: Parts, asked: Where, signal: AbortSignal): Promise<ContactOutcome> {
  try {
    const where = await whereIs(parts, { ...asked, trust: "first-answer" }, signal);
    if ("word" in where) return { kind: "refused", refusal: where };
    const { destination, searchDepth } = where;
    const outcome = await whoIsAt(parts, destination, signal);
    return outcome.kind !== "found" || searchDepth === undefined ? outcome : { ...outcome, searched: { destination, searchDepth } };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { kind: "away", code: codeOfAway(error), message: error.message };
  }
}

/** For an administrator who is typing an address: a name that nobody has is a fault of the address, and not of a machine that is off. */
export const codeOfAway = (error: SyncError): ErrorCode => (isNameUnknown(error) ? "address-unusable" : error.code);

/** Rejects with a SyncError when nobody answers. */
async function whoIsAt(parts: Parts, text: string, signal: AbortSignal): Promise<ContactOutcome> {
  const { setup, links, device } = parts;
  const destination = whereTo(parts, text);
  if ("word" in destination) return { kind: "refused", refusal: destination };
  if (isLocal(destination)) {
    return setup.state.server ? { kind: "found", server: device } : { kind: "refused", refusal: { word: "server-not-running" } };
  }
  const contact = await links.firstContact(destination, signal);
  contact.close();
  return { kind: "found", server: contact.server };
}

/** What the setup keeps of a first contact, and what is the matter where it has not been made yet. */
export interface Introduced {
  readonly kept: Pick<ClientSetup, "password" | "expected" | "paired">;
  readonly away: SyncError | undefined;
}

const NOTHING = { password: undefined, expected: undefined, paired: undefined };

/**
 * The first contact as an administrator wants it. Where nobody answers, the password is to be kept, sealed, for
 * introduceAtLast. Rejects with a SyncError when somebody answers but the account could not be proven for now.
 */
export async function introduceNow(parts: Parts, settings: ClientSettings, signal: AbortSignal): Promise<Refusal | Introduced> {
  const { account, password, trust } = settings;
  const destination = whereTo(parts, settings.destination);
  if ("word" in destination) return destination;
  const expected = expectedOf(trust);
  if (typeof expected === "object") return expected;
  if (isLocal(destination)) {
    // This very machine needs no introduction.
    return expected === undefined || expected === parts.device ? { kept: NOTHING, away: undefined } : { word: "another-server" };
  }
  if (account === "") return { word: "account-refused" };
  const unmet = async (away: SyncError | undefined): Promise<Introduced> => ({
    kept: { ...NOTHING, password: await parts.setup.seal(Buffer.from(password)), expected },
    away,
  });
  // It is met by the machine that this one is from its next start on.
  if (parts.links.identityEnds) return await unmet(undefined);
  const outcome = await introduce(parts, { destination, account, password, expected }, signal);
  if ("word" in outcome) return outcome;
  if (!("away" in outcome)) return { kept: { ...NOTHING, paired: outcome }, away: undefined };
  return await unmet(outcome.away);
}

/** Where to, or why that is nowhere: a machine that does not serve meets nobody at its own address. */
function whereTo({ hal, config, setup }: Parts, text: string): Destination | Refusal {
  const destination = parseDestination(text, config.port);
  if (destination === undefined) return { word: "destination-malformed", text };
  if (isOwnAddress(destination, hal.network.address) && !setup.state.server) return { word: "server-not-running" };
  return isLocal(destination) && !hal.device.capabilities.server ? { word: "not-a-server-model" } : destination;
}

/** undefined: whichever machine answers first. "another-server" for an identity that no machine can have. */
function expectedOf(trust: Trust): DeviceId | undefined | Refusal {
  if (trust === "first-answer") return undefined;
  return isHex32(trust.server) ? deviceId(trust.server) : { word: "another-server" };
}

interface Introduction extends Pick<ClientSetup, "account" | "expected"> {
  readonly destination: Destination;
  readonly password: string;
}

/** One attempt. "away": there was nobody to prove it to. Another machine than the expected one learns nothing. */
async function introduce(
  { links, setup }: Parts,
  { destination, account, password, expected }: Introduction,
  signal: AbortSignal,
): Promise<Paired | Refusal | { readonly away: SyncError }> {
  try {
    const contact = await links.firstContact(destination, signal);
    try {
      if (expected !== undefined && contact.server !== expected) return { word: "another-server" };
      const outcome = await contact.prove(account, password);
      return "word" in outcome ? outcome : { server: outcome.server, fleetSecret: await setup.seal(outcome.fleetSecret) };
    } finally {
      contact.close();
    }
  } catch (error) {
    if (error instanceof SyncError && isAway(error)) return { away: error };
    throw error;
  }
}

/** The other codes are answers: too many tries, a server that does not know the account itself, nonsense. */
const isAway = ({ code }: SyncError): boolean => !["rate-exceeded", "authentication-failed", "message-malformed"].includes(code);

interface Waiting extends Parts {
  readonly log: CommunicationLog;
  readonly onRefused: (refusal: Refusal) => void;
  readonly onAway: (error: SyncError) => void;
}

/**
 * For a client function that was started while the server was away: tries until the account was accepted or refused,
 * and then the password is gone from the setup. Any other refusal may be put right over there. A server machine that a
 * search found is searched for again meanwhile: it may be elsewhere when it comes back (M09).
 */
export async function introduceAtLast(parts: Waiting, signal: AbortSignal): Promise<"paired" | "refused" | "aborted"> {
  const { hal, setup, config, onRefused } = parts;
  let soughtMs = hal.clock.monotonicMs();
  while (!signal.aborted) {
    const client = setup.state.client;
    if (client?.paired !== undefined) return "paired";
    if (client?.password === undefined) {
      onRefused({ word: "account-refused" });
      return "refused";
    }
    const destination = must(parseDestination(client.destination, config.port), "it was checked when it was set, or a search found it");
    const outcome = await attempt(parts, { client, sealed: client.password, destination }, signal);
    if (outcome === "answered") continue;
    await hal.clock.sleep(outcome === "refused" ? LIMITS.refusedRetryMs : LIMITS.backoffMaxMs, signal);
    if (signal.aborted || hal.clock.monotonicMs() - soughtMs < LIMITS.searchAgainMs) continue;
    await seekUnmet(parts, client, signal);
    soughtMs = hal.clock.monotonicMs();
  }
  return "aborted";
}

interface Attempt {
  readonly client: ClientSetup;
  readonly sealed: Uint8Array;
  readonly destination: Destination;
}

/** "answered": the setup says how. */
async function attempt(
  parts: Waiting,
  { client, sealed, destination }: Attempt,
  signal: AbortSignal,
): Promise<"answered" | "refused" | "away"> {
  const { setup, onRefused, onAway } = parts;
  const { account, expected } = client;
  try {
    const password = Buffer.from(await setup.unseal(sealed)).toString();
    const outcome = await introduce(parts, { destination, account, password, expected }, signal);
    if ("away" in outcome) throw outcome.away;
    if ("word" in outcome && outcome.word !== "account-refused") {
      onRefused(outcome);
      return "refused";
    }
    await setup.set({ client: { ...client, ...NOTHING, paired: "word" in outcome ? undefined : outcome } });
    return "answered";
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    if (!signal.aborted) onAway(error);
    return "away";
  }
}
