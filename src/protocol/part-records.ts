/** The records of a snapshot part, in key order, however it was packed: in rows (row-part.ts) or in columns (column-part.ts). */
export interface PartRecords {
  readonly records: number;
  /** Bytes that it takes in memory. */
  readonly size: number;
  /** The key of a record, counted from 0; a view. */
  key(at: number): Buffer;
  /** Whether the record has no bytes, or an entry in it no value; a deletion has one that says so. */
  isEmpty(at: number): boolean;
  /** The record; a view, or bytes of its own. */
  record(at: number): Uint8Array;
  /** The value in an entry's record, as CBOR, where it need not be looked for: the same as in the record. A view. */
  value(at: number): Uint8Array | undefined;
}
