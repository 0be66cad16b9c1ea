/**
 * A snapshot part in columns: what is alike in its records stands together, what many of them share stands once, and the
 * names of an entry stand in its key alone. Inflated, it is
 *
 *     1                      where a part in rows (part.ts) begins with a 0
 *     records, frames        how many
 *     each frame             author, made, byOwner, why: what entry-frame.ts takes off records, each with its length before it
 *     each record's frame    counted from 1; 0: the record stands whole in place of a value
 *     each record's key      characters shared with the key before it, how many come after them; all of those, in a row
 *     each value's length
 *     each entry's revision, sequence, seen and stamp, column by column, each less the one before it (seen: less its revision)
 *     all values, in a row
 *
 * Numbers have seven bits to a byte, the lowest first. What is unpacked is what was packed, byte by byte.
 */
import { ColumnWriter } from "./column.ts";
import { type EntryFrame, type EntryPieces, frameOf, hasFrame, takeApart } from "./entry-frame.ts";

export type PartRecord = readonly [key: string, value: Uint8Array];

/** What a part in columns begins with; a length of a first key never does. */
export const IN_COLUMNS = 1;

const EMPTY_KEY = Buffer.alloc(0);

/** The part before it is deflated. */
export function toColumns(records: readonly PartRecord[]): Uint8Array {
  const columns = new Columns(records);
  for (const [key, record] of records) columns.add(Buffer.from(key), record);
  return columns.joined();
}

class Columns {
  readonly #frames = new Frames();
  readonly #frameNumbers = new ColumnWriter();
  readonly #keyLengths = new ColumnWriter();
  readonly #keys = new ColumnWriter();
  readonly #valueLengths = new ColumnWriter();
  readonly #revisions = new ColumnWriter();
  readonly #sequences = new ColumnWriter();
  readonly #seens = new ColumnWriter();
  readonly #stamps = new ColumnWriter();
  readonly #values: ColumnWriter;
  #keyBefore: Buffer = EMPTY_KEY;
  #before = { revision: 0, sequence: 0, stamp: 0 };
  #records = 0;

  constructor(records: readonly PartRecord[]) {
    this.#values = new ColumnWriter(records.reduce((sum, [, record]) => sum + record.length, 0));
  }

  add(key: Buffer, record: Uint8Array): void {
    const pieces = takeApart(key, record);
    const { valueAt, whyAt } = pieces ?? { valueAt: 0, whyAt: record.length };
    this.#records += 1;
    this.#frameNumbers.number(pieces === undefined ? 0 : this.#frames.numberOf(record, pieces));
    this.#addKey(key);
    this.#valueLengths.number(whyAt - valueAt);
    this.#values.bytes(record, valueAt, whyAt);
    if (pieces !== undefined) this.#addNumbers(pieces);
  }

  joined(): Uint8Array {
    const head = new ColumnWriter();
    head.number(IN_COLUMNS);
    head.number(this.#records);
    this.#frames.writeTo(head);
    return Buffer.concat(
      [
        head,
        this.#frameNumbers,
        this.#keyLengths,
        this.#keys,
        this.#valueLengths,
        this.#revisions,
        this.#sequences,
        this.#seens,
        this.#stamps,
        this.#values,
      ].map((column) => column.written()),
    );
  }

  #addKey(key: Buffer): void {
    const shared = sharedLength(this.#keyBefore, key);
    this.#keyLengths.number(shared);
    this.#keyLengths.number(key.length - shared);
    this.#keys.bytes(key, shared, key.length);
    this.#keyBefore = key;
  }

  #addNumbers({ revision, sequence, seen, stamp }: EntryPieces): void {
    const before = this.#before;
    this.#revisions.signed(revision - before.revision);
    this.#sequences.signed(sequence - before.sequence);
    this.#seens.signed(revision - seen);
    this.#stamps.signed(stamp - before.stamp);
    this.#before = { revision, sequence, stamp };
  }
}

/** The frames of a part, each once. */
class Frames {
  readonly #numbers = new Map<string, number>();
  readonly #frames: EntryFrame[] = [];
  #last = 0;

  /** From 1. Records that follow each other are alike as a rule. */
  numberOf(record: Uint8Array, pieces: EntryPieces): number {
    const before = this.#frames[this.#last - 1];
    if (before !== undefined && hasFrame(record, pieces, before)) return this.#last;
    const frame = frameOf(record, pieces);
    const name = `${latin(frame.author)}${latin(frame.why)}${frame.byOwner ? "=" : "/"}${latin(frame.made)}`;
    this.#last = this.#numbers.get(name) ?? this.#frames.push(frame);
    this.#numbers.set(name, this.#last);
    return this.#last;
  }

  writeTo(column: ColumnWriter): void {
    column.number(this.#frames.length);
    for (const { author, made, byOwner, why } of this.#frames) {
      for (const bytes of [author, made, why]) {
        column.number(bytes.length);
        column.bytes(bytes);
      }
      column.number(byOwner ? 1 : 0);
    }
  }
}

const latin = ({ buffer, byteOffset, length }: Uint8Array): string => Buffer.from(buffer, byteOffset, length).toString("latin1");

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length += 1;
  return length;
}
