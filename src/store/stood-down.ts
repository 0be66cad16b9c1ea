/** The note that another machine has become the server in this one's place (B06), and the end of it. */
import type { Storage } from "../../hal/storage.ts";
import type { EpochId } from "../model/ids.ts";
import { withEpoch } from "../model/lineage.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { packJournalHead, unpackJournalHead } from "./journal-head.ts";
import { JOURNAL_META, STOOD_DOWN } from "./journal-keys.ts";

/** `number`: of the epoch that the other machine has begun. */
export async function noteStoodDown(storage: Storage, number: number): Promise<void> {
  await storage.write([{ key: STOOD_DOWN, value: encodeCbor(number) }]);
}

export async function hasStoodDown(storage: Storage): Promise<boolean> {
  return (await storage.get(STOOD_DOWN)) !== undefined;
}

/**
 * An administrator wants this machine to serve again: from then on it is the one that took over, with an epoch above
 * that of the other. In one write. Nothing where it had not stood down. The server function must not run.
 */
export async function serveAgain(storage: Storage, id: EpochId): Promise<void> {
  const [note, meta] = await storage.getMany([STOOD_DOWN, JOURNAL_META]);
  if (note === undefined || meta === undefined) return;
  const head = unpackJournalHead(meta);
  const above = decodeCbor(note, LIMITS.entryBytesMax) as number;
  const lineage = withEpoch(head.lineage, { id, above, first: head.revision + 1, born: "promotion" });
  await storage.write([
    { key: STOOD_DOWN, value: undefined },
    { key: JOURNAL_META, value: packJournalHead({ ...head, lineage }) },
  ]);
}
