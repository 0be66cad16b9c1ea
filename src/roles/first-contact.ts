/**
 * A client machine meets its server machine for the first time. Whom it proves the account to is what an administrator
 * said (`Trust` in hal/services.ts); whom it met is kept, with the fleet's secret sealed.
 */
import type { Hal } from "../../hal/hal.ts";
import type { ContactOutcome, Trust } from "../../hal/services.ts";
import type { Destination, Links } from "../link/link.ts";
import { SyncError } from "../model/errors.ts";
import { type DeviceId, deviceId, isHex32 } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Refusal } from "../model/refusal.ts";
import type { ClientSetup, Paired, Setup } from "./setup.ts";

interface Parts {
  readonly links: Links;
  readonly setup: Setup;
}

export interface Introduction {
  readonly destination: Destination;
  readonly account: string;
  readonly password: string;
  /** undefined: whichever machine answers first. */
  readonly expected: DeviceId | undefined;
}

/** Who answers there. Nothing is proven to it. */
export async function whoAnswers(links: Links, destination: Destination, signal: AbortSignal): Promise<ContactOutcome> {
  try {
    const contact = await links.firstContact(destination, signal);
    contact.close();
    return { kind: "found", server: contact.server };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { kind: "away", code: error.code, message: error.message };
  }
}

/**
 * One attempt. "away": there was nobody to prove it to, so it is worth another try. Rejects with a SyncError when
 * somebody answers but the account could not be proven for now. Another machine than the expected one learns nothing.
 */
export async function introduce(
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

/** What an administrator said, as it is kept; "another-server" for an identity that no machine can have. */
export function expectedOf(trust: Trust): DeviceId | undefined | Refusal {
  if (trust === "first-answer") return undefined;
  return isHex32(trust.server) ? deviceId(trust.server) : { word: "another-server" };
}

interface Waiting extends Parts {
  readonly hal: Pick<Hal, "clock">;
  readonly onRefused: (refusal: Refusal) => void;
  readonly onAway: (error: SyncError) => void;
}

/**
 * For a client function that was started while the server was away: tries until the account was accepted or refused,
 * and then the password is gone from the setup. Any other refusal may be put right over there.
 */
export async function introduceAtLast(parts: Waiting, destination: Destination, signal: AbortSignal): Promise<"paired" | "refused" | "aborted"> {
  const { hal, setup, onRefused } = parts;
  while (!signal.aborted) {
    const client = setup.state.client;
    if (client?.paired !== undefined) return "paired";
    if (client?.password === undefined) {
      onRefused({ word: "account-refused" });
      return "refused";
    }
    const outcome = await attempt(parts, { client, sealed: client.password, destination }, signal);
    if (outcome !== "answered") await hal.clock.sleep(outcome === "refused" ? LIMITS.refusedRetryMs : LIMITS.backoffMaxMs, signal);
  }
  return "aborted";
}

interface Attempt {
  readonly client: ClientSetup;
  readonly sealed: Uint8Array;
  readonly destination: Destination;
}

/** "answered": the setup says how. */
async function attempt(parts: Waiting, { client, sealed, destination }: Attempt, signal: AbortSignal): Promise<"answered" | "refused" | "away"> {
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
    const paired = "word" in outcome ? undefined : outcome;
    await setup.set({ client: { ...client, password: undefined, expected: undefined, paired } });
    return "answered";
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    if (!signal.aborted) onAway(error);
    return "away";
  }
}
