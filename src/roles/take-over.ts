/** A client machine becomes the server in the place of one that is lost (B06). */
import type { Hal } from "../../hal/hal.ts";
import type { Storage } from "../../hal/storage.ts";
import type { Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import { SyncError } from "../model/errors.ts";
import { type DeviceId, epochId, type JournalTime as Time } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { withEpoch } from "../model/lineage.ts";
import type { Position } from "../model/position.ts";
import { type Random, randomHex } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import { AnswerMarks } from "../store/answer-marks.ts";
import { Installation } from "../store/installation.ts";
import { ALL_STATE } from "../store/keys.ts";
import { LayeredRecords } from "../store/layered-records.ts";
import { type FormerServer, formerServers } from "../store/former-servers.ts";
import { notePredecessors, type Predecessor, withPredecessor } from "../store/predecessor.ts";
import { actedEpoch } from "../store/stood-down.ts";
import type { ReplicaHead } from "../store/replica-head.ts";
import { readReplicaHead } from "../store/replica-now.ts";
import { damagedCopy } from "../store/segment.ts";
import { Segments } from "../store/segments.ts";
import type { ClientFunction } from "./client-function.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { parseDestination } from "./destination.ts";
import { JournalTime } from "./server/journal-time.ts";
import type { ServerFunction } from "./server-function.ts";
import type { ClientSetup, Paired, Setup } from "./setup.ts";

export interface TakeOverParts {
  readonly hal: Pick<Hal, "storage" | "clock" | "device">;
  readonly config: Config;
  readonly links: Pick<Links, "firstContact">;
  readonly random: Random;
  readonly setup: Setup;
  readonly device: DeviceId;
  readonly log: CommunicationLog;
  readonly server: ServerFunction;
  readonly client: ClientFunction;
  /** Ends what waits when the module stops. */
  readonly signal: AbortSignal;
}

interface Heir {
  readonly client: ClientSetup;
  readonly paired: Paired;
  readonly head: ReplicaHead;
  readonly position: Position;
}

export type TakeOver = (parts: TakeOverParts) => Promise<Refusal | "done">;

/** Not beside a start or a stop of the two functions: whoever calls sees to that. */
export async function takeOver(parts: TakeOverParts): Promise<Refusal | "done"> {
  const { log, server, client } = parts;
  const refusal = await refusalOf(parts);
  if (refusal !== undefined) {
    log.refused({ of: "server-function", by: "taken-over" }, refusal);
    return refusal;
  }
  const outcome = await client.aside(() => server.aside(() => replaceJournal(parts)));
  await server.settled();
  return outcome;
}

async function replaceJournal(parts: TakeOverParts): Promise<Refusal | "done"> {
  // The client's edits may have come as far as its stop; what counts is what is durable now.
  const heir = await heirOf(parts);
  if ("word" in heir) return heir;
  const former = await install(heir, parts);
  parts.log.write({ kind: "took-over", hadData: former !== undefined });
  return "done";
}

async function refusalOf(parts: TakeOverParts): Promise<Refusal | undefined> {
  // Whom it serves would lose what its journal has and the copy has not.
  if (parts.server.status()?.state === "running") return { word: "server-alive" };
  const heir = await heirOf(parts);
  if ("word" in heir) return heir;
  return (await parts.server.refusal(parts.signal)) ?? (await aliveRefusal(heir, parts));
}

/** What this machine has to go on from. */
async function heirOf({ hal, setup }: TakeOverParts): Promise<Refusal | Heir> {
  const { client } = setup.state;
  if (!hal.device.capabilities.server) return { word: "not-a-server-model" };
  const head = await readReplicaHead(hal.storage);
  if (client?.paired === undefined || head?.position === undefined) return { word: "client-not-running" };
  return { client, paired: client.paired, head, position: head.position };
}

/**
 * "server-alive" when the server machine is heard, or answers at its address. A machine that stood down answers as well, and
 * serves nobody.
 */
async function aliveRefusal({ client: { destination }, paired }: Heir, parts: TakeOverParts): Promise<Refusal | undefined> {
  const { client, links, config, signal } = parts;
  const status = client.status();
  if (status?.refusal?.word === "stood-down") return undefined;
  if (status !== undefined && !["offline", "restart-needed", "refused"].includes(status.state)) return { word: "server-alive" };
  const where = parseDestination(destination, config.port);
  if (where === undefined) return undefined;
  try {
    const contact = await links.firstContact(where, signal);
    contact.close();
    return contact.server === paired.server ? { word: "server-alive" } : undefined;
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return undefined;
  }
}

/**
 * The copy becomes the journal's state, and this machine its own client, in one write. Gives the journal that it replaces: of a
 * server function of its own that had been stopped. What that held beyond the copy goes to the history (Installation).
 */
async function install(
  { client, paired, head, position }: Heir,
  { hal, setup, random, device }: TakeOverParts,
): Promise<Installation["former"]> {
  const { storage, clock } = hal;
  const segments = await Segments.open(storage, head.generation);
  // Half of a fleet's data would be installed as all of it.
  if (segments.isDamaged) throw damagedCopy();
  const installation = await Installation.begin(storage);
  const marks = new AnswerMarks();
  const state = new LayeredRecords(storage, segments);
  let batch: (readonly [string, Uint8Array])[] = [];
  let bytes = 0;
  for await (const [stateKey, value] of state.range(ALL_STATE)) {
    marks.note(stateKey, value);
    batch.push([stateKey, value]);
    bytes += value.length;
    if (bytes < LIMITS.partBytesTarget) continue;
    await installation.stage(batch);
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) await installation.stage(batch);
  const known = head.lineage.length > 0 ? head.lineage : [{ ...position.epoch, first: 1 }];
  const time = JournalTime.from(Math.max(reckoned(head, hal), marks.newestStamp, head.at), clock);
  const acted = await actedEpoch(storage, position.fleet, { id: epochId(randomHex(random, 8)), at: time.now() });
  const epoch = { ...acted, first: position.revision + 1, born: "promotion" } as const;
  const writes = [
    ...marks.writes(),
    time.write(),
    ...(await setup.serveSecret(await setup.unseal(paired.fleetSecret))),
    notePredecessors(await predecessorsOf({ server: paired.server, destination: client.destination }, storage, device)),
  ];
  const own = { ...client, destination: "localhost", searchDepth: undefined, password: undefined, expected: undefined, paired: undefined };
  await setup.setTogether({ server: true, client: own }, (write) =>
    installation.commit(position, withEpoch(known, epoch), [...writes, write], clock.wallMs()),
  );
  return installation.former;
}

/** The server machine that is lost, and whoever served the fleet before it: that one may have been lost before it could tell them. */
async function predecessorsOf(last: FormerServer, storage: Storage, device: DeviceId): Promise<readonly [Predecessor, ...Predecessor[]]> {
  const before = (await formerServers(storage)).filter(({ server }) => server !== device);
  const untold = (former: FormerServer): Predecessor => ({ ...former, isTold: false });
  return withPredecessor(before.map(untold), untold(last));
}

/** Journal time by this machine's reckoning; over a power-off by the date, which is right on a machine that may serve (P4, M06). */
function reckoned({ heard }: ReplicaHead, { clock }: TakeOverParts["hal"]): Time {
  if (heard === undefined) return Math.max(1, Math.round(clock.wallMs()));
  if (heard.boot === clock.boot) return Math.round(heard.time + clock.monotonicMs() - heard.monotonicMs);
  return Math.max(heard.time, Math.round(clock.wallMs()));
}
