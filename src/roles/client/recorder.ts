/**
 * Takes over into the replica what people and imports changed in the machine's stores: the one way for live edits and
 * for those that a killed module missed. An edit counts as saved when this has made it durable.
 */
import type { LocalEdit } from "../../../hal/item-store.ts";
import type { Edit } from "../../model/entry.ts";
import type { DeviceId, JournalTime, RunId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { partingOf } from "../../model/lineage.ts";
import { sameEpoch, samePosition } from "../../model/position.ts";
import { isUuid } from "../../model/random.ts";
import { entryKey } from "../../store/keys.ts";
import { type PendingEdit, pendingOf } from "../../store/pending.ts";
import type { Replica } from "../../store/replica.ts";
import { madeOver, withBase } from "./earlier-bases.ts";
import { Forgetting } from "./forgetting.ts";
import { HeardEdits } from "./heard-edits.ts";
import type { JournalClock } from "./journal-clock.ts";
import { clearPassedBack, type MadeBefore } from "./passed-back.ts";
import type { Shower } from "./shower.ts";
import type { MachineStores } from "./machine-stores.ts";
import type { Staying } from "./staying.ts";
import type { Travel } from "./travel.ts";

export interface RecorderParts {
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly journalClock: JournalClock;
  readonly travel: Travel;
  readonly device: DeviceId;
  readonly run: RunId;
  readonly staying: Staying;
  readonly shower: Shower;
}

/** What the stores had at one moment above the mark of the replica, as far as there was room, and was not recorded since. */
interface Reading {
  readonly edits: readonly LocalEdit[];
  /** The newest mark at that moment. */
  readonly newest: number;
  readonly isAll: boolean;
  readonly made: MadeBefore;
  /** The replica's mark when they were. */
  readonly at: number;
}

export class Recorder {
  readonly #parts: RecorderParts;
  readonly #heard = new HeardEdits();
  /** Read, and not all recorded. */
  #read: Reading | undefined;
  readonly #forgetting: Forgetting;
  /** Numbers that are not the marks; the newest of them, as many as may be pending. */
  readonly #numbers = new Map<number, number>();

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#forgetting = new Forgetting((mark) => parts.stores.forgetEdits(mark));
  }

  /**
   * Stores that count less than was recorded are others than before. New ones, which have shown nothing yet, hold what was
   * never recorded: the old ones were lost (M20). An older image has edits that were recorded long ago, and that nobody makes
   * anew by putting it back; only what was made in this power-on came after it. All of it is compared with what stands, own
   * edits that still wait are shown on it again (own-over.ts), and edits are numbered on from where this replica is.
   */
  async beginAnew(): Promise<void> {
    const { replica, stores, journalClock } = this.#parts;
    if (stores.mark() >= replica.head.mark) return await this.#lookForForgotten();
    const isNew = stores.oldestShown() === undefined;
    const first = isNew ? undefined : (await stores.editsSince(0)).find(({ boot }) => boot === journalClock.boot);
    const known = first === undefined ? stores.mark() : first.mark - 1;
    // Before the replica takes the image for known: a kill in between finds it again.
    if (!isNew && replica.pending.size > 0) await stores.noteOwnOver(known);
    await replica.write([], { mark: isNew ? 0 : known, unshown: replica.head.unshown ?? "show" });
  }

  /**
   * Stores forget what was recorded. Where they have forgotten more than this replica has, it is an older image that was put
   * back: what those edits left in the stores is in no list. All is compared, and what goes by it is kept (B02).
   */
  async #lookForForgotten(): Promise<void> {
    const { replica, stores } = this.#parts;
    const { mark, position, unshown } = replica.head;
    const newest = stores.mark();
    if (newest === mark || position === undefined || unshown !== undefined) return;
    const shown = stores.oldestShown();
    // At another position all is compared anyway, and what differs is for the most part what the replica is about to hear again.
    if (shown === undefined || !samePosition(shown, position)) return;
    const known = (await stores.editsSince(mark)).filter((edit) => edit.mark <= newest);
    if (known.length < newest - mark) await replica.write([], { unshown: "restored" });
  }

  /** Edits as they are made: what was heard need not be read. */
  hear(edits: readonly LocalEdit[]): void {
    this.#heard.add(edits);
  }

  /** Whether the stores have what is not recorded. */
  get hasNews(): boolean {
    return this.#parts.stores.mark() > this.#parts.replica.head.mark;
  }

  /** Resolves when the stores are asked for nothing more. */
  async ended(): Promise<void> {
    await this.#forgetting.ended();
  }

  /** The number of the edit with this mark, as the server hears it. */
  numberOf(mark: number): number {
    return this.#numbers.get(mark) ?? mark;
  }

  /**
   * Records what is new, as far as there is room, and of it as much as one write may have; "more": there is more of it. What does
   * not fit stays in the stores until there is room. "put-off": what people had before them cannot be read, so that nobody can
   * tell what an edit is (P25, B08); the stores keep all of it.
   */
  async record(): Promise<"recorded" | "more" | "nothing-new" | "full" | "put-off"> {
    const { replica } = this.#parts;
    if (!this.hasNews) return "nothing-new";
    if (replica.isDamaged) return await this.#leave("put-off");
    if (replica.pending.size >= LIMITS.pendingMax) return await this.#leave("full");
    const reading = await this.#reading();
    const { edits, newest, isAll } = reading;
    const bundle = edits.slice(0, LIMITS.recordedAtOnce);
    this.#read = undefined;
    await this.#recordBundle(bundle, bundle.at(-1)?.mark ?? newest, reading.made);
    if (bundle.length === edits.length) return isAll ? await this.#recorded() : await this.#leave("full");
    // What is recorded is not kept here as well: of an import that would be thousands.
    this.#read = { ...reading, edits: edits.slice(bundle.length), at: replica.head.mark };
    return "more";
  }

  /** The base may go on before they are recorded: it is noted before that, as it cannot be heard of again. */
  async #leave<As extends "full" | "put-off">(outcome: As): Promise<As> {
    const { replica } = this.#parts;
    const earlier = withBase(replica.head);
    if (earlier !== replica.head.earlier) await replica.write([], { earlier });
    return outcome;
  }

  async #recorded(): Promise<"recorded"> {
    const { replica } = this.#parts;
    if (replica.head.earlier.length > 0 && !this.hasNews) await replica.write([], { earlier: [] });
    return "recorded";
  }

  /** What is left of what was read, or what is new since. */
  async #reading(): Promise<Reading> {
    const { replica, stores } = this.#parts;
    // Another mark than that: a join has made data of the rest.
    if (this.#read?.at === replica.head.mark) return this.#read;
    // Looked at before the stores are read: what is made meanwhile has a mark above it.
    const newest = stores.mark();
    const all = this.#heard.between(replica.head.mark, newest) ?? (await stores.editsSince(replica.head.mark));
    const edits = all.slice(0, LIMITS.pendingMax - replica.pending.size);
    return { edits, newest, isAll: edits.length === all.length, made: new Map(), at: replica.head.mark };
  }

  /** In one write; after a kill between two of them, the edits of the second are found in the stores. */
  async #recordBundle(edits: readonly LocalEdit[], mark: number, made: MadeBefore): Promise<void> {
    const { replica, staying } = this.#parts;
    const { edits: cleared, changed } = await clearPassedBack(edits, made, { ...this.#parts, seen: (edit) => this.#seen(edit) });
    const pending = this.#pendingOf(cleared, await this.#freshAmong(edits));
    // Before they are recorded: what is not listed yet is found again after a kill.
    await staying.note();
    await replica.record(pending, Math.max(mark, replica.head.mark));
    this.#heard.forget(replica.head.mark);
    await this.#parts.shower.showOwn(changed);
    this.#forgetting.upTo(replica.head.mark);
  }

  /**
   * State keys that this machine has drawn: UUIDs of which the base has neither value nor deletion. However old the edit is
   * when it arrives, there is nothing that it could be older than (P25).
   */
  async #freshAmong(edits: readonly LocalEdit[]): Promise<ReadonlySet<string>> {
    const keys = [...new Set(edits.filter(({ key }) => isUuid(key)).map(entryKey))];
    const base = this.#parts.replica.baseView(false);
    await base.load(keys);
    return new Set(keys.filter((key) => base.get(key) === undefined));
  }

  #pendingOf(edits: readonly LocalEdit[], fresh: ReadonlySet<string>): PendingEdit[] {
    const { replica, travel, device, run, staying } = this.#parts;
    let { sequence, lastStamp } = replica.head;
    const pending: PendingEdit[] = [];
    for (const local of edits) {
      if (!travel.isShared(local.item)) continue;
      sequence = Math.max(sequence + 1, local.mark);
      if (sequence !== local.mark) this.#noteNumber(local.mark, sequence);
      const seen = this.#seen(local);
      const { stamp, certain } = this.#stampOf(local, seen, lastStamp);
      lastStamp = stamp;
      const { owner, item, key, by } = local;
      const edit = (): Edit => ({
        id: { device, run, sequence },
        owner,
        item,
        key,
        value: travel.outgoing(local),
        seen,
        stamp,
        certain,
        by,
        ...(fresh.has(entryKey(local)) ? { fresh: true } : {}),
      });
      const made = staying.travelling(() => pendingOf(edit()), local);
      if (made !== undefined) pending.push(made);
    }
    return pending;
  }

  #stampOf(
    { madeAtMs, boot, seen: shown }: LocalEdit,
    seen: number,
    lastStamp: JournalTime,
  ): { readonly stamp: JournalTime; readonly certain: boolean } {
    const { head } = this.#parts.replica;
    const { at, isExact } = madeOver(head, shown, seen);
    const floor = Math.max(lastStamp, isExact ? at : 0);
    return this.#parts.journalClock.stamp(madeAtMs, boot, floor, at, head.earlier);
  }

  #noteNumber(mark: number, number: number): void {
    this.#numbers.set(mark, number);
    const [oldest] = this.#numbers.keys();
    if (oldest !== undefined && this.#numbers.size > LIMITS.pendingMax) this.#numbers.delete(oldest);
  }

  /** The revision the store showed, as far as it is one of the base's journal. */
  #seen({ seen }: LocalEdit): number {
    const { position, lineage } = this.#parts.replica.head;
    if (seen === undefined || position === undefined || seen.fleet !== position.fleet) return 0;
    const common = sameEpoch(seen.epoch, position.epoch) ? seen.revision : partingOf(lineage, lineage, seen).common;
    return Math.min(common, position.revision);
  }
}
