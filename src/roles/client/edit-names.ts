/**
 * Names of own edits (P6). The number is the mark that the machine's store gave to the edit, durably. The run is the one in whose
 * name it may have left: an edit leaves while it is being recorded, and where a kill comes before the record, the server may know it
 * by that name already. So a run that lets edits leave says so before, durably, and the next one records what was left under the
 * same names, to hear what became of it, and not to make the same edit twice.
 */
import type { LocalEdit } from "../../../hal/item-store.ts";
import type { RunId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import { sameEpoch } from "../../model/position.ts";
import type { PendingEdit } from "../../store/pending.ts";
import type { Replica } from "../../store/replica.ts";
import type { Ahead, ReplicaHead } from "../../store/replica-head.ts";
import type { JournalClock } from "./journal-clock.ts";
import type { MachineStores } from "./machine-stores.ts";

interface Parts {
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly run: RunId;
  readonly journalClock: Pick<JournalClock, "boot">;
}

export class EditNames {
  readonly #parts: Parts;
  /** The run before, and the marks of what it may have let leave. */
  #before: (Ahead & { readonly after: number; readonly last: number }) | undefined;
  /** Numbers that are not the marks; the newest of them, as many as may be pending. */
  readonly #numbers = new Map<number, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Before anything is recorded: what the run before may have let leave. Nothing is said of it where the copy is known to be older than
   * what the machine's stores show: what that run sent later was recorded elsewhere.
   */
  recall(): void {
    const { replica, stores } = this.#parts;
    const { ahead, mark, position, unshown } = replica.head;
    if (ahead === undefined || position === undefined || unshown === "restored") return;
    const shown = stores.oldestShown();
    if (shown !== undefined && (!sameEpoch(shown.epoch, position.epoch) || shown.revision > position.revision)) return;
    this.#before = { ...ahead, after: mark, last: mark + LIMITS.recordedAtOnce };
  }

  /** The run in whose name an edit is recorded: one of another power-on was never in this replica's hands before. */
  runOf({ mark, boot }: LocalEdit, sequence: number): RunId {
    const before = this.#before;
    if (before === undefined || boot !== before.boot || sequence !== mark) return this.#parts.run;
    return before.after < mark && mark <= before.last ? before.run : this.#parts.run;
  }

  /** What of the head says that this run lets edits leave, where it does not say so yet. */
  get told(): Pick<ReplicaHead, "ahead"> | undefined {
    const { replica, run, journalClock } = this.#parts;
    return replica.head.ahead?.run === run ? undefined : { ahead: { run, boot: journalClock.boot } };
  }

  /**
   * Whether these may leave while they are being recorded: whoever records them next would give them the same names. One that stays here
   * would be taken for decided with a later one, where it travels then.
   */
  mayLeave(edits: readonly LocalEdit[], pending: readonly PendingEdit[]): boolean {
    const { replica, run } = this.#parts;
    if (replica.head.ahead?.run !== run) return false;
    return pending.every(({ edit: { id } }, index) => id.run === run && id.sequence === edits[index]?.mark);
  }

  /** The number of the edit with this mark, as the server hears it. */
  numberOf(mark: number): number {
    return this.#numbers.get(mark) ?? mark;
  }

  noteNumber(mark: number, number: number): void {
    this.#numbers.set(mark, number);
    const [oldest] = this.#numbers.keys();
    if (oldest !== undefined && this.#numbers.size > LIMITS.pendingMax) this.#numbers.delete(oldest);
  }
}
