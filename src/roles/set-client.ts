/** Starts the client function as an administrator wants it, or points it to another server machine. */
import type { ClientSettings } from "../../hal/services.ts";
import type { Refusal } from "../model/refusal.ts";
import { hasCopyOf } from "../store/copy-of.ts";
import { resetReplica } from "../store/generations.ts";
import type { ClientFunctionParts } from "./client-function-parts.ts";
import { whereIs } from "./finding.ts";
import { introduceNow } from "./first-contact.ts";
import { retireSecret } from "./fleet-secrets.ts";
import { secretToBe } from "./make-client.ts";

export interface SetClientParts extends ClientFunctionParts {
  /** Performs while the client function does not work. */
  readonly aside: <T>(act: () => Promise<T>) => Promise<T>;
}

/**
 * It works from the next start of the machine on; what was joined before is forgotten, the data stays (P21), unless it was
 * started and only moves to another server machine of its fleet: then the copy and the edits stay (B06). The first contact
 * is made at once, with the machine that is trusted and no other: one that refuses leaves everything as it was. One that is
 * away is tried again until it answers.
 */
export async function setClient(parts: SetClientParts, settings: ClientSettings, signal: AbortSignal): Promise<Refusal | undefined> {
  const { setup, hal, stores, log } = parts;
  const where = await whereIs(parts, settings, signal);
  if ("word" in where) return where;
  const outcome = await introduceNow(parts, { ...settings, ...where }, signal);
  if ("word" in outcome) return outcome;
  const { kept, away } = outcome;
  await parts.aside(async () => {
    await retireSecret(parts);
    const isMoved = setup.state.client !== undefined && (await hasCopyOf(hal.storage, await secretToBe(outcome, setup)));
    if (!isMoved) await resetReplica(hal.storage, stores.mark());
    await setup.set({ client: { ...where, account: settings.account, startedInBoot: hal.clock.boot, ...kept } });
    log.write("Information", "started", "the client function was started; it works after a restart of the machine");
    if (away !== undefined) log.write("Warning", away.code, away.message);
  });
  return undefined;
}
