/**
 * Tells the machine whose place this one has taken, should it come back, that there is another server now (B06): as one of
 * its clients would, by a hello that names this server's epochs. It steps aside then, also where nobody else goes to it.
 * Where somebody has made that machine the server again since, it is this one that steps aside (P16).
 */
import type { Hal } from "../../hal/hal.ts";
import type { ClientLink, Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Random } from "../model/random.ts";
import type { Down } from "../protocol/down.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import type { Journal } from "../store/journal.ts";
import { notePredecessor, type Predecessor, readPredecessor } from "../store/predecessor.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { parseDestination } from "./destination.ts";
import { heirHello } from "./heir-hello.ts";
import { inherit } from "./inheritance.ts";
import type { OtherServer } from "./server/other-server.ts";
import { linkedAbort } from "../model/linked-abort.ts";

export interface HeraldParts {
  readonly hal: Pick<Hal, "storage" | "clock" | "device" | "users">;
  readonly config: Config;
  readonly links: Pick<Links, "connect">;
  readonly random: Random;
  readonly log: CommunicationLog;
  readonly device: DeviceId;
  readonly journal: Journal;
  readonly other: OtherServer;
}

/** "told": it has stepped aside. "heard": it serves, and this server knows of it now. */
type Outcome = "told" | "heard" | "away";

/** Until this server has stood down, or the signal aborts; at once where there is nobody to tell. */
export async function tellPredecessor(parts: HeraldParts, signal: AbortSignal): Promise<void> {
  const { hal, log } = parts;
  while (!signal.aborted) {
    let waitMs: number = LIMITS.refusedRetryMs;
    try {
      const predecessor = await readPredecessor(hal.storage);
      if (predecessor === undefined) return;
      const outcome = await tell(parts, predecessor, signal);
      if (outcome === "heard") return;
      if (outcome === "told" && !predecessor.isTold) {
        const inheritance = await inherit(parts, predecessor, signal);
        if (inheritance === "ended") return;
        await hal.storage.write([notePredecessor({ ...predecessor, isTold: true })]);
        log.write({ kind: "predecessor-back", inheritance });
      }
      // Whoever has stepped aside may be made the server again, by somebody who forgot this one.
      if (outcome === "told" || predecessor.isTold) waitMs = LIMITS.predecessorLookMs;
    } catch (error) {
      log.failed(error);
    }
    await hal.clock.sleep(waitMs, signal);
  }
}

/** One attempt, of at most LIMITS.answerMs. */
async function tell(parts: HeraldParts, { server, destination }: Predecessor, signal: AbortSignal): Promise<Outcome> {
  const where = parseDestination(destination, parts.config.port);
  if (where === undefined) return "away";
  const link = parts.links.connect(where, server);
  const over = linkedAbort(signal);
  let answer: Down["body"] | undefined;
  link.onMessage(({ body }) => {
    if (body.kind !== "refuse" && body.kind !== "server-end" && body.kind !== "welcome") return;
    answer ??= body;
    over.abort();
  });
  link.onState((state) => {
    if (state === "up") sayHello(parts, link);
  });
  if (link.state === "up") sayHello(parts, link);
  await parts.hal.clock.sleep(LIMITS.answerMs, over.signal);
  over.release();
  await link.close();
  return await outcomeOf(answer, parts);
}

async function outcomeOf(answer: Down["body"] | undefined, { other }: HeraldParts): Promise<Outcome> {
  if (answer?.kind === "welcome") {
    const { position, lineage } = answer;
    return (await other.hear({ position, lineage, by: "the former server machine" })) === "stood-down" ? "heard" : "away";
  }
  const refusal = answer?.kind === "refuse" || answer?.kind === "server-end" ? answer.refusal : undefined;
  return refusal?.word === "stood-down" ? "told" : "away";
}

function sayHello(parts: HeraldParts, link: ClientLink): void {
  const { device, journal } = parts;
  const { fleet, epoch } = journal.position;
  const envelope = { version: PROTOCOL_VERSION, fleet, epoch, from: device, session: undefined, counter: 1 };
  link.send({ envelope, body: { ...heirHello(parts), number: 1, position: journal.position } });
}
