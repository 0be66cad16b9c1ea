/** By how many records a batch makes a storage larger, with as few looks into the database as can be. */
import { must } from "../../src/model/assert.ts";
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
   * `operations`: no two of them of one key. They are written next, or were refused. A number where nothing has to be waited for, as
   * with nearly all batches that are small.
   */
  by(operations: readonly Operation[]): number | Promise<number> {
    const sought: string[] = [];
    const unlearnt: string[] = [];
    let grown = 0;
    // Counted, as elsewhere on this way: going through by iterators leaves garbage for each record of each batch.
    for (let index = 0; index < operations.length; index += 1) {
      const { key, type } = must(operations[index], "an operation of the batch");
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
    const unknown: string[] = [];
    for (let index = 0; index < sought.length; index += 1) {
      const key = sought[index] ?? "";
      if (this.known.has(key) === undefined && !this.#rising.isBeyond(key)) unknown.push(key);
    }
    this.#rising.note(sought);
    if (unknown.length > AT_ONCE_MAX) return this.#database.hasMany(unknown).then((found) => grown - found.filter(Boolean).length);
    let left = grown;
    for (let index = 0; index < unknown.length; index += 1) if (this.#database.getSync(unknown[index] ?? "") !== undefined) left -= 1;
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
