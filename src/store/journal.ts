/**
 * The server's truth: a state, and the changes that led to it, in one order without holes. A change is durable before
 * anybody hears of it; a commit writes its changes, the state after them and the answers of the machines in one batch.
 */
import type { Storage, Write } from "../../hal/storage.ts";
import { must } from "../model/assert.ts";
import type { DeviceId, EpochId, FleetId, JournalTime, Revision } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { type NextEpoch, withEpoch } from "../model/lineage.ts";
import { CHAIN_START, type LineageEntry, type Position, sameEpoch } from "../model/position.ts";
import type { Change } from "../protocol/change.ts";
import { HASH_BYTES } from "./chain.ts";
import { DeviceAnswers, unpackAnswers } from "./device-answers.ts";
import type { Draft } from "./draft.ts";
import { type JournalHead, packJournalHead, unpackJournalHead } from "./journal-head.ts";
import { finishInstallation } from "./installation.ts";
import { answersKey, changeKey, JOURNAL_META, statePrefix } from "./journal-keys.ts";
import { ALL_STATE, firstAfter } from "./keys.ts";
import { OpenTransaction } from "./open-transaction.ts";
import { OwnerMemory } from "./owner-memory.ts";
import { PlainRecords } from "./state-records.ts";
import { StateView } from "./state-view.ts";

/** Old changes are deleted in bundles, so that a lone edit does not pay for it; where few are kept, bundles are small too. */
const TRIM_BUNDLE = 256;

/** The changes of one durable write, decided one after the other; each sees the ones before it. */
export interface Transaction {
  readonly view: StateView;
  /** The revision of the last change so far: what an answer of this moment may name. */
  readonly revision: Revision;
  readonly at: JournalTime;
  /** The journal's epoch where it is not the fleet's first: then it may have parted from another branch. */
  readonly laterEpoch: EpochId | undefined;
  /** The changes so far. */
  readonly decided: readonly Change[];
  append(draft: Draft): Promise<Revision>;
  answers(device: DeviceId): Promise<DeviceAnswers>;
  setAnswers(device: DeviceId, answers: DeviceAnswers): void;
  /** Records of the server's own beside the state, written with it. */
  put(write: Write): void;
}

export interface Committed {
  readonly first: Revision;
  readonly last: Revision;
  /** As they are sent, and as they were decided. */
  readonly changes: readonly Uint8Array[];
  readonly decided: readonly Change[];
  /** The state after them. What the changes touched is loaded. */
  readonly state: StateView;
}

export class Journal {
  readonly #storage: Storage;
  /** Changes that stay for machines that come back. */
  readonly #kept: number;
  /** Of the machines that pushed: what stands in the storage. */
  readonly #answers = new Map<DeviceId, DeviceAnswers>();
  /** For what is decided, which alone is written. */
  readonly #owners = new OwnerMemory();
  #head: JournalHead;
  /** Bytes of changes since it was opened. */
  #written = 0;

  private constructor(storage: Storage, head: JournalHead, kept: number) {
    this.#storage = storage;
    this.#head = head;
    this.#kept = kept;
  }

  /** Opens the journal; `first` names the fleet and the epoch of one that does not exist yet; so many changes are kept. */
  static async open(
    storage: Storage,
    first: () => { readonly fleet: FleetId; readonly epoch: LineageEntry },
    kept: number = LIMITS.journalChangesKept,
  ): Promise<Journal> {
    const meta = await storage.get(JOURNAL_META);
    if (meta !== undefined) return new Journal(storage, await finishInstallation(storage, unpackJournalHead(meta)), kept);
    const { fleet, epoch } = first();
    const empty = { revision: 0, chainHash: CHAIN_START, oldest: 1, bytes: 0, generation: 0, former: undefined };
    const head: JournalHead = { fleet, lineage: [epoch], ...empty };
    await storage.write([{ key: JOURNAL_META, value: packJournalHead(head) }]);
    return new Journal(storage, head, kept);
  }

  get position(): Position {
    const { fleet, revision, chainHash } = this.#head;
    return { fleet, epoch: this.#epoch, revision, chainHash };
  }

  get lineage(): readonly LineageEntry[] {
    return this.#head.lineage;
  }

  /**
   * Begins another epoch, durably, with a number above `above` and all that this journal knows. `first`: copies of the
   * epochs before it share the changes below that with this journal, and no more.
   */
  async beginEpoch(epoch: NextEpoch): Promise<void> {
    const head = { ...this.#head, lineage: withEpoch(this.#head.lineage, epoch) };
    await this.#storage.write([{ key: JOURNAL_META, value: packJournalHead(head) }]);
    this.#head = head;
  }

  get #epoch(): { number: number; id: LineageEntry["id"] } {
    const { number, id } = must(this.#head.lineage.at(-1), "a journal has an epoch");
    return { number, id };
  }

  /** A record of the state. */
  async stateRecord(stateKey: string): Promise<Uint8Array | undefined> {
    return await this.#storage.get(statePrefix(this.#head.generation) + stateKey);
  }

  /** A view of the state as it is now; `owners` is for what is decided. */
  view(owners?: OwnerMemory): StateView {
    return new StateView(new PlainRecords(this.#storage, statePrefix(this.#head.generation), owners), this.#head.revision);
  }

  /**
   * Runs `decide` over a working view and writes all that it appended and put, durably, in one batch; nothing of it is
   * there when it throws. One transaction at a time.
   */
  async commit(at: JournalTime, decide: (transaction: Transaction) => Promise<void>, pinned: Revision): Promise<Committed> {
    const open = new OpenTransaction({ journal: this, view: this.view(this.#owners), head: this.#head, at });
    await decide(open);
    const batch = open.writes();
    const first = this.#head.revision + 1;
    const { changes, decided, view: state } = open;
    if (batch.length === 0) return { first, last: first - 1, changes, decided, state };
    const { head, trimmed } = await this.#trim(open.head, pinned);
    await this.#storage.write([...batch, ...trimmed, { key: JOURNAL_META, value: packJournalHead(head) }]);
    this.#written += open.head.bytes - this.#head.bytes;
    this.#head = head;
    for (const [device, answers] of open.decidedAnswers) this.#answers.set(device, answers);
    return { first, last: head.revision, changes, decided, state };
  }

  /**
   * The oldest changes go, a bundle at a time besides as many as came, when there are too many or they are too large; not those
   * that are pinned.
   */
  async #trim(head: JournalHead, pinned: Revision): Promise<{ readonly head: JournalHead; readonly trimmed: readonly Write[] }> {
    let { oldest, bytes } = head;
    const isOver = () => head.revision - oldest + 1 > this.#kept || bytes > LIMITS.journalBytesKept;
    const surplus = head.revision - oldest + 1 - this.#kept;
    const added = head.revision - this.#head.revision;
    const trimmed: Write[] = [];
    const bundle = Math.min(TRIM_BUNDLE, this.#kept);
    if (surplus < bundle && bytes <= LIMITS.journalBytesKept) return { head, trimmed };
    const to = changeKey(Math.min(pinned, this.#head.revision + 1));
    for await (const [key, record] of this.#storage.range({ from: changeKey(oldest), to, limit: bundle + added })) {
      if (!isOver()) break;
      trimmed.push({ key, value: undefined });
      oldest += 1;
      bytes -= record.length;
    }
    return { head: { ...head, oldest, bytes }, trimmed };
  }

  /** Bytes of the changes since it was opened; rises. */
  get written(): number {
    return this.#written;
  }

  /** Whether the changes after a revision are all kept. */
  keepsAfter(revision: Revision): boolean {
    return revision + 1 >= this.#head.oldest;
  }

  /** Whether a copy at this position is a state that this journal was in, and the changes after it are kept. */
  async knows(position: Position): Promise<boolean> {
    const { fleet, lineage, revision, oldest } = this.#head;
    const index = lineage.findIndex((entry) => sameEpoch(entry, position.epoch));
    if (position.fleet !== fleet || index < 0 || position.revision > revision || position.revision < oldest - 1) return false;
    const next = lineage[index + 1];
    if (next !== undefined && position.revision >= next.first) return false;
    return (await this.chainHashAt(position.revision)) === position.chainHash;
  }

  /**
   * Whether a copy at this position cannot have come from this journal, though its epoch is one of it: it is ahead, or
   * has another hash. false also where that cannot be told any more.
   */
  async contradicts({ fleet, epoch, revision, chainHash }: Position): Promise<boolean> {
    const { lineage } = this.#head;
    const index = lineage.findIndex((entry) => sameEpoch(entry, epoch));
    const next = lineage[index + 1];
    // Beyond the parting of two epochs, what it has is known to be of another history.
    if (fleet !== this.#head.fleet || index < 0 || (next !== undefined && revision >= next.first)) return false;
    if (revision > this.#head.revision) return true;
    const own = this.keepsAfter(revision) ? await this.chainHashAt(revision) : undefined;
    return own !== undefined && own !== chainHash;
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
    const prefix = statePrefix(this.#head.generation);
    // The storage takes no longer keys, and a client may ask for anything.
    if (after.length >= LIMITS.storageKeyCharactersMax - prefix.length) return { records, end: true };
    const from = after === "" ? ALL_STATE.from : firstAfter(after);
    for await (const [key, value] of this.#storage.range({ from: prefix + from, to: prefix + ALL_STATE.to })) {
      if (bytes >= bytesMax) return { records, end: false };
      records.push([key.slice(prefix.length), value]);
      bytes += key.length + value.length;
    }
    return { records, end: true };
  }

  async answersOf(device: DeviceId): Promise<DeviceAnswers> {
    const known = this.#answers.get(device);
    if (known !== undefined) return known;
    const bytes = await this.#storage.get(answersKey(device));
    return bytes === undefined ? DeviceAnswers.none : unpackAnswers(bytes);
  }
}
