/** The communication log (M32): the newest records, kept over restarts. */
import type { Clock } from "../../hal/clock.ts";
import type { Unsubscribe } from "../../hal/hal.ts";
import type { Storage, Write } from "../../hal/storage.ts";
import { SyncError, unlessDamaged } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { LogRecord } from "../model/log.ts";
import { failureOf, headOf, type LogNote, type Refused } from "../model/log-note.ts";
import { noteText } from "../model/log-note-text.ts";
import type { Refusal } from "../model/refusal.ts";
import { dropDamaged } from "../store/damaged.ts";

const PREFIX = "l/";
const RANGE = { from: PREFIX, to: "l0" } as const;
const recordKey = (number: number) => PREFIX + String(number).padStart(16, "0");

export class CommunicationLog {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #records: LogRecord[] = [];
  readonly #listeners = new Set<(record: LogRecord) => void>();
  /** Troubles that were said since anything else was, and when each was last to be said: monotonic time. */
  readonly #troubles = new Map<string, number>();
  #last = 0;
  #unwritten: Write[] = [];
  #writing: Promise<void> | undefined;

  constructor(parts: { readonly storage: Storage; readonly clock: Clock }) {
    this.#storage = parts.storage;
    this.#clock = parts.clock;
  }

  /** Without what of it is damaged. */
  async open(): Promise<void> {
    try {
      await this.#readAll();
    } catch (error) {
      unlessDamaged(error);
      await dropDamaged(this.#storage, RANGE);
      await this.#readAll();
    }
  }

  async #readAll(): Promise<void> {
    this.#records.length = 0;
    for await (const [key, bytes] of this.#storage.range(RANGE)) {
      this.#records.push(JSON.parse(Buffer.from(bytes).toString()) as LogRecord);
      this.#last = Number(key.slice(PREFIX.length));
    }
  }

  records(): readonly LogRecord[] {
    return [...this.#records];
  }

  onRecord(listener: (record: LogRecord) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The same sentence twice in a row is said once, and so are a few troubles that come in turns: a server that is away fills no log, nor do
   * two machines that put each other out.
   */
  write(note: LogNote): void {
    const { level, code } = headOf(note);
    const text = noteText(note);
    const newest = this.#records.at(-1);
    const comesInTurn = this.#comesInTurn(note, `${code} ${text}`);
    if (newest?.code === code && (newest.text === text || isSameFailure(newest.note, note))) return;
    if (comesInTurn) return;
    const record: LogRecord = { at: isoTime(this.#clock.wallMs()), level, code, text, note };
    this.#records.push(record);
    this.#last += 1;
    this.#unwritten.push({ key: recordKey(this.#last), value: Buffer.from(JSON.stringify(record)) });
    if (this.#records.length > LIMITS.logRecordsMax) {
      this.#records.shift();
      this.#unwritten.push({ key: recordKey(this.#last - LIMITS.logRecordsMax), value: undefined });
    }
    for (const listener of this.#listeners) listener(record);
    this.#writing ??= this.#flush();
  }

  /** Whether this trouble was to be said a while ago already, and nothing else happened since but others of them. */
  #comesInTurn({ kind }: LogNote, sentence: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const isTrouble = kind === "failed" || kind === "refused" || kind === "function-failed";
    if (!isTrouble) {
      this.#troubles.clear();
      return false;
    }
    const saidMs = this.#troubles.get(sentence);
    this.#troubles.delete(sentence);
    this.#troubles.set(sentence, nowMs);
    const [oldest] = this.#troubles.keys();
    if (this.#troubles.size > LIMITS.logTurnsMax && oldest !== undefined) this.#troubles.delete(oldest);
    return saidMs !== undefined && nowMs - saidMs < LIMITS.logAgainMs;
  }

  refused(refused: Refused, refusal: Refusal): void {
    this.write({ kind: "refused", refused, refusal });
  }

  /** What went wrong in the world; anything else is a bug and is thrown on. */
  failed(error: unknown): void {
    if (!(error instanceof SyncError)) throw error;
    this.write({ kind: "failed", failure: failureOf(error) });
  }

  /** Resolves when all records so far are durable, or could not be. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #flush(): Promise<void> {
    while (this.#unwritten.length > 0) {
      const batch = this.#unwritten;
      this.#unwritten = [];
      // A log that cannot be written must not stop what it tells about; the records stay readable in memory.
      await this.#storage.write(batch).then(undefined, () => undefined);
    }
    this.#writing = undefined;
  }
}

/** A function that fails again as it did before, of which service may have been told other words: another file of a full disk. */
const isSameFailure = (last: LogNote | undefined, note: LogNote): boolean =>
  last?.kind === "function-failed" && note.kind === "function-failed" && last.which === note.which && note.code !== "crashed";

/** ISO 8601, whatever the clock says: a date beyond JavaScript's years is the nearest one. */
export function isoTime(wallMs: number): string {
  const limit = 8.64e15;
  return new Date(Math.max(-limit, Math.min(limit, wallMs))).toISOString();
}
