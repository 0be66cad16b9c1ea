/**
 * Which of the keys that were read or written last are there: whoever is about to overwrite what it has just read need
 * not look once more. A few hundred keys at most; those noted first are forgotten first.
 */
const KEYS_MAX = 512;

export class KnownKeys {
  readonly #there = new Map<string, boolean>();
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
    for (const [index, key] of keys.entries()) this.#note(key, there(index));
  }

  /** undefined: not known. */
  has(key: string): boolean | undefined {
    return this.#there.get(key);
  }

  beginWriting(): void {
    this.#turn += 1;
    this.#writing = true;
  }

  /** `last`: what was written of each key in the end; undefined: nobody knows what became of the write. */
  endWriting(last: ReadonlyMap<string, { readonly type: "put" | "del" }> | undefined): void {
    this.#turn += 1;
    this.#writing = false;
    if (last === undefined || last.size > KEYS_MAX) this.#there.clear();
    else for (const [key, { type }] of last) this.#note(key, type === "put");
  }

  /** The database was opened again: what it holds may be another. */
  forget(): void {
    this.#turn += 1;
    this.#there.clear();
  }

  #note(key: string, isThere: boolean): void {
    // Its turn to be forgotten comes all the same: whoever looks then has looked once in a few hundred keys.
    if (this.#there.get(key) === isThere) return;
    this.#there.delete(key);
    this.#there.set(key, isThere);
    if (this.#there.size <= KEYS_MAX) return;
    const [oldest] = this.#there.keys();
    if (oldest !== undefined) this.#there.delete(oldest);
  }
}
