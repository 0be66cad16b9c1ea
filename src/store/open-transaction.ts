/** A transaction of the journal that is still open: a working view, and what is to be written when it has been decided. */
import type { Write } from "../../hal/storage.ts";
import { assert } from "../model/assert.ts";
import type { DeviceId, EpochId, JournalTime, Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { type Change, encodeChange } from "../protocol/change.ts";
import { applyChange, loadForChange } from "./apply-change.ts";
import { chainAfter, HASH_BYTES } from "./chain.ts";
import { type DeviceAnswers, packAnswers } from "./device-answers.ts";
import type { Draft } from "./draft.ts";
import type { Journal, Transaction } from "./journal.ts";
import type { JournalHead } from "./journal-head.ts";
import { answersKey, changeKey } from "./journal-keys.ts";
import type { StateView } from "./state-view.ts";

interface Parts {
  readonly journal: Pick<Journal, "answersOf">;
  readonly view: StateView;
  readonly head: JournalHead;
  readonly at: JournalTime;
}

/** The changes of one commit while they are decided; nothing of it is durable before `writes` is written. */
export class OpenTransaction implements Transaction {
  readonly view: StateView;
  readonly at: JournalTime;
  readonly changes: Uint8Array[] = [];
  readonly decided: Change[] = [];
  head: JournalHead;
  readonly #journal: Parts["journal"];
  readonly #answers = new Map<DeviceId, DeviceAnswers>();
  readonly #writes: Write[] = [];

  constructor({ journal, view, head, at }: Parts) {
    this.#journal = journal;
    this.view = view;
    this.head = head;
    this.at = at;
  }

  get revision(): Revision {
    return this.head.revision;
  }

  get laterEpoch(): EpochId | undefined {
    return this.head.lineage.slice(1).at(-1)?.id;
  }

  async append(draft: Draft): Promise<Revision> {
    const change: Change = { ...draft, revision: this.head.revision + 1, at: this.at };
    const bytes = encodeChange(change);
    assert(bytes.length <= LIMITS.changeBytesMax, "a change keeps its limit");
    const prepared = await loadForChange(this.view, change);
    applyChange(this.view, change, prepared);
    const chainHash = chainAfter(this.head.chainHash, bytes);
    const record = new Uint8Array(HASH_BYTES + bytes.length);
    record.set(Buffer.from(chainHash, "hex"));
    record.set(bytes, HASH_BYTES);
    this.#writes.push({ key: changeKey(change.revision), value: record });
    this.changes.push(bytes);
    this.decided.push(change);
    this.head = { ...this.head, revision: change.revision, chainHash, bytes: this.head.bytes + record.length };
    return change.revision;
  }

  async answers(device: DeviceId): Promise<DeviceAnswers> {
    return this.#answers.get(device) ?? (await this.#journal.answersOf(device));
  }

  setAnswers(device: DeviceId, answers: DeviceAnswers): void {
    this.#answers.set(device, answers);
  }

  /** What was decided of the edits of machines; theirs once it is durable. */
  get decidedAnswers(): ReadonlyMap<DeviceId, DeviceAnswers> {
    return this.#answers;
  }

  put(write: Write): void {
    this.#writes.push(write);
  }

  writes(): Write[] {
    const answers = [...this.#answers].map(([device, value]) => ({ key: answersKey(device), value: packAnswers(value) }));
    return [...this.#writes, ...this.view.writes(), ...answers];
  }
}
