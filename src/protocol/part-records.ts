/** The records of a snapshot part, in key order, however it was packed: in rows (row-part.ts) or in columns (column-part.ts). */
export interface PartRecords {
  readonly records: number;
  /** Bytes that it takes in memory. */
  readonly size: number;
  /** The key of a record, counted from 0; a view. */
  key(at: number): Buffer;
  /** Below, at or above 0: its key is before this one, the same, or after it. */
  compareKey(at: number, key: Uint8Array): number;
  /** Whether the record has no bytes, or an entry in it no value; a deletion has one that says so. */
  isEmpty(at: number): boolean;
  /** The record; a view, or bytes of its own. */
  record(at: number): Uint8Array;
  /** The keys from one record up to another, as text. */
  keyTexts(from: number, to: number): string[];
  /** Where the values of entries stand by themselves, as CBOR, each between two places: the same as in their records. */
  readonly values: Uint8Array;
  /** -1: this record's value does not stand by itself, and has to be looked for in the record. */
  valueFrom(at: number): number;
  valueTo(at: number): number;
}
