/** Starts the client function as an administrator wants it, or points it to another server machine. */
import type { ClientSettings } from "../../hal/services.ts";
import type { Refusal } from "../model/refusal.ts";
import { hasCopyOf } from "../store/copy-of.ts";
import type { ClientFunctionParts } from "./client-function-parts.ts";
import { whereIs } from "./finding.ts";
import { type Introduced, introduceNow } from "./first-contact.ts";
import { leaveServer } from "./leave-server.ts";
import { secretToBe } from "./make-client.ts";
import { discardUnsent } from "./unsent.ts";

export interface SetClientParts extends ClientFunctionParts {
  /** Why the server machine does not let this machine in, as it said last. */
  readonly refusal: Refusal | undefined;
  /** Performs while the client function does not work. */
  readonly aside: <T>(act: () => Promise<T>) => Promise<T>;
}

/**
 * The storage of one machine was copied to this one, or the other way round (P14). Where an administrator stops the client
 * function here, or sets it anew, this machine becomes another one. Clients of its own know it by its key, so a server keeps that.
 */
export async function endCopiedKey(
  { links, setup }: Pick<ClientFunctionParts, "links" | "setup">,
  refusal: Refusal | undefined,
): Promise<void> {
  if (refusal?.word === "key-in-use-twice" && !setup.state.server) await links.endIdentity();
}

/**
 * To be taken out on the server machine is to be stopped from there (M02), and who becomes another machine was not there: what
 * follows is a start, and so a join.
 */
export const isTakenOut = (refusal: Refusal | undefined): boolean =>
  refusal?.word === "put-out" || refusal?.word === "not-paired" || refusal?.word === "key-in-use-twice";

/** Whether a client function that is started only moves to another server machine of its fleet, and so will not join (B06). */
export async function movesWithinFleet({ setup, hal }: Pick<ClientFunctionParts, "setup" | "hal">, to: Introduced): Promise<boolean> {
  return setup.state.client !== undefined && (await hasCopyOf(hal.storage, await secretToBe(to, setup)));
}

/**
 * It works from the next start of the machine on; what was joined before is forgotten, the data stays (P21), unless it was
 * started and only moves to another server machine of its fleet: then the copy and the edits stay (B06). Its place in a fleet
 * that it leaves is free. A machine that was taken out on the server machine joins anew. The first contact is made at once,
 * with the machine that is trusted and no other: one that refuses leaves everything as it was. One that is away is tried again
 * until it answers. Gives how many edits are discarded by it.
 */
export async function setClient(parts: SetClientParts, settings: ClientSettings, signal: AbortSignal): Promise<Refusal | number> {
  const { setup, hal, log } = parts;
  const wasTakenOut = isTakenOut(parts.refusal);
  const where = await whereIs(parts, settings, signal);
  if ("word" in where) return where;
  await endCopiedKey(parts, parts.refusal);
  const outcome = await introduceNow(parts, { ...settings, ...where }, signal);
  if ("word" in outcome) return outcome;
  const { kept, away } = outcome;
  const isMoved = !wasTakenOut && (await movesWithinFleet(parts, outcome));
  await leaveServer(parts);
  // Whoever goes to another fleet is stopped in this one, and says so: its place here is free (M02). A kill now leaves it stopped.
  if (!isMoved && setup.state.client !== undefined) await setup.set({ client: undefined });
  return await parts.aside(async () => {
    const discarded = isMoved ? 0 : await discardUnsent(parts, "joins");
    await setup.set({ client: { ...where, account: settings.account, startedInBoot: hal.clock.boot, ...kept } });
    log.write({ kind: "client-started" });
    if (away !== undefined) log.failed(away);
    return discarded;
  });
}
