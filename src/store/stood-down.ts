/** The note that another machine has become the server in this one's place (B06), and the end of it. */
import type { Storage } from "../../hal/storage.ts";
import { unlessDamaged } from "../model/errors.ts";
import type { EpochId, FleetId, JournalTime } from "../model/ids.ts";
import { mandateOf, withEpoch } from "../model/lineage.ts";
import { LIMITS } from "../model/limits.ts";
import type { LineageEntry, Mandate } from "../model/position.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { packJournalHead, unpackJournalHead } from "./journal-head.ts";
import { JOURNAL_META, STOOD_DOWN } from "./journal-keys.ts";
import { readReplicaHead } from "./replica-now.ts";

/** The other server, as far as this machine has heard of it. */
export interface Rival {
  /** Of its epoch. */
  readonly number: number;
  /** undefined: an older module told of it. */
  readonly mandate: Mandate | undefined;
}

/** A note without a mandate is a bare number, as the first notes were. */
export async function noteStoodDown(storage: Storage, { number, mandate }: Rival): Promise<void> {
  const note = mandate === undefined ? number : [number, mandate.at, mandate.id];
  await storage.write([{ key: STOOD_DOWN, value: encodeCbor(note) }]);
}

export async function readStoodDown(storage: Storage): Promise<Rival | undefined> {
  const bytes = await storage.get(STOOD_DOWN);
  if (bytes === undefined) return undefined;
  const note = decodeCbor(bytes, LIMITS.entryBytesMax) as number | readonly [number, JournalTime, EpochId];
  if (typeof note === "number") return { number: note, mandate: undefined };
  const [number, at, id] = note;
  return { number, mandate: { at, id } };
}

/** What an epoch needs that begins by an act of an administrator. */
export interface ActedEpoch {
  readonly id: EpochId;
  readonly above: number;
  readonly mandate: Mandate;
}

/**
 * An epoch that an administrator begins on this machine at `at`: above every number, and by a later mandate than any,
 * that its storage knows of in the fleet. `also`: lineages that are to come into the storage with it.
 */
export async function actedEpoch(
  storage: Storage,
  fleet: FleetId,
  { id, at, also = [] }: { readonly id: EpochId; readonly at: JournalTime; readonly also?: readonly LineageEntry[] },
): Promise<ActedEpoch> {
  // Of a head that is damaged nothing is known, and what else tells of the fleet counts.
  const journal = await storage.get(JOURNAL_META).catch(unlessDamaged);
  const journalHead = journal === undefined ? undefined : unpackJournalHead(journal);
  const replicaHead = await readReplicaHead(storage).catch(unlessDamaged);
  const isServed = journalHead?.fleet === fleet;
  const copied = replicaHead?.position?.fleet === fleet ? replicaHead : undefined;
  const rival = isServed ? await readStoodDown(storage) : undefined;
  const lineages = [isServed ? journalHead.lineage : [], copied?.lineage ?? [], also];
  const numbers = [rival?.number ?? 0, copied?.position?.epoch.number ?? 0, ...lineages.flat().map(({ number }) => number)];
  const times = [rival?.mandate, ...lineages.map(mandateOf)].map((mandate) => (mandate === undefined ? 0 : mandate.at + 1));
  return { id, above: Math.max(...numbers), mandate: { at: Math.max(at, ...times), id } };
}

/**
 * An administrator wants this machine to serve again: from then on it is the one that took over. In one write. Nothing
 * where it had not stood down. The server function must not run.
 */
export async function serveAgain(storage: Storage, act: { readonly id: EpochId; readonly at: JournalTime }): Promise<void> {
  const [note, meta] = await storage.getMany([STOOD_DOWN, JOURNAL_META]);
  if (note === undefined || meta === undefined) return;
  const head = unpackJournalHead(meta);
  const epoch = await actedEpoch(storage, head.fleet, act);
  const lineage = withEpoch(head.lineage, { ...epoch, first: head.revision + 1, born: "promotion" });
  await storage.write([
    { key: STOOD_DOWN, value: undefined },
    { key: JOURNAL_META, value: packJournalHead({ ...head, lineage }) },
  ]);
}
