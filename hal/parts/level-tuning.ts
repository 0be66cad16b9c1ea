/**
 * How LevelDB is set: for the memory and the file descriptors of a printer, and for little that is written twice
 * (src/decisions/disk.md).
 */
import { BATCHES_KEPT } from "./level-records.ts";

/** A printer has 128 to 256 file descriptors for everything, and little memory; LevelDB's defaults take 1,000 and 24 MB. */
const TUNING = { maxOpenFiles: 64, cacheSize: 256 * 1024 };
const BUFFER_BYTES_MIN = 256 * 1024;
const BUFFER_BYTES_MAX = 1024 * 1024;
const TABLE_BYTES_MAX = 1024 * 1024;
/** What a database holds is written again about as often as its buffer is full; so one that holds more has a larger one. */
const BUFFER_SHARE = 1 / 4;

/** Bytes of the write buffer of a database whose tables have so many. */
export const writeBufferFor = (tableBytes: number): number =>
  Math.min(BUFFER_BYTES_MAX, Math.max(BUFFER_BYTES_MIN, Math.round(tableBytes * BUFFER_SHARE)));

/** A table is about as large as two buffers: merging knows no smaller piece, and each open one has its index in memory. */
export const tuningFor = (writeBufferSize: number) => ({
  ...TUNING,
  writeBufferSize,
  maxFileSize: Math.min(2 * writeBufferSize, TABLE_BYTES_MAX),
});

/** The least that a batch takes, so that a full buffer, and with it the log, has no more of them than are kept in mind. */
export const batchBytesMin = (writeBufferSize: number): number => Math.ceil(writeBufferSize / BATCHES_KEPT);
