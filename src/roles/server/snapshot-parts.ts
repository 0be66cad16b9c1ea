/**
 * Snapshot parts, made once and shared by all machines that join within a while. Each part is a key range at the
 * revision it was read at; all of them are at or after `start`, so that the changes after `start` complete any mix.
 */
import type { Revision } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Position } from "../../model/position.ts";
import { packPart } from "../../protocol/part.ts";
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
  async part(after: string, start: Revision): Promise<Part> {
    const cached = this.#parts.get(after);
    if (cached !== undefined && cached.revision >= start) return cached;
    const { records, end } = await this.#journal.part(after, LIMITS.partBytesTarget);
    const last = records.at(-1)?.[0] ?? after;
    const part: Part = { kind: "part", after, last, end, revision: this.#journal.position.revision, bytes: packPart(records) };
    // Its keys count as well: whoever asks after keys that are none gets parts of hardly any bytes.
    const bytes = part.bytes.length + 2 * (after.length + last.length);
    if (this.#bytes + bytes <= LIMITS.partsCachedBytesMax) {
      this.#parts.set(after, part);
      this.#bytes += bytes;
    }
    return part;
  }
}
