/**
 * Which of the keys that were read or written last are there: whoever is about to overwrite what it has just read need
 * not look once more. Kept in two generations: when the younger one is full, the older one is forgotten as a whole, so that
 * nothing has to be sought out to make room for each key.
 */
import type { Operation } from "./level-records.ts";

/** Of a generation. */
const KEYS_MAX = 512;

export class KnownKeys {
  /** A key of the younger generation may stand in the older one with what was known of it before. */
  #young = new Map<string, boolean>();
  #old = new Map<string, boolean>();
  /** Rises when a write begins and when it ends: what was read meanwhile says nothing of after it. */
  #turn = 0;
  #writing = false;

  /** The moment a reading begins; undefined while something is being written. */
  beginReading(): number | undefined {
    return this.#writing ? undefined : this.#turn;
  }

  /** What a reading found that began at that moment. */
  endReading(began: number | undefined, keys: readonly string[], there: (index: number) => boolean): void {
    if (began !== this.#turn || keys.length > KEYS_MAX) return;
    for (let index = 0; index < keys.length; index += 1) this.#note(keys[index] ?? "", there(index));
  }

  /** undefined: not known. */
  has(key: string): boolean | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  beginWriting(): void {
    this.#turn += 1;
    this.#writing = true;
  }

  /** `written`: what was written of each key in the end; undefined: nobody knows what became of the write. */
  endWriting(written: readonly Operation[] | undefined): void {
    this.#turn += 1;
    this.#writing = false;
    if (written === undefined || written.length > KEYS_MAX) this.#clear();
    else for (let index = 0; index < written.length; index += 1) this.#noteWritten(written[index]);
  }

  /** The database was opened again: what it holds may be another. */
  forget(): void {
    this.#turn += 1;
    this.#clear();
  }

  #clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  #noteWritten(operation: Operation | undefined): void {
    if (operation !== undefined) this.#note(operation.key, operation.type === "put");
  }

  #note(key: string, isThere: boolean): void {
    if (this.#young.size >= KEYS_MAX) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, isThere);
  }
}
