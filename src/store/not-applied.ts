/**
 * Entries of the fleet that this machine does not show, and why (M27): durable, so that a start tries them again and an
 * administrator can read them. At most LIMITS.notAppliedMax; what comes on top is not listed.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import type { EntryName } from "../model/entry.ts";
import { LIMITS } from "../model/limits.ts";
import type { NotAppliedBecause, NotAppliedReason } from "../model/not-applied.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { entryKey, entryOfKey } from "./keys.ts";

const PREFIX = "c/n/";
export const NOT_APPLIED_RANGE = { from: PREFIX, to: "c/n0" } as const;

export interface Listed extends EntryName, NotAppliedReason {}

export class NotAppliedList {
  readonly #storage: Storage;
  /** By the entry's state key. */
  readonly #listed = new Map<string, NotAppliedReason>();

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  static async open(storage: Storage): Promise<NotAppliedList> {
    const list = new NotAppliedList(storage);
    for await (const [key, bytes] of storage.range(NOT_APPLIED_RANGE)) {
      const [because, detail] = decodeCbor(bytes, LIMITS.entryBytesMax) as [NotAppliedBecause, string];
      list.#listed.set(key.slice(PREFIX.length), { because, detail });
    }
    return list;
  }

  get size(): number {
    return this.#listed.size;
  }

  all(): Listed[] {
    return [...this.#listed].map(([key, reason]) => ({ ...entryOfKey(key), ...reason }));
  }

  /** Whether there is one for this reason; asked with each change, and so without a list. */
  some(because: NotAppliedBecause): boolean {
    for (const reason of this.#listed.values()) if (reason.because === because) return true;
    return false;
  }

  reasonOf(stateKey: string): NotAppliedReason | undefined {
    return this.#listed.get(stateKey);
  }

  /** These entries are shown now, or there is nothing to show; those are not. Gives what was not listed like that before. */
  async note(shown: Iterable<EntryName>, not: readonly Listed[]): Promise<readonly Listed[]> {
    if (not.length === 0 && this.#listed.size === 0) return [];
    const without = new Set(not.map(entryKey));
    const batch: Write[] = [];
    for (const key of new Set([...shown].map(entryKey))) {
      if (!this.#listed.has(key) || without.has(key)) continue;
      this.#listed.delete(key);
      batch.push({ key: PREFIX + key, value: undefined });
    }
    const fresh: Listed[] = [];
    for (const entry of not) {
      if (!this.#isNew(entry)) continue;
      const { because, detail } = entry;
      this.#listed.set(entryKey(entry), { because, detail });
      batch.push({ key: PREFIX + entryKey(entry), value: encodeCbor([because, detail]) });
      fresh.push(entry);
    }
    if (batch.length > 0) await this.#storage.write(batch);
    return fresh;
  }

  #isNew(entry: Listed): boolean {
    const before = this.#listed.get(entryKey(entry));
    if (before === undefined) return this.#listed.size < LIMITS.notAppliedMax;
    return before.because !== entry.because || before.detail !== entry.detail;
  }
}
