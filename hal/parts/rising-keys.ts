/**
 * Keys that end with a number of sixteen digits and are written in rising order, as logs and queues do: one beyond the
 * last of its kind is new, and need not be looked for.
 */
const DIGITS = 16;
const SLASH = 0x2f;
/** Beginnings that are kept in mind: a storage has a handful of them. */
const KINDS_MAX = 32;

export class RisingKeys {
  /** By what the keys begin with: no key of it is above this one; "" for none at all. */
  readonly #last = new Map<string, string>();

  /** What a key begins with before its number; undefined: it is of no such kind. */
  kindOf(key: string): string | undefined {
    // The first look is quick, and enough for nearly all keys that end otherwise.
    if (key.charCodeAt(key.length - DIGITS - 1) !== SLASH || !/\d{16}$/.test(key)) return undefined;
    const kind = key.slice(0, -DIGITS);
    return this.#last.has(kind) || this.#last.size < KINDS_MAX ? kind : undefined;
  }

  knows(kind: string): boolean {
    return this.#last.has(kind);
  }

  /** `last`: the last key of the kind that is there, "" for none. */
  learn(kind: string, last: string): void {
    this.#last.set(kind, last);
  }

  /** Whether it is beyond all keys of its kind. */
  isBeyond(key: string): boolean {
    const kind = this.kindOf(key);
    const last = kind === undefined ? undefined : this.#last.get(kind);
    return last !== undefined && key > last;
  }

  /** Keys that are about to be written. */
  note(keys: readonly string[]): void {
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      const kind = this.kindOf(key);
      const last = kind === undefined ? undefined : this.#last.get(kind);
      if (kind !== undefined && last !== undefined && key > last) this.#last.set(kind, key);
    }
  }
}
