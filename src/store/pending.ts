/**
 * A client's edits that are not in its base yet, in the order they were made. They lie on top of the base until the
 * base has reached the revision of their answer, or until they are seen in a change (P9).
 */
import type { Write } from "../../hal/storage.ts";
import type { Edit } from "../model/entry.ts";
import type { Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Answer } from "../protocol/answers.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { decodeEdit, encodeEdit } from "../protocol/edit.ts";
import type { PendingRange } from "../protocol/hello.ts";
import { entryKey, numberKey } from "./keys.ts";
import { packStoredEdit, unpackStoredEdit } from "./terse-record.ts";

const PREFIX = "c/p/";
const pendingKey = (sequence: number) => PREFIX + numberKey(sequence);
export const PENDING_RANGE = { from: PREFIX, to: "c/p0" } as const;

export interface PendingEdit {
  readonly edit: Edit;
  readonly bytes: Uint8Array;
  readonly answer: Pick<Answer, "outcome" | "revision"> | undefined;
}

export class Pending {
  /** By sequence, oldest first: a Map keeps the order of insertion. */
  readonly #edits = new Map<number, PendingEdit>();
  /** Sequences of the edits of one entry, oldest first. */
  readonly #ofEntry = new Map<string, number[]>();
  /** Sequences of those that have an answer: few, and each change that is taken asks for them, amid an import of thousands too. */
  readonly #answered = new Set<number>();

  get size(): number {
    return this.#edits.size;
  }

  /** How many of them the server has not answered yet. */
  get unanswered(): number {
    return this.#edits.size - this.#answered.size;
  }

  all(): IterableIterator<PendingEdit> {
    return this.#edits.values();
  }

  /** Those that lie there still although they are answered. */
  answered(): readonly PendingEdit[] {
    return this.#answered.size === 0 ? [] : [...this.#answered].flatMap((sequence) => this.#edits.get(sequence) ?? []);
  }

  get(sequence: number): PendingEdit | undefined {
    return this.#edits.get(sequence);
  }

  /** The newest edit that lies on an entry. */
  newestOn(stateKey: string): Edit | undefined {
    const sequence = this.#ofEntry.get(stateKey)?.at(-1);
    return sequence === undefined ? undefined : this.#edits.get(sequence)?.edit;
  }

  /** State keys of entries with edits on top. */
  entries(): IterableIterator<string> {
    return this.#ofEntry.keys();
  }

  olderOn(stateKey: string, upTo: number): number[] {
    return (this.#ofEntry.get(stateKey) ?? []).filter((sequence) => sequence <= upTo);
  }

  /** What the hello lists: few ranges, sequences between them may be missing. */
  ranges(): PendingRange[] {
    const ranges: { run: PendingRange["run"]; first: number; last: number }[] = [];
    for (const { edit } of this.#edits.values()) {
      const { run, sequence } = edit.id;
      const last = ranges.at(-1);
      if (last?.run === run) last.last = sequence;
      else ranges.push({ run, first: sequence, last: sequence });
    }
    return ranges.slice(0, LIMITS.pendingRangesMax);
  }

  add(edit: PendingEdit): Write {
    const { sequence } = edit.edit.id;
    this.#keep(sequence, edit);
    const key = entryKey(edit.edit);
    const ofEntry = this.#ofEntry.get(key);
    if (ofEntry === undefined) this.#ofEntry.set(key, [sequence]);
    else if (!ofEntry.includes(sequence)) ofEntry.push(sequence);
    return { key: pendingKey(sequence), value: pack(edit) };
  }

  remove(sequence: number): Write {
    const edit = this.#edits.get(sequence);
    this.#edits.delete(sequence);
    this.#answered.delete(sequence);
    if (edit !== undefined) {
      const key = entryKey(edit.edit);
      const rest = (this.#ofEntry.get(key) ?? []).filter((other) => other !== sequence);
      if (rest.length === 0) this.#ofEntry.delete(key);
      else this.#ofEntry.set(key, rest);
    }
    return { key: pendingKey(sequence), value: undefined };
  }

  /** The edit as it is stored, with an answer or another `seen`; its place stays. */
  replace(edit: PendingEdit): Write {
    this.#keep(edit.edit.id.sequence, edit);
    return { key: pendingKey(edit.edit.id.sequence), value: pack(edit) };
  }

  #keep(sequence: number, edit: PendingEdit): void {
    if (edit.answer === undefined) this.#answered.delete(sequence);
    else this.#answered.add(sequence);
    this.#edits.set(sequence, edit);
  }
}

export const pendingOf = (edit: Edit): PendingEdit => ({ edit, bytes: encodeEdit(edit), answer: undefined });

export const withSeen = ({ edit, answer }: PendingEdit, seen: Revision): PendingEdit => {
  const lowered: Edit = { ...edit, seen };
  return { edit: lowered, bytes: encodeEdit(lowered), answer };
};

function pack({ bytes, answer }: PendingEdit): Uint8Array {
  return encodeCbor([packStoredEdit(bytes), answer?.outcome ?? null, answer?.revision ?? null]);
}

export function unpackPending(record: Uint8Array): PendingEdit {
  const [stored, outcome, revision] = decodeCbor(record, LIMITS.pushBytesMax) as [Uint8Array, Answer["outcome"] | null, Revision | null];
  const bytes = unpackStoredEdit(stored);
  return { edit: decodeEdit(bytes), bytes, answer: outcome === null || revision === null ? undefined : { outcome, revision } };
}
