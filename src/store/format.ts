/**
 * Format numbers of the module's storage, and the ways from each to the next.
 *
 * 1  the first (2026-11).
 * 2  a client's base may lie in segments; one that does not is read as before (2026-11).
 * 3  a segment may be in columns; one in rows is read as before (2026-11).
 * 4  what moves on of a client's head may stand in records of its own, and entries over segments and pending edits in few bytes; as they
 *    were they are read as before (2026-11).
 *
 * A storage is brought up to date before anybody reads it. Each step goes through its parts in batches; a batch and how
 * far the step has come are one write, so that a kill costs at most the batch that was being made. The number of the
 * format it goes to is there from the first write of a step on: a module that does not know the format leaves a storage
 * alone that is half way.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { readOrDamaged } from "./damaged.ts";
import { firstAfter, FORMAT_AGAIN_KEY, FORMAT_KEY, type KeyRange } from "./keys.ts";

/** How far a step has come; there while one is under way. */
const UNDER_WAY = "f/under-way";
const FIRST = 1;

export type StoredRecord = readonly [key: string, value: Uint8Array];

export interface FormatPart {
  readonly range: KeyRange;
  /**
   * What becomes of some records of the range that follow each other: at most `migrationRecords`, and fewer where they
   * come to `migrationBytes`. The writes are all of it, also the deletion of what is not to stay. A record that is
   * written into the range after the last one of these is met again later.
   */
  turn(records: readonly StoredRecord[]): readonly Write[];
}

/**
 * From the format before to this one. Steps follow each other without holes, and stay for as long as there may be storages of
 * their time.
 */
export interface FormatStep {
  readonly to: number;
  /** One after the other. */
  readonly parts: readonly FormatPart[];
}

const STEPS: readonly FormatStep[] = [
  { to: 2, parts: [] },
  { to: 3, parts: [] },
  { to: 4, parts: [] },
];

/**
 * Marks a new storage with the newest format, and brings an older one up to it; a kill anywhere costs nothing but
 * calling it again. Throws "storage-format" for a storage of a format that `steps` do not lead on from, such as a newer
 * one, and has changed nothing then. Throws what `Storage` throws. Tells a new storage from one that was here before, and
 * whether its mark could not be read and was made anew.
 */
export async function openFormat(storage: Storage, steps: readonly FormatStep[] = STEPS): Promise<"new" | "known" | "mended"> {
  const newest = steps.at(-1)?.to ?? FIRST;
  const marked = await readMark(storage, newest);
  if (marked === undefined) {
    await storage.write(formatMarks(newest));
    return "new";
  }
  const found = marked.mark[0] ?? 0;
  if (marked.mark.length !== 1 || found < FIRST || found > newest) throw unknownFormat(marked.mark, newest);
  const bytes = await storage.get(UNDER_WAY);
  for (const step of steps) {
    if (step.to === found && bytes !== undefined) await goOn(storage, step, unpackProgress(bytes));
    if (step.to > found) await goOn(storage, step, undefined);
  }
  if (found === newest && !marked.isTwice) await storage.write(formatMarks(newest));
  return marked.isDamaged ? "mended" : "known";
}

interface Marked {
  readonly mark: Uint8Array;
  /** It stands in both of its places. */
  readonly isTwice: boolean;
  readonly isDamaged: boolean;
}

/**
 * It stands in two places, far from each other, so that one damaged record does not stop a machine for good. Where neither can be
 * read, the module that stands here wrote them, as far as anybody can know; a storage with one place alone is from before there were
 * two, when no step changed a record.
 */
async function readMark(storage: Storage, newest: number): Promise<Marked | undefined> {
  const [first, again] = [await readOrDamaged(storage, FORMAT_KEY), await readOrDamaged(storage, FORMAT_AGAIN_KEY)];
  const isDamaged = first === "damaged" || again === "damaged";
  const readable = [first, again].find((mark) => mark instanceof Uint8Array);
  if (readable !== undefined) return { mark: readable, isTwice: first instanceof Uint8Array && again instanceof Uint8Array, isDamaged };
  if (!isDamaged) return undefined;
  return { mark: Uint8Array.of(first === again ? newest : FIRST), isTwice: false, isDamaged };
}

const formatMarks = (format: number): Write[] => [FORMAT_KEY, FORMAT_AGAIN_KEY].map((key) => ({ key, value: Uint8Array.of(format) }));

const unknownFormat = (mark: Uint8Array, newest: number): SyncError =>
  new SyncError(
    "storage-format",
    `the storage has format ${mark.length === 1 ? mark[0] : "none"}, this module reads up to ${newest}; nothing was changed: install the module that wrote it, or restore a backup`,
  );

interface Progress {
  readonly part: number;
  /** Up to here the part is done, this key included; undefined: it has not begun. */
  readonly after: string | undefined;
}

const BEGINNING: Progress = { part: 0, after: undefined };

const progressMark = ({ part, after }: Progress): Write => ({ key: UNDER_WAY, value: encodeCbor([part, after ?? null]) });

function unpackProgress(bytes: Uint8Array): Progress {
  const [part, after] = decodeCbor(bytes, LIMITS.entryBytesMax) as readonly [number, string | null];
  return { part, after: after ?? undefined };
}

async function goOn(storage: Storage, step: FormatStep, stored: Progress | undefined): Promise<void> {
  if (stored === undefined) await storage.write([...formatMarks(step.to), progressMark(BEGINNING)]);
  const first = stored ?? BEGINNING;
  for (const [index, part] of step.parts.entries()) {
    if (index < first.part) continue;
    let after = index === first.part ? first.after : undefined;
    for (;;) {
      const records = await batchOf(storage, part.range, after);
      const last = records.at(-1);
      if (last === undefined) break;
      after = last[0];
      await storage.write([...part.turn(records), progressMark({ part: index, after })]);
    }
  }
  await storage.write([{ key: UNDER_WAY, value: undefined }]);
}

async function batchOf(storage: Storage, { from, to }: KeyRange, after: string | undefined): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  let bytes = 0;
  const range = { from: after === undefined ? from : firstAfter(after), to, limit: LIMITS.migrationRecords };
  for await (const record of storage.range(range)) {
    records.push(record);
    bytes += record[1].length;
    if (bytes >= LIMITS.migrationBytes) break;
  }
  return records;
}
