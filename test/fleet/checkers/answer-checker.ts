/**
 * P5, P22, P7: what a server says of an edit is true. An edit that was accepted is in the journal; one that lost lost to
 * something that its author had not seen, and that was made later or after its owner's end; an edit is answered twice alike.
 */
import type { Edit } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { decodeAccepted, decodeEdit } from "../../../src/protocol/edit.ts";
import type { Answer } from "../../../src/protocol/answers.ts";
import type { Branch } from "../model/branch.ts";
import { endsOf, isBeforeWhatIsForgotten } from "./decision-checker.ts";
import { entryName } from "../model/fold.ts";
import type { Faults } from "./faults.ts";

const REVISION_BYTES = 8;

/** When and in which epoch a server answers, and in which version of the protocol. */
export interface Session {
  readonly atMs: number;
  readonly epoch: string;
  readonly version: number;
}

interface Heard {
  readonly outcome: Answer["outcome"];
  readonly version: number;
  /** When it was said first. */
  readonly atMs: number;
}

export class AnswerChecker {
  readonly #faults: Faults;
  readonly #pushed = new Map<string, Edit>();
  readonly #answered = new Map<string, Heard>();
  /** By epoch and device: the highest number of its edits that was answered. */
  readonly #highest = new Map<string, number>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  pushed(edits: readonly Uint8Array[]): void {
    for (const bytes of edits) {
      try {
        const edit = decodeEdit(bytes);
        this.#pushed.set(`${edit.id.run} ${edit.id.sequence}`, edit);
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
      }
    }
  }

  /** Answers of a server to a machine; `branch`: the journal they are about. */
  answered(machine: string, branch: Branch, { atMs, epoch, version }: Session, answers: readonly Answer[]): void {
    for (const answer of answers) {
      const { run, sequence, outcome, revision } = answer;
      const edit = this.#pushed.get(`${run} ${sequence}`);
      const name = `${epoch} ${run} ${sequence}`;
      const before = this.#answered.get(name);
      this.#note(edit, epoch);
      // Of the words for one answer the newest version's says the most.
      const now = { outcome, version, atMs: before?.atMs ?? atMs };
      if (before === undefined || before.version <= version || outcome === "accepted") this.#answered.set(name, now);
      // What was heard may be forgotten: then all that is known is that it was decided.
      if (before !== undefined && !isSame(before, now) && outcome !== "accepted")
        return this.#faults.found("P7", `edit ${sequence} of ${machine} is answered "${before.outcome}", then "${outcome}"`);
      if (before !== undefined || edit === undefined) continue;
      const isElsewhere = () => isBeforeWhatStood(edit, branch) || this.#isLeftBehind(edit, branch);
      const fault = answerFault(edit, outcome, revision, { branch, isElsewhere });
      if (fault !== undefined)
        return this.#faults.found(
          "P5",
          `edit ${sequence} of ${machine} (${entryName(edit).replaceAll("\0", " ")}, seen ${edit.seen}, stamp ${edit.stamp}) is answered "${outcome}" at revision ${revision}: ${fault}`,
        );
    }
  }

  /** The server's disk is as it was then, and its epoch the same until it hears of that: what it has answered since it does not know. */
  serverPutBack(takenMs: number): void {
    for (const [name, { atMs }] of this.#answered) if (atMs >= takenMs) this.#answered.delete(name);
  }

  #note(edit: Edit | undefined, epoch: string): void {
    if (edit === undefined) return;
    const name = `${epoch} ${edit.id.device}`;
    this.#highest.set(name, Math.max(this.#highest.get(name) ?? 0, edit.id.sequence));
  }

  /**
   * P7, M33: a machine pushes in order all that waits. One that comes after later ones of its machine were decided since a restore
   * had been decided before that: it was undone, and comes from an older image of its author. That has it in its history.
   */
  #isLeftBehind({ id }: Edit, branch: Branch): boolean {
    const [, ...later] = branch.lineage;
    if (later.some(({ id: epoch }) => (this.#highest.get(`${epoch} ${id.device}`) ?? 0) > id.sequence)) return true;
    const [first] = later;
    if (first === undefined) return false;
    return [...new Set(branch.changedBetween(first.first - 1, branch.revision))].some((key) =>
      [...branch.between(key, first.first - 1, branch.revision)].some(({ by }) =>
        by.some(({ device, sequence }) => device === id.device && sequence > id.sequence),
      ),
    );
  }
}

interface Judged {
  readonly branch: Branch;
  /** The edit was decided in another branch. */
  readonly isElsewhere: () => boolean;
}

/** M26: a word that came later reaches machines of an older version as the nearest that they know. */
function isSame(before: Heard, now: Heard): boolean {
  if (before.version === now.version) return before.outcome === now.outcome;
  return inFirstVersion(before.outcome) === inFirstVersion(now.outcome);
}

function inFirstVersion(outcome: Answer["outcome"]): Answer["outcome"] {
  if (outcome === "owner-evicted") return "owner-removed";
  return outcome === "device-specific" || outcome === "edit-unreadable" ? "superseded" : outcome;
}

function answerFault(edit: Edit, outcome: Answer["outcome"], revision: number, { branch, isElsewhere }: Judged): string | undefined {
  const versions = [...branch.between(entryName(edit), 0, revision)];
  if (outcome === "accepted")
    return versions.some((version) => isIn(version, edit) || wasDecidedBefore(version, edit) || (isCovered(version, edit) && isElsewhere()))
      ? undefined
      : "it is in no change up to there";
  if (outcome === "superseded")
    return versions.some((version) => beats(version, edit)) || isBeforeWhatIsForgotten(edit, branch.fold) || isElsewhere()
      ? undefined
      : "nothing stands that beats it";
  if (outcome === "owner-removed" || outcome === "owner-evicted")
    return endsOf(branch.fold, edit.owner).some((end) => end.revision > edit.seen) ? undefined : "its owner has not ended since";
  return undefined;
}

type Version = ReturnType<Branch["between"]> extends Iterable<infer One> ? One : never;

const isIn = ({ by }: Version, { id }: Edit): boolean => by.some(({ run, sequence }) => run === id.run && sequence === id.sequence);

/** B06: another machine brought what the author made of the entry after this edit, so this one was accepted on the server that is lost. */
function wasDecidedBefore({ bytes }: Version, { id }: Edit): boolean {
  if (bytes === undefined || bytes === "unseen") return false;
  const standing = decodeAccepted(bytes.subarray(REVISION_BYTES));
  return standing.why === "brought" && standing.id.device === id.device && standing.id.sequence > id.sequence;
}

/** P9: what its author made of the entry later stands. */
function isCovered({ bytes }: Version, edit: Edit): boolean {
  if (bytes === undefined || bytes === "unseen") return false;
  const { id, why } = decodeAccepted(bytes.subarray(REVISION_BYTES));
  return why !== "server" && id.device === edit.id.device && id.sequence > edit.id.sequence;
}

/**
 * B06, P10: a later edit of its run stood when a promotion took this copy over. Machines push in order, so this one had been
 * decided before; how, the copy does not tell, so its author keeps it in the history (B02), unless it stands.
 */
function isBeforeWhatStood({ id }: Edit, branch: Branch): boolean {
  const promoted = branch.lineage.findLast(({ born }) => born === "promotion");
  if (promoted === undefined) return false;
  for (const key of branch.keys()) {
    const bytes = key.startsWith("e/") ? branch.at(key, promoted.first - 1) : undefined;
    if (bytes === undefined || bytes === "unseen") continue;
    const standing = decodeAccepted(bytes.subarray(REVISION_BYTES));
    const isPushed = standing.why !== "server" && standing.why !== "adopted" && standing.why !== "brought";
    if (isPushed && standing.id.device === id.device && standing.id.run === id.run && standing.id.sequence > id.sequence) return true;
  }
  return false;
}

/** B03, P1: an edit of another run that was numbered, and is certainly stamped, before what its machine has made since. */
const isEarlierOwn = ({ id, certain, stamp }: Edit, later: Edit): boolean =>
  id.device === later.id.device && id.run !== later.id.run && id.sequence < later.id.sequence && certain && stamp < later.stamp;

function beats({ revision, bytes, by }: Version, edit: Edit): boolean {
  if (revision <= edit.seen || bytes === undefined) return false;
  // It was written over in the same write: what it was stamped is on no disk.
  if (bytes === "unseen") return by.at(-1)?.device !== edit.id.device;
  const standing = decodeAccepted(bytes.subarray(REVISION_BYTES));
  if (isEarlierOwn(edit, standing)) return true;
  return (standing.id.device !== edit.id.device || standing.why === "server") && standing.stamp > edit.stamp;
}
