/**
 * The parts of a snapshot that a server has made, in its storage: so that after a restart those who join wait for no part to be made
 * again. Nothing depends on them. What is missing, damaged or too old is made anew; a write that fails ends the keeping, and nothing else.
 *
 *     s/b          where the snapshot starts, and for each part the key after which it begins and its bytes
 *     s/b/AFTER    the part: a checksum, then [last, end, revision, bytes]
 *
 * All belong to one start in one epoch. What people delete does not stay in them (M15, P25): they go in the write that deletes it.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { SyncError, unlessDamaged } from "../model/errors.ts";
import type { Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { type Position, sameEpoch } from "../model/position.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import type { Change } from "../protocol/change.ts";
import { decodePosition, encodePosition } from "../protocol/position.ts";
import type { Part } from "../protocol/welcome.ts";
import { asWritten, withChecksum } from "./checksummed.ts";
import { clearRange } from "./clear-range.ts";
import type { Journal } from "./journal.ts";
import { ALL_KEPT_PARTS, KEPT_PARTS, keptPartKey } from "./journal-keys.ts";

/** Where a snapshot starts, and how many bytes of changes came after it so far. */
export interface KeptStart {
  readonly position: Position;
  readonly bytesSince: number;
}

export class KeptParts {
  readonly #storage: Storage;
  /** What is kept belongs to this one; undefined: nothing is. */
  #position: Position | undefined;
  /** The keys after which the parts begin that are kept, or are to be. */
  readonly #afters = new Set<string>();
  /** Those that are durable, with their bytes. */
  #durable: ReadonlyMap<string, number> = new Map();
  /** The last change that took something away: what was read before it may have that still. */
  #erasedAt: Revision = 0;
  /** Writes are done one after the other, each when all before it are durable. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** What is kept of the journal as it is now, and where it starts. What is of no use any more is cleared. */
  static async open(storage: Storage, journal: Journal): Promise<{ readonly kept: KeptParts; readonly start: KeptStart | undefined }> {
    const kept = new KeptParts(storage);
    const head = await readHead(storage);
    const bytesSince = head === undefined ? undefined : await bytesAfter(head, journal);
    if (head === undefined || bytesSince === undefined) {
      await clearRange(storage, ALL_KEPT_PARTS);
      return { kept, start: undefined };
    }
    const { position, parts } = head;
    kept.#position = position;
    kept.#durable = parts;
    for (const after of parts.keys()) kept.#afters.add(after);
    return { kept, start: { position, bytesSince } };
  }

  /** The part after a key that is kept for this start; undefined: it is to be made. */
  async read(after: string, start: Position): Promise<Part | undefined> {
    if (start !== this.#position || !this.#afters.has(after)) return undefined;
    const part = unpack(after, await this.#storage.get(keptPartKey(after)).catch(unlessDamaged));
    if (part === undefined) this.#afters.delete(after);
    return part;
  }

  /** From now on parts of a snapshot that starts here are kept, and no others. */
  begin(start: Position): void {
    this.#forget();
    // A part that is read before a deletion is durable has what is deleted.
    if (start.revision < this.#erasedAt) return;
    this.#position = start;
    this.#afterwards(start, async () => {
      await clearRange(this.#storage, ALL_KEPT_PARTS);
      if (start === this.#position) await this.#storage.write([headWrite({ position: start, parts: this.#durable })]);
    });
  }

  /** Keeps a part of the snapshot that starts here, some time later. */
  keep(part: Part, start: Position): void {
    if (start !== this.#position || this.#afters.has(part.after)) return;
    this.#afters.add(part.after);
    this.#afterwards(start, async () => {
      const parts = new Map(this.#durable).set(part.after, part.bytes.length);
      await this.#storage.write([{ key: keptPartKey(part.after), value: pack(part) }, headWrite({ position: start, parts })]);
      if (start === this.#position) this.#durable = parts;
    });
  }

  /** What is to be written with these changes: where one of them deletes something, nothing is kept any more. */
  erased(changes: readonly Change[]): Write[] {
    const last = changes.findLast(erases);
    if (last === undefined) return [];
    this.#erasedAt = last.revision;
    if (this.#position === undefined) return [];
    const gone = [KEPT_PARTS, ...[...this.#afters].map(keptPartKey)];
    this.#forget();
    return gone.map((key) => ({ key, value: undefined }));
  }

  /** Nothing is kept any more. */
  drop(): void {
    if (this.#position === undefined) return;
    this.#forget();
    this.#afterwards(undefined, async () => await clearRange(this.#storage, ALL_KEPT_PARTS));
  }

  /** What is not written yet will not be: the storage is somebody else's from now on. */
  end(): void {
    this.#forget();
  }

  /** Resolves when what was to be written is. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #forget(): void {
    this.#position = undefined;
    this.#afters.clear();
    this.#durable = new Map();
  }

  /** Does it when all before it is durable, unless something else is kept by then. */
  #afterwards(start: Position | undefined, write: () => Promise<void>): void {
    this.#writing = this.#writing.then(async () => {
      if (start !== this.#position) return;
      try {
        await write();
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
        // The medium is full, or fails: others need the room more. What cannot be cleared now is cleared when it is opened again.
        this.#forget();
        await clearRange(this.#storage, ALL_KEPT_PARTS).catch(() => undefined);
      }
    });
  }
}

/** Whether it takes something away that parts may have. A scope may make what was shared a machine's own. */
const erases = ({ edits, removals, scopes }: Change): boolean =>
  removals.length > 0 || scopes.length > 0 || edits.some(({ edit }) => edit.value === undefined);

interface Head {
  readonly position: Position;
  readonly parts: ReadonlyMap<string, number>;
}

const headWrite = ({ position, parts }: Head): Write => ({ key: KEPT_PARTS, value: encodeCbor([encodePosition(position), [...parts]]) });

async function readHead(storage: Storage): Promise<Head | undefined> {
  const bytes = await storage.get(KEPT_PARTS).catch(unlessDamaged);
  if (bytes === undefined) return undefined;
  const [position, parts] = decodeCbor(bytes, LIMITS.messageBytesMax) as readonly [unknown, readonly (readonly [string, number])[]];
  return { position: decodePosition(position, "start"), parts: new Map(parts) };
}

/**
 * Bytes of the changes after a start; undefined: no snapshot starts there any more. They may be as many as those of the parts: one in
 * six entries was changed then, and a change costs whoever joins more than an entry of a part.
 */
async function bytesAfter({ position: start, parts }: Head, journal: Journal): Promise<number | undefined> {
  const { epoch, revision } = journal.position;
  const isNear = sameEpoch(start.epoch, epoch) && revision - start.revision <= LIMITS.partAgeRevisionsMax;
  if (!isNear || !(await journal.knows(start))) return undefined;
  const bytesMax = Math.min(
    LIMITS.partAgeBytesMax,
    [...parts.values()].reduce((sum, bytes) => sum + bytes, 0),
  );
  const since = await journal.since(start.revision, bytesMax);
  if (since === "too-old" || since.last < revision) return undefined;
  const bytes = since.changes.reduce((sum, { length }) => sum + length, 0);
  return bytes > bytesMax ? undefined : bytes;
}

const pack = ({ last, end, revision, bytes }: Part): Uint8Array => withChecksum(encodeCbor([last, end, revision, bytes]));

/** undefined: it is not as it was written. */
function unpack(after: string, stored: Uint8Array | undefined): Part | undefined {
  const row = asWritten(stored);
  if (row === undefined) return undefined;
  const [last, end, revision, bytes] = decodeCbor(row, LIMITS.messageBytesMax) as readonly [string, boolean, Revision, Uint8Array];
  return { kind: "part", after, last, end, revision, bytes };
}
