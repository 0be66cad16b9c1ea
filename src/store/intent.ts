/**
 * An act that changes more than one store of the machine, written down before it is done, so that a start can complete
 * what a power loss has interrupted: an import, or what is put back from the history. The records come first, in as many
 * writes as they take; the head makes them an intent, in one write, and its going ends it. Values that hold secrets are
 * sealed here as well (B08).
 */
import type { Storage, Write } from "../../hal/storage.ts";
import type { GroupManagement } from "../../hal/users.ts";
import type { EntryChange } from "../model/entry.ts";
import { itemOf } from "../model/item.ts";
import { LIMITS } from "../model/limits.ts";
import type { Value } from "../model/value.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { clearRange } from "./clear-range.ts";
import { numberKey } from "./keys.ts";
import type { Seal } from "./seal.ts";

const HEAD = "m/intent";
const RECORDS = { from: "m/i/", to: "m/i0" } as const;

/** A record of the history that says, from the end of the act on, that it was put back. */
export interface Note {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface IntendedChange extends EntryChange {
  /** What stood there. */
  readonly before: Value | undefined;
  /** Whose record is gone, by a deletion (P23), is not put back. */
  readonly note: Note | undefined;
}

export interface IntentHead {
  /** The newest mark of the machine's stores before the act: edits after it are of the act, or newer than it. */
  readonly mark: number;
  readonly by: string;
  /** "back": a store has refused its part, and what was done is taken back. */
  readonly phase: "forward" | "back";
  /** What seals the secrets of the records, sealed by the key store. */
  readonly sealedKey: Uint8Array;
  readonly groups: { readonly wanted: GroupManagement; readonly before: GroupManagement } | undefined;
}

/** Writes the records as they come; without a head they are nothing, and are cleared by whoever comes next. */
export async function writeRecords(storage: Storage, changes: AsyncIterable<IntendedChange>, seal: Seal): Promise<void> {
  await clearRange(storage, RECORDS);
  let batch: Write[] = [];
  let bytes = 0;
  let index = 0;
  for await (const change of changes) {
    const value = packRecord(change, seal);
    batch.push({ key: RECORDS.from + numberKey(index), value });
    index += 1;
    bytes += value.length;
    if (batch.length < LIMITS.migrationRecords && bytes < LIMITS.migrationBytes) continue;
    await storage.write(batch);
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) await storage.write(batch);
}

export async function* readRecords(storage: Storage, seal: Seal): AsyncIterable<IntendedChange> {
  for await (const [, bytes] of storage.range(RECORDS)) yield unpackRecord(bytes, seal);
}

export const clearRecords = (storage: Storage): Promise<void> => clearRange(storage, RECORDS);

export const headWrite = ({ mark, by, phase, sealedKey, groups }: IntentHead): Write => ({
  key: HEAD,
  value: encodeCbor([mark, by, phase, sealedKey, groups === undefined ? null : [groups.wanted, groups.before]]),
});

export const NO_HEAD: Write = { key: HEAD, value: undefined };

type HeadRow = readonly [number, string, IntentHead["phase"], Uint8Array, readonly [GroupManagement, GroupManagement] | null];

export async function readHead(storage: Storage): Promise<IntentHead | undefined> {
  const bytes = await storage.get(HEAD);
  if (bytes === undefined) return undefined;
  const [mark, by, phase, sealedKey, groups] = decodeCbor(bytes, LIMITS.sealedChunkBytesMax) as HeadRow;
  return { mark, by, phase, sealedKey, groups: groups === null ? undefined : { wanted: groups[0], before: groups[1] } };
}

type RecordRow = readonly [string, string, string, Value | undefined, Value | undefined, readonly [string, Uint8Array] | null];

function packRecord(change: IntendedChange, seal: Seal): Uint8Array {
  const { owner, item, key, value, before, note } = change;
  const kept = (of: Value | undefined) => (of === undefined || !isSecret(item) ? of : seal.close(change, of));
  return encodeCbor([owner, item, key, kept(value), kept(before), note === undefined ? null : [note.key, note.value]]);
}

function unpackRecord(bytes: Uint8Array, seal: Seal): IntendedChange {
  const [owner, item, key, after, before, note] = decodeCbor(bytes, LIMITS.messageBytesMax) as RecordRow;
  const name = { owner: owner as IntendedChange["owner"], item, key };
  const opened = (of: Value | undefined) => (of === undefined || !isSecret(item) ? of : seal.open(name, of));
  return { ...name, value: opened(after), before: opened(before), note: note === null ? undefined : { key: note[0], value: note[1] } };
}

const isSecret = (item: string): boolean => itemOf(item)?.secret === true || (itemOf(item)?.secretFields.length ?? 0) > 0;
