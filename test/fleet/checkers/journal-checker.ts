/**
 * I1  The journal has no holes: revisions follow each other, each chain hash covers the change and the hash before it,
 *     and the server's state is what the changes add up to, in the same write.
 * B02  What an eviction takes from the server is in its history, in the same write.
 */
import type { Edit } from "../../../src/model/entry.ts";
import type { EditId } from "../../../src/model/ids.ts";
import type { JournalHead } from "../../../src/store/journal-head.ts";
import { type Change, decodeChange } from "../../../src/protocol/change.ts";
import type { Branch } from "../model/branch.ts";
import { chained, entryName, type Fold } from "../model/fold.ts";
import type { Journals } from "../model/journals.ts";
import { recordFault } from "../model/records.ts";
import type { DecisionChecker } from "./decision-checker.ts";
import type { Faults } from "./faults.ts";

/** One durable write of a server. */
export interface Commit {
  readonly machine: string;
  /** The changes that it wrote down, in order, each with the hash it leads to. */
  readonly changes: readonly { readonly bytes: Uint8Array; readonly chainHash: string }[];
  readonly head: Pick<JournalHead, "fleet" | "lineage" | "revision" | "chainHash">;
  /** The state records that it wrote. */
  readonly writes: ReadonlyMap<string, Uint8Array | undefined>;
  /** Keys of the history that it wrote. */
  readonly kept: readonly string[];
  /** A state record as it lies on the disk after it. */
  readonly record: (key: string) => Uint8Array | undefined;
}

export interface JournalCheckerParts {
  readonly journals: Journals;
  readonly decisions: DecisionChecker;
  readonly faults: Faults;
  /** Is told every change that became durable. */
  readonly onChange?: (machine: string, change: Change) => void;
}

export class JournalChecker {
  readonly #parts: JournalCheckerParts;

  constructor(parts: JournalCheckerParts) {
    this.#parts = parts;
  }

  commit(branch: Branch, commit: Commit): void {
    const { journals, decisions, faults } = this.#parts;
    const { machine, changes, head, writes, record } = commit;
    const touched = new Set<string>();
    const first = branch.revision + 1;
    let by: ReadonlyMap<string, readonly EditId[]> = new Map();
    branch.lineage = head.lineage;
    for (const { bytes, chainHash } of changes) {
      const change = decodeChange(bytes);
      const before = branch.chainHash;
      if (change.revision !== branch.revision + 1)
        return faults.found("I1", `${machine} follows revision ${branch.revision} with revision ${change.revision}`);
      if (chained(before, bytes) !== chainHash)
        return faults.found("I1", `the chain hash at revision ${change.revision} of ${machine} does not cover its change`);
      journals.committed(before, chainHash, bytes);
      const fault = decisions.fault(branch.fold, change);
      if (fault !== undefined) return faults.found(fault.rule, `revision ${change.revision} of ${machine}: ${fault.what}`);
      const lost = notKept(branch.fold, change, commit.kept);
      if (lost !== undefined)
        return faults.found("B02", `${machine} evicts ${show(lost)} at revision ${change.revision} and keeps no record of it`);
      const of = branch.fold.take(change);
      const after = decisions.faultAfter(branch.fold, change);
      if (after !== undefined) return faults.found(after.rule, `after revision ${change.revision} of ${machine}: ${after.what}`);
      this.#parts.onChange?.(machine, change);
      for (const key of of) touched.add(key);
      branch.append(change.revision, chainHash, change.at);
      // What a later change of the same write covers lies on no disk; entries are known all the same.
      by = idsByEntry(change.edits.map(({ edit }) => edit));
      if (change.revision < head.revision)
        branch.wrote(
          change.revision,
          [...of].map((key) => [key, "unseen"] as const),
          by,
        );
    }
    if (head.revision !== branch.revision || head.chainHash !== branch.chainHash)
      return faults.found("I1", `${machine} says revision ${head.revision}, its changes lead to ${branch.revision}`);
    for (const key of new Set([...touched, ...writes.keys()])) {
      const fault = recordFault(branch.fold, key, record(key));
      if (fault !== undefined)
        return faults.found(
          "I1",
          `the state of ${machine} is not what revisions ${first} to ${branch.revision} say: ${show(key)} ${fault}`,
        );
    }
    branch.wrote(branch.revision, writes, by);
  }
}

export const show = (key: string): string => key.replaceAll("\0", " ");

function idsByEntry(edits: readonly Edit[]): Map<string, EditId[]> {
  const ids = new Map<string, EditId[]>();
  for (const edit of edits) ids.set(entryName(edit), [...(ids.get(entryName(edit)) ?? []), edit.id]);
  return ids;
}

/** An entry that goes with an eviction and is in no history. */
function notKept(fold: Fold, { removals }: Change, kept: readonly string[]): string | undefined {
  for (const { owner, kind } of removals) {
    if (kind !== "evicted") continue;
    for (const { edit } of fold.entriesOf(owner))
      if (edit.value !== undefined && !kept.some((key) => key.endsWith(`/${entryName(edit)}`))) return entryName(edit);
  }
  return undefined;
}
