/** Listens to the changes that a server tells: a revision is one change for ever, and an edit is applied once (P7, P8). */
import { createHash } from "node:crypto";
import { type Accepted, entryText } from "../../src/model/entry.ts";
import { unpackRecords } from "../../src/protocol/block.ts";
import { type Change, decodeChange } from "../../src/protocol/change.ts";

export class JournalWatch {
  readonly #changes = new Map<string, string>();
  readonly #edits = new Map<string, number>();
  /** The first thing that was wrong. */
  fault: string | undefined;

  /** Knows what that one has heard. */
  goOnFrom(before: JournalWatch): void {
    for (const [name, content] of before.#changes) this.#changes.set(name, content);
    for (const [id, revision] of before.#edits) this.#edits.set(id, revision);
    this.fault = before.fault;
  }

  heard(epoch: string, block: Uint8Array): void {
    for (const bytes of unpackRecords(block)) this.#change(epoch, bytes);
  }

  #change(epoch: string, bytes: Uint8Array): void {
    const change = decodeChange(bytes);
    const name = `${epoch} ${change.revision}`;
    const content = createHash("sha256").update(bytes).digest("hex");
    const known = this.#changes.get(name);
    if (known === content) return;
    if (known !== undefined) this.#found(`revision ${change.revision} was told as two different changes`);
    this.#changes.set(name, content);
    for (const { edit } of change.edits) {
      const { device, run, sequence } = edit.id;
      // What is offered has the number of the last edit that it contains, which may have stood before: it is taken once for each join.
      const join = edit.why === "adopted" ? (change.adoption?.join ?? "") : "";
      const id = `${epoch} ${device} ${run} ${sequence} ${join} ${entryText(edit)}`;
      const before = this.#edits.get(id);
      if (before !== undefined && !isLeft(edit, change))
        this.#found(
          `P7: edit ${sequence} of run ${run} (${entryText(edit)}) was applied at revision ${before} and again at ${change.revision}`,
        );
      this.#edits.set(id, change.revision);
    }
  }

  #found(fault: string): void {
    this.fault ??= fault;
  }
}

/** An end that is told late, as of when it was, takes the owner's entries with it: the change says anew which of them were made after it (B06). */
const isLeft = ({ owner, stamp }: Accepted, { removals }: Change): boolean =>
  removals.some((removal) => removal.owner === owner && removal.at !== undefined && removal.at < stamp);
