/**
 * What the server function lost is put back by edits of the server itself (B02), all of them or none: in one write, with
 * whoever has to make room for the owner (M22), and with the note that it was put back.
 */
import type { Clock } from "../../../hal/clock.ts";
import { dayOf } from "../../model/day.ts";
import type { Accepted } from "../../model/entry.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Owner } from "../../model/owner.ts";
import type { Refusal } from "../../model/refusal.ts";
import { notedEntry } from "../../model/log-note.ts";
import { encodeCbor } from "../../protocol/cbor.ts";
import type { AcceptedEdit } from "../../protocol/change.ts";
import { encodeAccepted } from "../../protocol/edit.ts";
import { type Kept, notePutBack } from "../../store/history.ts";
import { draftOf } from "../../store/draft.ts";
import type { Transaction } from "../../store/journal.ts";
import { entryKey } from "../../store/keys.ts";
import { unpackEntry } from "../../store/records.ts";
import type { EditQueueParts } from "./edit-queue.ts";
import { appendEvicting, type Eviction } from "./evicting.ts";
import { Newcomers } from "./newcomers.ts";
import { Room, serverDeletion } from "./room.ts";

export interface PutBackParts extends EditQueueParts {
  readonly clock: Clock;
}

export interface PutBackDone {
  /** Edits that were made; what stood there already needed none. */
  readonly entries: number;
  readonly evictions: readonly Eviction[];
}

/** Nothing is appended or put when it refuses. Several changes where one would pass its limit. */
export async function putBack(
  owner: Owner,
  records: readonly Kept[],
  transaction: Transaction,
  parts: PutBackParts,
): Promise<Refusal | PutBackDone> {
  const { view, at } = transaction;
  await view.load(records.map(({ lost }) => entryKey(lost)));
  const fresh = records.filter((record) => !stands(record, transaction));
  const newcomers = new Newcomers({ ...parts, usersMax: parts.config.usersMax, today: dayOf(at) });
  const place = fresh.some(({ lost }) => lost.value !== undefined) ? newcomers.look(owner, false) : undefined;
  if (place?.kind === "refused") return place.refusal;
  const edits = await editsOf(fresh, transaction, parts);
  if ("word" in edits) return edits;
  if (place?.kind === "fits") newcomers.take(owner, place);
  const victim = newcomers.settle();
  const evictions: Eviction[] = [];
  for (const [index, change] of inChanges(edits).entries()) {
    const appended = await appendEvicting(draftOf(change), index === 0 ? victim : undefined, transaction, parts.history);
    evictions.push(...appended.evictions);
  }
  for (const record of records) transaction.put(notePutBack(record, parts.clock.wallMs()));
  return { entries: fresh.length, evictions };
}

function stands({ lost }: Kept, { view }: Transaction): boolean {
  const record = view.get(entryKey(lost));
  const value = record === undefined ? undefined : unpackEntry(record).edit.value;
  return Buffer.compare(encodeCbor(value), encodeCbor(lost.value)) === 0;
}

async function editsOf(records: readonly Kept[], transaction: Transaction, parts: PutBackParts): Promise<Refusal | AcceptedEdit[]> {
  const { at, revision, view } = transaction;
  const ownId = () => ({ device: parts.device, run: parts.run, sequence: parts.nextSequence() });
  const room = new Room(view, parts);
  const edits: AcceptedEdit[] = [];
  for (const { lost } of records) {
    const { owner, item, key, value } = lost;
    if (!parts.scopes.isShared(item)) return { word: "device-specific" };
    const made = { seen: revision, stamp: at, certain: true, by: "put-back", why: "server" } as const;
    const edit: Accepted = { id: ownId(), owner, item, key, value, ...made };
    const admitted = await room.look(edit);
    if (admitted.kind === "refused") return admitted.refusal;
    room.take(admitted);
    if (admitted.moved !== undefined) parts.log.write({ kind: "number-moved", entry: notedEntry(edit, edit.value), ...admitted.moved });
    const dropped = admitted.dropped.map((name) => serverDeletion(name, ownId(), at, revision));
    for (const each of [admitted.edit, ...dropped]) edits.push({ edit: each, bytes: encodeAccepted(each) });
  }
  return edits;
}

/** As few changes as their limit allows. */
function inChanges(edits: readonly AcceptedEdit[]): AcceptedEdit[][] {
  const changes: AcceptedEdit[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const edit of edits) {
    bytes += edit.bytes.length;
    if (bytes > LIMITS.holdingBytesMax) {
      changes.push([]);
      bytes = edit.bytes.length;
    }
    changes.at(-1)?.push(edit);
  }
  return changes;
}
