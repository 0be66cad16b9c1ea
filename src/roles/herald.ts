/**
 * Tells the machine whose place this one has taken, should it come back, that there is another server now (B06): as one of
 * its clients would, by a hello that names this server's epoch. It steps aside then, also where nobody else goes to it.
 */
import type { Hal } from "../../hal/hal.ts";
import type { ClientLink, Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import { SyncError } from "../model/errors.ts";
import { type DeviceId, runId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { type Random, randomHex } from "../model/random.ts";
import type { Hello } from "../protocol/hello.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "../protocol/version.ts";
import type { Journal } from "../store/journal.ts";
import { forgetPredecessor, type Predecessor, readPredecessor } from "../store/predecessor.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { parseDestination } from "./destination.ts";
import { digest, digestsOf } from "./digests.ts";

export interface HeraldParts {
  readonly hal: Pick<Hal, "storage" | "clock" | "device" | "users">;
  readonly config: Config;
  readonly links: Pick<Links, "connect">;
  readonly random: Random;
  readonly log: CommunicationLog;
  readonly device: DeviceId;
}

/** Until it was told, or the signal aborts; at once where there is nobody to tell. */
export async function tellPredecessor(parts: HeraldParts, journal: Journal, signal: AbortSignal): Promise<void> {
  const { hal, log } = parts;
  while (!signal.aborted) {
    try {
      const predecessor = await readPredecessor(hal.storage);
      if (predecessor === undefined) return;
      if ((await tell(parts, predecessor, journal, signal)) === "told") {
        await forgetPredecessor(hal.storage);
        log.write("Information", "took-over", "the former server machine is back, and has stepped aside");
        return;
      }
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      log.write("Warning", error.code, error.message);
    }
    await hal.clock.sleep(LIMITS.refusedRetryMs, signal);
  }
}

/** One attempt, of at most LIMITS.answerMs. */
async function tell(
  parts: HeraldParts,
  { server, destination }: Predecessor,
  journal: Journal,
  signal: AbortSignal,
): Promise<"told" | "away"> {
  const where = parseDestination(destination, parts.config.port);
  if (where === undefined) return "away";
  const link = parts.links.connect(where, server);
  const over = new AbortController();
  let outcome: "told" | "away" = "away";
  link.onMessage(({ body }) => {
    if (body.kind !== "refuse" && body.kind !== "server-end") return;
    if (body.refusal?.word === "stood-down") outcome = "told";
    over.abort();
  });
  link.onState((state) => {
    if (state === "up") sayHello(parts, link, journal);
  });
  if (link.state === "up") sayHello(parts, link, journal);
  await parts.hal.clock.sleep(LIMITS.answerMs, AbortSignal.any([signal, over.signal]));
  await link.close();
  return outcome;
}

function sayHello({ hal, random, device }: HeraldParts, link: ClientLink, journal: Journal): void {
  const { serialNumber, deviceName, productName, location, capabilities } = hal.device;
  const { position, lineage } = journal;
  const body: Hello = {
    kind: "hello",
    purpose: "rejoin",
    run: runId(randomHex(random, 8)),
    number: 1,
    protocol: { min: PROTOCOL_VERSION_MIN, max: PROTOCOL_VERSION },
    position,
    partial: undefined,
    pending: [],
    journalTime: undefined,
    device: { serialNumber, deviceName, productName, location },
    digests: { ...digestsOf(hal.users.policy()), networkPlaces: digest(capabilities.networkPlaces) },
    loggedIn: [],
    lineage,
  };
  const { fleet, epoch } = position;
  link.send({ envelope: { version: PROTOCOL_VERSION, fleet, epoch, from: device, session: undefined, counter: 1 }, body });
}
