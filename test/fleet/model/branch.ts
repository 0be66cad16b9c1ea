/**
 * What a journal was at each of its revisions. A journal that goes on from an older revision (an old image of its disk,
 * a restore, a stand-in) is another branch: two branches have the revisions up to the fork in common, and none after it.
 */
import { must } from "../../../src/model/assert.ts";
import type { EditId, JournalTime } from "../../../src/model/ids.ts";
import type { LineageEntry, Position } from "../../../src/model/position.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { Fold } from "./fold.ts";

interface Version {
  readonly revision: number;
  /** The edits of it that the revision brought, the one that stands last. */
  readonly by: readonly EditId[];
  /** The record's bytes; undefined: it is gone. "unseen": it was rewritten before anybody could read it. */
  readonly bytes: Uint8Array | undefined | "unseen";
}

export class Branch {
  readonly fleet: string;
  lineage: readonly LineageEntry[];
  /** At the last revision. */
  fold = new Fold();
  revision = 0;
  readonly #hashes = new Map<number, string>([[0, CHAIN_START]]);
  readonly #times = new Map<number, JournalTime>();
  readonly #versions = new Map<string, Version[]>();
  readonly #changed = new Map<number, readonly string[]>();

  constructor(fleet: string, lineage: readonly LineageEntry[]) {
    this.fleet = fleet;
    this.lineage = lineage;
  }

  get chainHash(): string {
    return must(this.#hashes.get(this.revision), "each revision has a hash");
  }

  /** Whether this branch was there: at that revision, with that hash. */
  passed({ fleet, revision, chainHash }: Pick<Position, "fleet" | "revision" | "chainHash">): boolean {
    return fleet === this.fleet && this.#hashes.get(revision) === chainHash;
  }

  /** A change of that journal time. */
  append(revision: number, chainHash: string, at: JournalTime): void {
    this.revision = revision;
    this.#hashes.set(revision, chainHash);
    this.#times.set(revision, at);
  }

  /** The journal time of a revision; 0: there is no such change. */
  timeOf(revision: number): JournalTime {
    return this.#times.get(revision) ?? 0;
  }

  /** The records that a revision wrote. */
  wrote(
    revision: number,
    records: Iterable<readonly [key: string, bytes: Version["bytes"]]>,
    by?: ReadonlyMap<string, readonly EditId[]>,
  ): void {
    const keys: string[] = [];
    for (const [key, bytes] of records) {
      keys.push(key);
      const version: Version = { revision, bytes, by: by?.get(key) ?? [] };
      const versions = this.#versions.get(key);
      if (versions === undefined) this.#versions.set(key, [version]);
      else versions.push(version);
    }
    this.#changed.set(revision, [...(this.#changed.get(revision) ?? []), ...keys]);
  }

  /** The record as it was at a revision. */
  at(key: string, revision: number): Version["bytes"] {
    return this.#versions.get(key)?.findLast((version) => version.revision <= revision)?.bytes;
  }

  /** Versions of a record from a revision on, without it, to another. */
  *between(key: string, after: number, to: number): Iterable<Version> {
    for (const version of this.#versions.get(key) ?? []) if (version.revision > after && version.revision <= to) yield version;
  }

  keys(): Iterable<string> {
    return this.#versions.keys();
  }

  /** Keys of the records that the revisions after `from` up to `to` wrote. */
  *changedBetween(from: number, to: number): Iterable<string> {
    for (let revision = from + 1; revision <= to; revision += 1) yield* this.#changed.get(revision) ?? [];
  }

  /** A branch that goes on from one of its revisions. `fold` is the state there. */
  fork(revision: number, fold: Fold): Branch {
    const fork = new Branch(this.fleet, this.lineage);
    fork.fold = fold;
    fork.revision = revision;
    for (let at = 0; at <= revision; at += 1) {
      const hash = this.#hashes.get(at);
      if (hash !== undefined) fork.#hashes.set(at, hash);
      const time = this.#times.get(at);
      if (time !== undefined) fork.#times.set(at, time);
      const changed = this.#changed.get(at);
      if (changed !== undefined) fork.#changed.set(at, changed);
    }
    for (const [key, versions] of this.#versions) {
      const older = versions.filter((version) => version.revision <= revision);
      if (older.length > 0) fork.#versions.set(key, older);
    }
    return fork;
  }
}
