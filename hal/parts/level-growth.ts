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

  /** `last`: of each key of the batch the operation that stands in the end. The batch is written next, or was refused. */
  async by(last: ReadonlyMap<string, Operation>): Promise<number> {
    const keys = [...last.keys()];
    const unknown: string[] = [];
    for (const key of keys) if (this.known.has(key) === undefined && !(await this.#isNew(key))) unknown.push(key);
    const found = await this.#found(unknown);
    this.#rising.note(keys);
    const there = keys.filter((key) => this.known.has(key) === true).length + found.filter(Boolean).length;
    return [...last.values()].filter(({ type }) => type === "put").length - there;
  }

  /** Whether each of these keys is there. */
  async #found(keys: string[]): Promise<boolean[]> {
    if (keys.length <= AT_ONCE_MAX) return keys.map((key) => this.#database.getSync(key) !== undefined);
    return await this.#database.hasMany(keys);
  }

  /** Whether it is beyond all keys of its kind. */
  async #isNew(key: string): Promise<boolean> {
    const kind = this.#rising.kindOf(key);
    if (kind === undefined) return false;
    if (!this.#rising.knows(kind)) this.#rising.learn(kind, await this.#lastOf(kind));
    return this.#rising.isBeyond(kind, key);
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
