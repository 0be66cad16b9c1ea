/**
 * Snapshot parts, made once and shared by all machines that join within a while. Each part is a key range at the
 * revision it was read at; all of them are at or after `start`, so that the changes after `start` complete any mix.
 */
import type { Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Position } from "../../model/position.ts";
import { must } from "../../model/assert.ts";
import { packFitting, type PartForm } from "../../protocol/part.ts";
import type { Part } from "../../protocol/welcome.ts";
import type { Journal } from "../../store/journal.ts";

export class SnapshotParts {
  readonly #journal: Journal;
  readonly #parts = new Map<string, Part>();
  #start: Position | undefined;
  #bytes = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Where a snapshot that begins now starts: not before `atLeast`, the client's own position in this epoch, the newest change of a scope (P29). */
  startFor(atLeast: Revision): Position {
    const now = this.#journal.position;
    const start = this.#start;
    const shared =
      start !== undefined &&
      start.revision >= atLeast &&
      now.revision - start.revision <= LIMITS.partAgeRevisionsMax &&
      this.#journal.keepsAfter(start.revision);
    if (shared && start.epoch.id === now.epoch.id) return start;
    this.#parts.clear();
    this.#bytes = 0;
    this.#start = now;
    return now;
  }

  /** The part after a key, for a transfer that began at `start`. */
  async part(after: string, start: Revision, form: PartForm): Promise<Part> {
    const name = `${form} ${after}`;
    const cached = this.#parts.get(name);
    if (cached !== undefined && cached.revision >= start) return cached;
    const part = await this.#made(after, form);
    const { last } = part;
    // Its keys count as well: whoever asks after keys that are none gets parts of hardly any bytes.
    const bytes = part.bytes.length + 2 * (after.length + last.length);
    if (this.#bytes + bytes <= LIMITS.partsCachedBytesMax) {
      this.#parts.set(name, part);
      this.#bytes += bytes;
    }
    return part;
  }

  async #made(after: string, form: PartForm): Promise<Part> {
    const { records, end } = await this.#journal.part(after, LIMITS.snapshotPartBytesTarget);
    let packed = records;
    // Nothing that was read is newer: a commit may have ended meanwhile.
    const { revision } = this.#journal.position;
    let bytes = packFitting(packed, form);
    // Secrets and pictures do not compress: then there are fewer of them in a part.
    while (bytes === undefined && packed.length > 1) {
      packed = packed.slice(0, Math.floor(packed.length / 2));
      bytes = packFitting(packed, form);
    }
    const last = packed.at(-1)?.[0] ?? after;
    return {
      kind: "part",
      after,
      last,
      end: end && packed.length === records.length,
      revision,
      bytes: must(bytes, "a record fits a message"),
    };
  }
}
