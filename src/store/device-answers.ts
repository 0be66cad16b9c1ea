/**
 * What a server has decided about the edits of one machine, durably with the change itself (P7, P10): the answers that
 * the machine may not have heard yet, and for each of its runs the highest sequence decided.
 */
import type { EpochId, Revision, RunId } from "../model/ids.ts";
import type { Answer } from "../protocol/answers.ts";
import { LIMITS } from "../model/limits.ts";
import type { PendingRange } from "../protocol/hello.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";

/** Neighbours with one outcome and revision, as one row. */
export interface AnswerRange {
  readonly run: RunId;
  readonly first: number;
  readonly last: number;
  readonly outcome: Answer["outcome"];
  readonly revision: Revision;
}

/** The edits of a run after one sequence and before another. */
export interface PassedOver {
  readonly run: RunId;
  readonly after: number;
  readonly before: number;
}

/** What the branch of a journal that this one parted from, by a restore or a promotion, has to do with a machine's edits. */
export interface Elsewhere {
  /** Marks of a server that is lost, as the copy of its state tells them: how it had decided, nobody here knows (B06). */
  readonly inherited: ReadonlyMap<RunId, number>;
  /** The epoch in which an edit was decided last, where it is not the fleet's first. */
  readonly epoch: EpochId | undefined;
  /**
   * What its machine passed over with its first edit in an epoch. It pushes in order and all that waits, so the branch before
   * had decided that, and what it decided is undone.
   */
  readonly passedOver: readonly PassedOver[];
}

const NOWHERE: Elsewhere = { inherited: new Map(), epoch: undefined, passedOver: [] };

export class DeviceAnswers {
  readonly marks: ReadonlyMap<RunId, number>;
  readonly ranges: readonly AnswerRange[];
  readonly elsewhere: Elsewhere;

  constructor(marks: ReadonlyMap<RunId, number>, ranges: readonly AnswerRange[], elsewhere: Partial<Elsewhere> = {}) {
    this.marks = marks;
    this.ranges = ranges;
    this.elsewhere = { ...NOWHERE, ...elsewhere };
  }

  static readonly none = new DeviceAnswers(new Map(), []);

  /**
   * The answer to an edit, undefined when it was never seen, or decided in another branch of the journal. An edit at or below the mark
   * without a kept answer was answered, and the machine had heard it: what stands stands.
   */
  find(run: RunId, sequence: number, now: Revision): Answer | undefined {
    const range = this.ranges.find((row) => row.run === run && row.first <= sequence && sequence <= row.last);
    if (range !== undefined) return { run, sequence, outcome: range.outcome, revision: range.revision };
    if (this.wasDecidedElsewhere(run, sequence)) return undefined;
    const mark = this.marks.get(run);
    return mark !== undefined && sequence <= mark ? { run, sequence, outcome: "accepted", revision: now } : undefined;
  }

  /** Whether it was decided in a branch of the journal that this one parted from, and its machine may not have heard how. */
  wasDecidedElsewhere(run: RunId, sequence: number): boolean {
    const { inherited, passedOver } = this.elsewhere;
    if (sequence <= (inherited.get(run) ?? 0)) return true;
    return passedOver.some((row) => row.run === run && row.after < sequence && sequence < row.before);
  }

  /** What was decided of these pending edits, as the welcome tells it. */
  among(pending: readonly PendingRange[], now: Revision): Answer[] {
    const answers: Answer[] = [];
    let left: number = LIMITS.pendingMax;
    for (const { run, first, last } of pending) {
      const top = Math.min(last, first + left - 1);
      left -= Math.max(0, top - first + 1);
      for (let sequence = first; sequence <= top; sequence += 1) {
        const answer = this.find(run, sequence, now);
        if (answer !== undefined) answers.push(answer);
      }
    }
    return answers;
  }

  /**
   * With the answers of a push: those that it no longer lists were heard and are forgotten (P7); of the marks the
   * oldest is forgotten with the first edit of a newer run (P10), which is the one that no mark knows. `epoch`: the journal's,
   * where it is not the fleet's first.
   */
  after(listed: readonly { readonly run: RunId; readonly sequence: number }[], decided: readonly Answer[], epoch?: EpochId): DeviceAnswers {
    const marks = new Map(this.marks);
    for (const { run, sequence } of decided) {
      if (!marks.has(run)) forgetOldest(marks);
      marks.set(run, Math.max(marks.get(run) ?? 0, sequence));
    }
    const kept = listed.flatMap(({ run, sequence }) =>
      this.ranges.some((row) => row.run === run && row.first <= sequence && sequence <= row.last) ? [this.find(run, sequence, 0)] : [],
    );
    const elsewhere = this.#elsewhereAfter(decided, epoch);
    return new DeviceAnswers(marks, toRanges([...kept.filter((answer) => answer !== undefined), ...decided]), elsewhere);
  }

  #elsewhereAfter(decided: readonly Answer[], epoch: EpochId | undefined): Elsewhere {
    if (epoch === this.elsewhere.epoch) return this.elsewhere;
    const first = decided.find(({ run, sequence }) => sequence > (this.marks.get(run) ?? 0));
    if (first === undefined) return this.elsewhere;
    // Numbers rise from run to run, so those of the runs before are passed over as well.
    const runs = new Set([...this.marks.keys(), first.run]);
    const rows = [...runs].map((run): PassedOver => ({ run, after: this.marks.get(run) ?? 0, before: first.sequence }));
    const passedOver = [...this.elsewhere.passedOver, ...rows.filter(({ after, before }) => after + 1 < before)];
    return { ...this.elsewhere, epoch, passedOver: passedOver.slice(-LIMITS.passedOverMax) };
  }
}

/** Runs whose marks are kept: a machine whose disk goes back pushes again what it pushed some runs ago (P10). */
const RUNS_KEPT = 16;

function forgetOldest(marks: Map<RunId, number>): void {
  for (const run of marks.keys()) {
    if (marks.size < RUNS_KEPT) return;
    marks.delete(run);
  }
}

function toRanges(answers: readonly Answer[]): AnswerRange[] {
  const ranges: { run: RunId; first: number; last: number; outcome: Answer["outcome"]; revision: Revision }[] = [];
  for (const { run, sequence, outcome, revision } of answers) {
    const last = ranges.at(-1);
    if (last !== undefined && last.run === run && last.last + 1 === sequence && last.outcome === outcome && last.revision === revision)
      last.last = sequence;
    else ranges.push({ run, first: sequence, last: sequence, outcome, revision });
  }
  return ranges;
}

export function packAnswers({ marks, ranges, elsewhere }: DeviceAnswers): Uint8Array {
  const { inherited, epoch, passedOver } = elsewhere;
  const rows = ranges.map(({ run, first, last, outcome, revision }) => [run, first, last, outcome, revision]);
  const passed = passedOver.map(({ run, after, before }) => [run, after, before]);
  const later = epoch === undefined ? [] : [epoch, passed];
  return encodeCbor([[...marks], rows, ...(inherited.size === 0 && later.length === 0 ? [] : [[...inherited]]), ...later]);
}

type Row = readonly [RunId, number, number, Answer["outcome"], Revision];
type Marks = readonly (readonly [RunId, number])[];
// What is optional came later: a record without it is an older one, or of a fleet's first epoch.
type Packed = readonly [
  marks: Marks,
  rows: readonly Row[],
  inherited?: Marks,
  epoch?: EpochId,
  passedOver?: readonly (readonly [RunId, number, number])[],
];

export function unpackAnswers(bytes: Uint8Array): DeviceAnswers {
  const [marks, rows, inherited = [], epoch, passed = []] = decodeCbor(bytes, LIMITS.messageBytesMax) as Packed;
  return new DeviceAnswers(
    new Map(marks),
    rows.map(([run, first, last, outcome, revision]) => ({ run, first, last, outcome, revision })),
    { inherited: new Map(inherited), epoch, passedOver: passed.map(([run, after, before]) => ({ run, after, before })) },
  );
}
