/** Writes that arrive while one is under way go into the next one together: one sync for all of them, in their order. */
interface Waiting<T> {
  readonly items: readonly T[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class GroupedWrites<T> {
  readonly #write: (items: readonly T[]) => Promise<void>;
  readonly #bytesMax: number;
  #waiting: Waiting<T>[] = [];
  #draining: Promise<void> | undefined;

  /** `write` is never called while it is under way. A group stays under `bytesMax` unless a single write is larger. */
  constructor({ write, bytesMax }: { readonly write: (items: readonly T[]) => Promise<void>; readonly bytesMax: number }) {
    this.#write = write;
    this.#bytesMax = bytesMax;
  }

  /** Resolves or rejects as the write of its group does. */
  add(items: readonly T[], bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, bytes, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when all that was added so far has ended. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // One turn, so that writes called together are one group from the start.
    await undefined;
    for (let group = this.#next(); group.length > 0; group = this.#next()) {
      const [only] = group;
      try {
        // As a rule nothing else has come in the same turn.
        await this.#write(only === undefined || group.length > 1 ? group.flatMap(({ items }) => items) : only.items);
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#draining = undefined;
  }

  #next(): readonly Waiting<T>[] {
    let bytes = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      bytes += waiting.bytes;
      return index > 0 && bytes > this.#bytesMax;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }
}
