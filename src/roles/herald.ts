/**
 * Tells the machine whose place this one has taken, and those that served before it, should they come back, that there is
 * another server now (B06): as one of their clients would, by a hello that names this server's epochs. They step aside then,
 * also where nobody else goes to them. The machine that a restored backup is of is told as well, or, where it does not know this one, the
 * administrator is (M33). Where somebody has made that machine the server again since, it is this one that steps aside (P16).
 */
import type { Hal } from "../../hal/hal.ts";
import type { ClientLink, Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import { SyncError } from "../model/errors.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { type Position, sameEpoch } from "../model/position.ts";
import type { Random } from "../model/random.ts";
import type { Down } from "../protocol/down.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import type { Journal } from "../store/journal.ts";
import { noteTold, type Predecessor, readPredecessors } from "../store/predecessor.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { parseDestination } from "./destination.ts";
import { heirHello } from "./heir-hello.ts";
import { inherit } from "./inheritance.ts";
import type { OtherServer } from "./server/other-server.ts";
import type { OtherJournal } from "./server/succession.ts";
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
  /** The copy that this machine's own client has of what another machine serves; undefined: it has none. */
  readonly elsewhere: () => Pick<OtherJournal, "position" | "lineage"> | undefined;
  /** Is told after each round at which address somebody serves whom this machine cannot tell; undefined: nowhere. */
  readonly onOther: (address: string | undefined) => void;
}

/**
 * "told": it has stepped aside. "over": it serves, and this server, which knows of it now, does not any more. "stranger": it serves, and
 * knows nothing of this machine, which has what it serves from a backup (M33).
 */
type Outcome = "told" | "over" | "away" | "stranger";

/** Until this server has stood down, or the signal aborts; at once where there is nobody to tell. */
export async function tellPredecessors(parts: HeraldParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const outcome = await tellAll(parts, signal);
    if (outcome === "over" || outcome === "nobody") return;
    // Whoever has stepped aside may be made the server again, by somebody who forgot this one.
    if ((await isOverAmid(parts, outcome === "told" ? LIMITS.predecessorLookMs : LIMITS.refusedRetryMs, signal)) === "over") return;
  }
}

/**
 * While it waits it looks at what comes to its own client: where that is let in by another one, it hears of it at once, and
 * wakes nobody.
 */
async function isOverAmid(parts: HeraldParts, waitMs: number, signal: AbortSignal): Promise<"over" | "waited"> {
  const { clock } = parts.hal;
  const endMs = clock.monotonicMs() + waitMs;
  while (!signal.aborted && clock.monotonicMs() < endMs) {
    if ((await hearOwnClient(parts)) === "stood-down") return "over";
    await clock.sleep(Math.min(LIMITS.refusedRetryMs, endMs - clock.monotonicMs()), signal);
  }
  return "waited";
}

/** A storage that refuses it is told: it is heard the next time. */
async function hearOwnClient({ journal, other, log, elsewhere }: HeraldParts): Promise<"served" | "stood-down"> {
  const copy = elsewhere();
  if (copy === undefined || !isOfAnother(copy.position, journal)) return "served";
  try {
    return await other.hear({ ...copy, by: "this machine's own client" });
  } catch (error) {
    log.failed(error);
    return "served";
  }
}

/** One after the other; "away" when any of them is, or cannot be told. */
async function tellAll(parts: HeraldParts, signal: AbortSignal): Promise<Outcome | "nobody"> {
  let of: Outcome | "nobody" = "nobody";
  let other: string | undefined;
  try {
    for (const predecessor of await readPredecessors(parts.hal.storage)) {
      const outcome = await tellOne(parts, predecessor, signal);
      if (outcome === "over") return outcome;
      if (outcome === "stranger") other ??= predecessor.destination;
      if (of !== "away") of = outcome === "stranger" ? "away" : outcome;
    }
    if (!signal.aborted) parts.onOther(other);
    return of;
  } catch (error) {
    parts.log.failed(error);
    return "away";
  }
}

/** What fails with one of them is no reason not to tell the others. */
async function tellOne(parts: HeraldParts, predecessor: Predecessor, signal: AbortSignal): Promise<Outcome> {
  const { hal, log } = parts;
  try {
    const outcome = await tell(parts, predecessor, signal);
    if (outcome !== "told") return outcome === "away" && predecessor.isTold ? "told" : outcome;
    if (predecessor.isTold) return "told";
    const inheritance = await inherit(parts, predecessor, signal);
    if (inheritance === "ended") return "over";
    await hal.storage.write(noteTold(await readPredecessors(hal.storage), predecessor));
    log.write({ kind: "predecessor-back", inheritance });
    return "told";
  } catch (error) {
    log.failed(error);
    return "away";
  }
}

/** One attempt, of at most LIMITS.answerMs. */
async function tell(parts: HeraldParts, { server, destination }: Predecessor, signal: AbortSignal): Promise<Outcome> {
  const where = parseDestination(destination, parts.config.port);
  if (where === undefined) return "away";
  const link = parts.links.connect(where, server);
  const over = linkedAbort(signal);
  let answer: Down["body"] | undefined;
  let isStranger = false;
  link.onMessage(({ body }) => {
    if (body.kind !== "refuse" && body.kind !== "server-end" && body.kind !== "welcome") return;
    answer ??= body;
    over.abort();
  });
  link.onState((state, why) => {
    if (state === "up") sayHello(parts, link);
    if (why === undefined || why instanceof SyncError || why.word !== "not-paired") return;
    isStranger = true;
    over.abort();
  });
  if (link.state === "up") sayHello(parts, link);
  await parts.hal.clock.sleep(LIMITS.answerMs, over.signal);
  over.release();
  await link.close();
  return isStranger ? "stranger" : await outcomeOf(answer, parts);
}

async function outcomeOf(answer: Down["body"] | undefined, { other }: HeraldParts): Promise<Outcome> {
  if (answer?.kind === "welcome") {
    const { position, lineage } = answer;
    return (await other.hear({ position, lineage, by: "the former server machine" })) === "stood-down" ? "over" : "away";
  }
  const refusal = answer?.kind === "refuse" || answer?.kind === "server-end" ? answer.refusal : undefined;
  return refusal?.word === "stood-down" ? "told" : "away";
}

/** A position of the same fleet, in an epoch that this journal never was in. */
const isOfAnother = ({ fleet, epoch }: Position, { position, lineage }: Journal): boolean =>
  fleet === position.fleet && !lineage.some((own) => sameEpoch(own, epoch));

function sayHello(parts: HeraldParts, link: ClientLink): void {
  const { device, journal } = parts;
  const { fleet, epoch } = journal.position;
  const envelope = { version: PROTOCOL_VERSION, fleet, epoch, from: device, session: undefined, counter: 1 };
  link.send({ envelope, body: { ...heirHello(parts), number: 1, position: journal.position } });
}
