/**
 * I26  What a machine stores is bounded: its log, its pending edits, its histories; and the journal, whose oldest changes
 *      go as soon as nobody transfers a copy that wants them.
 */
import type { KeyBlocks } from "../../../hal/sim/key-blocks.ts";
import type { Write } from "../../../hal/storage.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { DiskWatch } from "../virtual-disk.ts";
import type { Faults } from "./faults.ts";

const CHANGES = "s/c/";
/** Records that are written before their oldest go. */
const SLACK = 64;
const BOUNDS: readonly (readonly [prefix: string, what: string, max: number])[] = [
  [CHANGES, "changes", Number.POSITIVE_INFINITY],
  ["l/", "records of its log", LIMITS.logRecordsMax + SLACK],
  ["c/p/", "pending edits", LIMITS.pendingMax],
  ["c/h/", "records of what it lost", LIMITS.historyRecordsMax + SLACK],
  ["s/h/", "records of what its server lost", LIMITS.historyRecordsMax + SLACK],
];
/** A bundle of the journal is as large as this, or as what is kept. */
const BUNDLE_MAX = 256;

export interface BoundsParts {
  readonly machine: string;
  readonly faults: Faults;
  readonly changesKept: number;
  /** A machine may be transferring a copy: the changes since are kept for it. */
  readonly mayBeWanted: () => boolean;
}

export class BoundsChecker implements DiskWatch {
  readonly #parts: BoundsParts;
  readonly #keys = new Map<string, Set<string>>();

  constructor(parts: BoundsParts) {
    this.#parts = parts;
  }

  replaced(content: KeyBlocks): void {
    this.#keys.clear();
    for (const [prefix] of BOUNDS) for (const [key] of content.ascending(prefix, `${prefix}~`)) this.#of(prefix).add(key);
  }

  committed(batch: readonly Write[]): void {
    const { machine, faults, changesKept, mayBeWanted } = this.#parts;
    for (const [prefix, what, max] of BOUNDS) {
      const mine = batch.filter(({ key }) => key.startsWith(prefix));
      if (mine.length === 0) continue;
      const keys = this.#of(prefix);
      const before = keys.size;
      for (const { key, value } of mine) keys[value === undefined ? "delete" : "add"](key);
      if (keys.size > max) faults.found("I26", `${machine} keeps ${keys.size} ${what}`);
      if (prefix !== CHANGES || keys.size < before || mayBeWanted()) continue;
      // What came with this write stays at least until the next one.
      const added = mine.filter(({ value }) => value !== undefined).length;
      if (keys.size >= changesKept + Math.min(changesKept, BUNDLE_MAX) + added - 1)
        faults.found("I26", `${machine} keeps ${keys.size} ${what}, and is to keep ${changesKept}`);
    }
  }

  #of(prefix: string): Set<string> {
    const known = this.#keys.get(prefix);
    if (known !== undefined) return known;
    const keys = new Set<string>();
    this.#keys.set(prefix, keys);
    return keys;
  }
}
