/**
 * What was deleted long ago is remembered one by one no longer (P25): some owners are looked through with each beat, all
 * of them within a day, so that nobody waits for it.
 */
import type { Clock } from "../../../hal/clock.ts";
import type { JournalTime as Time, Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Owner } from "../../model/owner.ts";
import type { Purge } from "../../protocol/change.ts";
import { mayBeDeletion } from "../../protocol/entry-frame.ts";
import type { Journal } from "../../store/journal.ts";
import { entriesOfOwner } from "../../store/keys.ts";
import { unpackEntry } from "../../store/records.ts";
import type { JournalTime } from "./journal-time.ts";
import type { OwnerTable } from "./owner-table.ts";

export interface PurgerParts {
  readonly journal: Journal;
  readonly journalTime: JournalTime;
  readonly owners: OwnerTable;
  readonly clock: Clock;
}

/** A deleted entry. */
export interface Tombstone {
  readonly revision: Revision;
  readonly stamp: Time;
}

/** All that were deleted before the first one that is not yet old; undefined: none is. Pure. */
export function purgeOf(owner: Owner, tombstones: readonly Tombstone[], oldFrom: Time): Purge | undefined {
  const kept = Math.min(Number.POSITIVE_INFINITY, ...tombstones.flatMap(({ revision, stamp }) => (stamp > oldFrom ? [revision] : [])));
  const gone = tombstones.filter(({ revision }) => revision < kept);
  if (gone.length === 0) return undefined;
  return { owner, upTo: Math.max(...gone.map(({ revision }) => revision)), stamp: Math.max(...gone.map(({ stamp }) => stamp)) };
}

export class Purger {
  readonly #parts: PurgerParts;
  #waiting: Owner[] = [];
  #roundMs = Number.NEGATIVE_INFINITY;

  constructor(parts: PurgerParts) {
    this.#parts = parts;
  }

  /** What of the next owners is old enough; of nobody when they had their turn today. */
  async next(): Promise<Purge[]> {
    const { clock, journalTime, owners } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (this.#waiting.length === 0 && nowMs - this.#roundMs >= LIMITS.purgeEveryMs) {
      this.#waiting = [...owners.all()];
      this.#roundMs = nowMs;
    }
    const purges: Purge[] = [];
    for (const owner of this.#waiting.splice(0, LIMITS.purgeOwnersAtOnce)) {
      const purge = purgeOf(owner, await this.#tombstonesOf(owner), journalTime.now() - LIMITS.tombstoneMs);
      if (purge !== undefined) purges.push(purge);
    }
    return purges;
  }

  async #tombstonesOf(owner: Owner): Promise<Tombstone[]> {
    const tombstones: Tombstone[] = [];
    for await (const [, record] of this.#parts.journal.view().range(entriesOfOwner(owner))) {
      // Nearly all of them have a value, which is nobody's business here.
      if (!mayBeDeletion(record)) continue;
      const { revision, edit } = unpackEntry(record);
      if (edit.value === undefined) tombstones.push({ revision, stamp: edit.stamp });
    }
    return tombstones;
  }
}
