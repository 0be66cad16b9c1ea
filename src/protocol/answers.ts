/** Server to client: what was decided about edits of the client, durably. Every answer names a revision (P8). */
import { type Revision, type RunId, runId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { RefusalWord } from "../model/refusal.ts";
import { hex, list, refuse, tuple, whole } from "./reader.ts";
import { outcomeWord } from "./refuse.ts";
import { count, unhex } from "./writer.ts";

export interface Answer {
  readonly run: RunId;
  readonly sequence: number;
  /** "superseded": something else stands; "refused": with the word. Both go to the author's history. */
  readonly outcome: "accepted" | "superseded" | RefusalWord;
  /** From this revision on the base shows what was decided. */
  readonly revision: Revision;
}

export interface Answers {
  readonly kind: "answers";
  /** The push they answer. */
  readonly number: number;
  readonly answers: readonly Answer[];
}

/** Answers alike to edits in a row are one range: a push that is accepted whole has one answer on the wire. */
interface AnswerRange extends Answer {
  readonly many: number;
}

export const encodeAnswers = ({ number, answers }: Answers): unknown[] => [count(number), encodeAnswerList(answers)];

export function decodeAnswers(raw: unknown): Answers {
  const [number, answers] = tuple(raw, "answers", 2);
  return { kind: "answers", number: whole(number, "answers.number"), answers: decodeAnswerList(answers, "answers.answers") };
}

/**
 * The answers to one push always fit. Of a welcome's, those beyond LIMITS.pushEditsMax ranges or LIMITS.pendingMax
 * answers are left out: whoever misses one pushes the edit again, and is answered alike.
 */
export function encodeAnswerList(answers: readonly Answer[]): unknown[] {
  const ranges: AnswerRange[] = [];
  for (const answer of answers.slice(0, LIMITS.pendingMax)) {
    const last = ranges.at(-1);
    if (last !== undefined && follows(last, answer)) ranges[ranges.length - 1] = { ...last, many: last.many + 1 };
    else if (ranges.length === LIMITS.pushEditsMax) break;
    else ranges.push({ ...answer, many: 1 });
  }
  return ranges.map(({ run, sequence, many, outcome, revision }) => [unhex(run), count(sequence), many, outcome, count(revision)]);
}

export function decodeAnswerList(raw: unknown, path: string): readonly Answer[] {
  const ranges = list(raw, path, { max: LIMITS.pushEditsMax }, decodeRange);
  const many = ranges.reduce((sum, range) => sum + range.many, 0);
  if (many > LIMITS.pendingMax) return refuse(path, `must be at most ${LIMITS.pendingMax} answers, are ${many}`);
  return ranges.flatMap(({ run, sequence, many: length, outcome, revision }) =>
    Array.from({ length }, (_, index): Answer => ({ run, sequence: sequence + index, outcome, revision })),
  );
}

const follows = (range: AnswerRange, answer: Answer): boolean =>
  answer.sequence === range.sequence + range.many &&
  answer.run === range.run &&
  answer.outcome === range.outcome &&
  answer.revision === range.revision;

function decodeRange(raw: unknown, path: string): AnswerRange {
  const [run, sequence, many, outcome, revision] = tuple(raw, path, 5);
  return {
    run: runId(hex(run, `${path}.run`, 8)),
    sequence: whole(sequence, `${path}.sequence`, { min: 1, max: Number.MAX_SAFE_INTEGER - LIMITS.pendingMax }),
    many: whole(many, `${path}.many`, { min: 1, max: LIMITS.pendingMax }),
    outcome: decodeOutcome(outcome, `${path}.outcome`),
    revision: whole(revision, `${path}.revision`),
  };
}

const decodeOutcome = (raw: unknown, path: string): Answer["outcome"] =>
  raw === "accepted" || raw === "superseded" ? raw : outcomeWord(raw, path);
