/**
 * I4   No edit leaves the pending list before it is in the base, was decided and answered, is covered by a newer one of
 *      its own machine, or is part of a join; the function may be stopped (P21).
 * B02  An edit that is answered "superseded" goes to the history in the same write, unless its owner was deleted (P23).
 */
import type { Write } from "../../../hal/storage.ts";
import type { Edit } from "../../../src/model/entry.ts";
import type { Position } from "../../../src/model/position.ts";
import { unpackPending } from "../../../src/store/pending.ts";
import type { ReplicaHead } from "../../../src/store/replica-head.ts";
import { entryName } from "../model/fold.ts";
import type { Journals } from "../model/journals.ts";
import type { Faults } from "./faults.ts";

const PENDING = "c/p/";
const HISTORY = "c/h/";
const OFFER = "c/o/";
const IN_FORCE = "c/x/";

interface Pending {
  readonly edit: Edit;
  readonly answer: { readonly outcome: string; readonly revision: number } | undefined;
}

/** The heads before and after a write, and what is on offer after it. */
export interface Around {
  readonly before: ReplicaHead | undefined;
  readonly after: ReplicaHead | undefined;
  readonly isOffered: (owner: string) => boolean;
  /** It is no write of the machine's: its disk is another one, or an older image, and this is all that is on it. */
  readonly isFound?: boolean;
}

export interface PendingCheckerParts {
  readonly journals: Journals;
  readonly faults: Faults;
  /** Is told each edit that a machine has recorded, or that is found on a disk that was exchanged, and the base that its copy has with it. */
  readonly onRecorded?: (machine: string, edit: Edit, base: Position | undefined, isFound: boolean) => void;
}

export class PendingChecker {
  readonly #parts: PendingCheckerParts;
  readonly #pending = new Map<string, Map<string, Pending>>();

  constructor(parts: PendingCheckerParts) {
    this.#parts = parts;
  }

  forget(machine: string): void {
    this.#pending.delete(machine);
  }

  /** Edits of the machine that are not in its base yet. */
  size(machine: string): number {
    return this.#of(machine).size;
  }

  /** Numbers of those that nobody has answered, ascending; only of some owners, where that is said. */
  unanswered(machine: string, isOf: (owner: string) => boolean = () => true): number[] {
    const waiting = [...this.#of(machine).values()].filter(({ edit, answer }) => answer === undefined && isOf(edit.owner));
    return waiting.map(({ edit }) => edit.id.sequence).toSorted((a, b) => a - b);
  }

  /** One durable write of a client. */
  written(machine: string, batch: readonly Write[], around: Around): void {
    const pending = this.#of(machine);
    for (const { key, value } of batch) {
      if (!key.startsWith(PENDING)) continue;
      const known = pending.get(key);
      if (value === undefined) {
        pending.delete(key);
        if (known !== undefined) this.#left(machine, known, batch, around);
      } else {
        const now: Pending = unpackPending(value);
        pending.set(key, now);
        if (known === undefined) this.#parts.onRecorded?.(machine, now.edit, around.after?.position, around.isFound === true);
        if (known?.answer === undefined && now.answer?.outcome === "superseded") this.#lost(machine, now, batch, around.after);
      }
    }
  }

  #left(machine: string, { edit, answer }: Pending, batch: readonly Write[], { before, after, isOffered }: Around): void {
    const position = after?.position;
    if (position === undefined || after?.join?.id !== before?.join?.id || answer !== undefined) return;
    // Data on offer: the edits that it contains leave with the offer, or go to the history with it (P19).
    // What the server has no room for is part of the data that is offered again.
    if (isOffered(edit.owner)) return;
    // An item that became device-specific: its edits are the machine's own now (P27).
    if (batch.some(({ key }) => key.startsWith(OFFER) || key === `${IN_FORCE}${edit.item}` || isKept(key, edit))) return;
    const branch = this.#parts.journals.find(position);
    for (const { by } of branch?.between(entryName(edit), 0, position.revision) ?? [])
      if (by.some(({ device, sequence }) => device === edit.id.device && sequence >= edit.id.sequence)) return;
    this.#parts.faults.found(
      "I4",
      `${machine} forgets its edit ${edit.id.sequence} of ${entryName(edit).replaceAll("\0", " ")}, which nobody has answered`,
    );
  }

  #lost(machine: string, { edit }: Pending, batch: readonly Write[], after: ReplicaHead | undefined): void {
    if (batch.some(({ key }) => isKept(key, edit))) return;
    const branch = after?.position === undefined ? undefined : this.#parts.journals.find(after.position);
    if (branch === undefined || branch.fold.owners.get(edit.owner)?.deleted !== undefined) return;
    this.#parts.faults.found("B02", `${machine} does not keep its edit ${edit.id.sequence}, which lost, in its history`);
  }

  #of(machine: string): Map<string, Pending> {
    const known = this.#pending.get(machine);
    if (known !== undefined) return known;
    const pending = new Map<string, Pending>();
    this.#pending.set(machine, pending);
    return pending;
  }
}

/** Whether a key of the history is of this entry. */
const isKept = (key: string, edit: Edit): boolean => key.startsWith(HISTORY) && key.endsWith(`/${entryName(edit)}`);
