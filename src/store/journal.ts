/**
 * The server's truth: a state, and the changes that led to it, in one order without holes. A change is durable before
 * anybody hears of it; a commit writes its changes, the state after them and the answers of the machines in one batch.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { assert, must } from "../model/assert.ts";
import type { DeviceId, JournalTime, Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { CHAIN_START, type LineageEntry, type Position } from "../model/position.ts";
import type { FleetId } from "../model/ids.ts";
import { type Change, encodeChange } from "../protocol/change.ts";
import { applyChange, loadForChange } from "./apply-change.ts";
import { chainAfter } from "./chain.ts";
import { DeviceAnswers, packAnswers, unpackAnswers } from "./device-answers.ts";
import { type JournalHead, packJournalHead, unpackJournalHead } from "./journal-head.ts";
import { ALL_STATE, numberKey } from "./keys.ts";
import { StateView } from "./state-view.ts";

const META = "s/meta";
const STATE = "s/s/";
/** The storage takes no longer keys, and a client may ask for anything. */
const AFTER_MAX = LIMITS.storageKeyCharactersMax - STATE.length - 1;
const changeKey = (revision: Revision) => `s/c/${numberKey(revision)}`;
const answersKey = (device: DeviceId) => `s/d/${device}`;
const HASH_BYTES = 16;
/** Old changes are deleted in bundles, so that a lone edit does not pay for it. */
const TRIM_BUNDLE = 256;

/** What a change is before it has its revision. */
export type Draft = Omit<Change, "revision" | "at">;

/** The changes of one durable write, decided one after the other; each sees the ones before it. */
export interface Transaction {
  readonly view: StateView;
  /** The revision of the last change so far: what an answer of this moment may name. */
  readonly revision: Revision;
  readonly at: JournalTime;
  append(draft: Draft): Promise<Revision>;
  answers(device: DeviceId): Promise<DeviceAnswers>;
  setAnswers(device: DeviceId, answers: DeviceAnswers): void;
  /** Records of the server's own beside the state, written with it. */
  put(write: Write): void;
}

export interface Committed {
  readonly first: Revision;
  readonly last: Revision;
  readonly changes: readonly Uint8Array[];
}

export class Journal {
  readonly #storage: Storage;
  #head: JournalHead;

  private constructor(storage: Storage, head: JournalHead) {
    this.#storage = storage;
    this.#head = head;
  }

  /** Opens the journal; `first` names the fleet and the epoch of one that does not exist yet. */
  static async open(storage: Storage, first: () => { readonly fleet: FleetId; readonly epoch: LineageEntry }): Promise<Journal> {
    const meta = await storage.get(META);
    if (meta !== undefined) return new Journal(storage, unpackJournalHead(meta));
    const { fleet, epoch } = first();
    const head: JournalHead = { fleet, lineage: [epoch], revision: 0, chainHash: CHAIN_START, oldest: 1, bytes: 0 };
    await storage.write([{ key: META, value: packJournalHead(head) }]);
    return new Journal(storage, head);
  }

  get position(): Position {
    const { fleet, revision, chainHash } = this.#head;
    return { fleet, epoch: this.#epoch, revision, chainHash };
  }

  get lineage(): readonly LineageEntry[] {
    return this.#head.lineage;
  }

  get #epoch(): { number: number; id: LineageEntry["id"] } {
    const { number, id } = must(this.#head.lineage.at(-1), "a journal has an epoch");
    return { number, id };
  }

  /** A record of the state. */
  async stateRecord(stateKey: string): Promise<Uint8Array | undefined> {
    return await this.#storage.get(STATE + stateKey);
  }

  /** A view of the state as it is now. */
  view(): StateView {
    return new StateView(this.#storage, STATE);
  }

  /**
   * Runs `decide` over a working view and writes all that it appended and put, durably, in one batch; nothing of it is
   * there when it throws. One transaction at a time.
   */
  async commit(at: JournalTime, decide: (transaction: Transaction) => Promise<void>, pinned: Revision): Promise<Committed> {
    const open = new OpenTransaction(this.#storage, this.view(), this.#head, at);
    await decide(open);
    const batch = open.writes();
    const first = this.#head.revision + 1;
    if (batch.length === 0) return { first, last: first - 1, changes: [] };
    const { head, trimmed } = await this.#trim(open.head, pinned);
    await this.#storage.write([...batch, ...trimmed, { key: META, value: packJournalHead(head) }]);
    this.#head = head;
    return { first, last: head.revision, changes: open.changes };
  }

  /** The oldest changes go, a bundle at a time, when there are too many or they are too large; not those that are pinned. */
  async #trim(head: JournalHead, pinned: Revision): Promise<{ readonly head: JournalHead; readonly trimmed: readonly Write[] }> {
    let { oldest, bytes } = head;
    const isOver = () => head.revision - oldest + 1 > LIMITS.journalChangesKept || bytes > LIMITS.journalBytesKept;
    const surplus = head.revision - oldest + 1 - LIMITS.journalChangesKept;
    const trimmed: Write[] = [];
    if (surplus < TRIM_BUNDLE && bytes <= LIMITS.journalBytesKept) return { head, trimmed };
    const to = changeKey(Math.min(pinned, this.#head.revision + 1));
    for await (const [key, record] of this.#storage.range({ from: changeKey(oldest), to, limit: TRIM_BUNDLE })) {
      if (!isOver()) break;
      trimmed.push({ key, value: undefined });
      oldest += 1;
      bytes -= record.length;
    }
    return { head: { ...head, oldest, bytes }, trimmed };
  }

  /** Whether the changes after a revision are all kept. */
  keepsAfter(revision: Revision): boolean {
    return revision + 1 >= this.#head.oldest;
  }

  /** Whether a copy at this position is a state that this journal was in, and the changes after it are kept. */
  async knows(position: Position): Promise<boolean> {
    const { fleet, lineage, revision, oldest } = this.#head;
    const index = lineage.findIndex((entry) => entry.id === position.epoch.id && entry.number === position.epoch.number);
    if (position.fleet !== fleet || index < 0 || position.revision > revision || position.revision < oldest - 1) return false;
    const next = lineage[index + 1];
    if (next !== undefined && position.revision >= next.first) return false;
    return (await this.chainHashAt(position.revision)) === position.chainHash;
  }

  /** The chain hash at a revision whose change, or the one after it, is kept. */
  async chainHashAt(revision: Revision): Promise<string | undefined> {
    if (revision === this.#head.revision) return this.#head.chainHash;
    if (revision === 0) return CHAIN_START;
    const record = await this.#storage.get(changeKey(revision));
    return record === undefined ? undefined : Buffer.from(record.subarray(0, HASH_BYTES)).toString("hex");
  }

  /** Changes after a revision, oldest first, until they are `bytesMax` together (one at least); "too-old" when they are no longer kept. */
  async since(
    after: Revision,
    bytesMax: number,
  ): Promise<"too-old" | { readonly last: Revision; readonly changes: readonly Uint8Array[] }> {
    if (!this.keepsAfter(after)) return "too-old";
    const changes: Uint8Array[] = [];
    let bytes = 0;
    const range = { from: changeKey(after + 1), to: changeKey(this.#head.revision + 1), limit: LIMITS.recordsMax };
    for await (const [, record] of this.#storage.range(range)) {
      const change = record.subarray(HASH_BYTES);
      if (changes.length > 0 && bytes + change.length > bytesMax) break;
      changes.push(change);
      bytes += change.length;
    }
    return { last: after + changes.length, changes };
  }

  /** Records of the state after a state key, in key order, until they are `bytesMax` together. */
  async part(
    after: string,
    bytesMax: number,
  ): Promise<{ readonly records: readonly (readonly [string, Uint8Array])[]; readonly end: boolean }> {
    const records: (readonly [string, Uint8Array])[] = [];
    let bytes = 0;
    if (after.length > AFTER_MAX) return { records, end: true };
    // The NUL makes "after" the first key that is greater.
    const from = after === "" ? ALL_STATE.from : `${after}\u0000`;
    for await (const [key, value] of this.#storage.range({ from: STATE + from, to: STATE + ALL_STATE.to })) {
      if (bytes >= bytesMax) return { records, end: false };
      records.push([key.slice(STATE.length), value]);
      bytes += key.length + value.length;
    }
    return { records, end: true };
  }

  async answersOf(device: DeviceId): Promise<DeviceAnswers> {
    const bytes = await this.#storage.get(answersKey(device));
    return bytes === undefined ? DeviceAnswers.none : unpackAnswers(bytes);
  }
}

class OpenTransaction implements Transaction {
  readonly view: StateView;
  readonly at: JournalTime;
  readonly changes: Uint8Array[] = [];
  head: JournalHead;
  readonly #storage: Storage;
  readonly #answers = new Map<DeviceId, DeviceAnswers>();
  readonly #writes: Write[] = [];

  constructor(storage: Storage, view: StateView, head: JournalHead, at: JournalTime) {
    this.#storage = storage;
    this.view = view;
    this.head = head;
    this.at = at;
  }

  get revision(): Revision {
    return this.head.revision;
  }

  async append(draft: Draft): Promise<Revision> {
    const change: Change = { ...draft, revision: this.head.revision + 1, at: this.at };
    const bytes = encodeChange(change);
    assert(bytes.length <= LIMITS.changeBytesMax, "a change keeps its limit");
    const removable = await loadForChange(this.view, change);
    applyChange(this.view, change, removable);
    const chainHash = chainAfter(this.head.chainHash, bytes);
    const record = new Uint8Array(HASH_BYTES + bytes.length);
    record.set(Buffer.from(chainHash, "hex"));
    record.set(bytes, HASH_BYTES);
    this.#writes.push({ key: changeKey(change.revision), value: record });
    this.changes.push(bytes);
    this.head = { ...this.head, revision: change.revision, chainHash, bytes: this.head.bytes + record.length };
    return change.revision;
  }

  async answers(device: DeviceId): Promise<DeviceAnswers> {
    const changed = this.#answers.get(device);
    if (changed !== undefined) return changed;
    const bytes = await this.#storage.get(answersKey(device));
    return bytes === undefined ? DeviceAnswers.none : unpackAnswers(bytes);
  }

  setAnswers(device: DeviceId, answers: DeviceAnswers): void {
    this.#answers.set(device, answers);
  }

  put(write: Write): void {
    this.#writes.push(write);
  }

  writes(): Write[] {
    const answers = [...this.#answers].map(([device, value]) => ({ key: answersKey(device), value: packAnswers(value) }));
    return [...this.#writes, ...this.view.writes(), ...answers];
  }
}
