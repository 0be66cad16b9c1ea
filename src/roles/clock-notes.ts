/** When the time server answered last, kept over restarts of the machine (M06). What cannot be kept or read ends nothing. */
import type { Clock } from "../../hal/clock.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { awaitSntp } from "./right-clock.ts";
import type { Setup } from "./setup.ts";

interface Parts {
  readonly clock: Clock;
  readonly setup: Setup;
  readonly log: CommunicationLog;
}

/** An answer is noted anew this often. */
export const NOTE_ANSWER_EVERY_MS = 3600_000;

/** undefined: it never did, or that cannot be read. */
export async function answeredAt({ setup, log }: Parts): Promise<number | undefined> {
  return await setup.sntpAnsweredAt().catch((error: unknown) => noteFailed(log, error));
}

/** Keeps in mind when it answers, until it is aborted. */
export async function noteAnswers({ clock, setup, log }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const sntp = clock.sntp();
    // A note that could not be written is written with the next answer; the function goes on meanwhile.
    if (sntp.kind === "answered") await setup.noteSntpAnswer(clock.wallMs()).catch((error: unknown) => noteFailed(log, error));
    await awaitSntp(clock, sntp, NOTE_ANSWER_EVERY_MS, signal);
  }
}

/** A failure of the world is said and passed over. */
export function noteFailed(log: CommunicationLog, error: unknown): undefined {
  log.failed(error);
  return undefined;
}
