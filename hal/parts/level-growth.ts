/** By how many records a batch makes a storage larger, with as few looks into the database as can be. */
import { KnownKeys } from "./known-keys.ts";
import { AT_ONCE_MAX, type LevelDatabase, type Operation } from "./level-records.ts";
import { RisingKeys } from "./rising-keys.ts";

/** After the digits in the order of characters. */
const AFTER_DIGITS = ":";

export class Growth {
  readonly known = new KnownKeys();
  readonly #rising = new RisingKeys();
  readonly #database: LevelDatabase;

  constructor(database: LevelDatabase) {
    this.#database = database;
  }

  /**
   * `last`: of each key of the batch the operation that stands in the end. The batch is written next, or was refused. A number where
   * nothing has to be waited for, as with nearly all batches that are small.
   */
  by(last: ReadonlyMap<string, Operation>): number | Promise<number> {
    const sought: string[] = [];
    const unlearnt: string[] = [];
    let grown = 0;
    for (const [key, { type }] of last) {
      const isThere = this.known.has(key);
      if (type === "put") grown += 1;
      if (isThere === true) grown -= 1;
      else sought.push(key);
      const kind = isThere === undefined ? this.#rising.kindOf(key) : undefined;
      if (kind !== undefined && !this.#rising.knows(kind)) unlearnt.push(kind);
    }
    if (sought.length === 0) return grown;
    if (unlearnt.length === 0) return this.#less(grown, sought);
    return this.#learn(unlearnt).then(() => this.#less(grown, sought));
  }

  /** Less those that are there of the keys of which that is not known. */
  #less(grown: number, sought: readonly string[]): number | Promise<number> {
    const unknown = sought.filter((key) => this.known.has(key) === undefined && !this.#rising.isBeyond(key));
    this.#rising.note(sought);
    if (unknown.length > AT_ONCE_MAX) return this.#database.hasMany(unknown).then((found) => grown - found.filter(Boolean).length);
    let left = grown;
    for (const key of unknown) if (this.#database.getSync(key) !== undefined) left -= 1;
    return left;
  }

  async #learn(kinds: readonly string[]): Promise<void> {
    for (const kind of kinds) if (!this.#rising.knows(kind)) this.#rising.learn(kind, await this.#lastOf(kind));
  }

  async #lastOf(kind: string): Promise<string> {
    const iterator = this.#database.iterator({ gte: kind, lt: kind + AFTER_DIGITS, limit: 1, reverse: true });
    try {
      const [last] = await iterator.nextv(1);
      return last?.[0] ?? "";
    } finally {
      await iterator.close();
    }
  }
}
