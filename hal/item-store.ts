/**
 * A store of the machine that keeps users' personal data: the printer itself reads and writes it, with or without the
 * module. The module sees every change that a person or an import makes, and writes what came from other machines.
 *
 * **Edits and marks.** Each change by a person or an import is one edit and takes the next `mark`: a number that rises
 * by one across all item stores of the machine and is durable with the change. The store keeps edits until
 * `forgetEdits`; so a module that was killed, or not running at all, finds out with `editsSince` what it missed.
 * An edit also keeps which position the store showed when it was made (`appliedPosition` when `edit` was called: an `apply`
 * under way is not what its author has before them), when, and by whom.
 *
 * **Apply.** `apply` writes a batch and the position it belongs to in one step: after a crash either all of it is there
 * or none. It is never reported as an edit (no echo). An entry with an edit of a mark above `knownMark` is left as it
 * is: the module has not seen that edit yet. Values the machine cannot take are left out and named in the answer; the
 * rest is applied. While it is under way `edit`, `editsSince`, `forgetEdits` and reads may be called; another `apply` of the store is not.
 *
 * **Limits.** What the machine drops for limits of its own is an eviction: told by `onEvicted`, never an edit, and
 * never a reason to delete it elsewhere (M27).
 *
 * **Secrets** are sealed at rest by the machine's key store (`device.keyStore`). Where that has lost its key nobody will open
 * them any more: an entry or an edit with one is as if it were not there, and the rest is read all the same.
 * **Damage.** The same goes for what is damaged. A store that finds that out gives up its `appliedPosition`, as if it had never shown
 * one, durably and before it answers: the module then shows anew what is shared (M20).
 * Whatever leads an entry of the printer's own pages elsewhere does not hand its secret on (`src/model/destination.ts`, B08).
 */
import type { Entry, EntryChange, EntryName } from "../src/model/entry.ts";
import type { Owner } from "../src/model/owner.ts";
import type { Position } from "../src/model/position.ts";
import type { Unsubscribe } from "./hal.ts";

export interface LocalEdit extends EntryChange {
  readonly mark: number;
  /** `appliedPosition` when it was made, that is, when `edit` was called. */
  readonly seen: Position | undefined;
  /** `clock.monotonicMs()` and `clock.boot` when it was made. */
  readonly madeAtMs: number;
  readonly boot: string;
  /** Who made it: an owner text, "import", "put-back" (from the history), or "" when nobody was logged in. */
  readonly by: string;
}

export interface NotApplied extends EntryName {
  /** A sentence for the administrator's status page. */
  readonly reason: string;
}

/**
 * A change that comes from other machines. `text`: its value once more, as JSON in UTF-8, where the module has it so and no secret is in
 * it; the same until `apply` has resolved. A store that keeps text takes that, and need not ask for `value`, which is then
 * read out of the text whenever it is asked for: what a join brings does not become objects that become text again. A store that has
 * no use for it passes over it.
 */
export interface AppliedChange extends EntryChange {
  readonly text?: Uint8Array;
}

export interface ItemStore {
  /** The items it keeps. Every other item is unknown to it: `read` never gives it, `apply` names it as not applied. */
  readonly items: ReadonlySet<string>;
  /** Owners with at least one entry that a person, an import or `apply` set; factory defaults do not count. Sorted. */
  owners(): Promise<readonly Owner[]>;
  /**
   * All entries of an owner, sorted by item and key; values as they were written, unknown fields included. `among`: those of these
   * items are enough, if that is less work; others may be with them.
   */
  read(owner: Owner, among?: ReadonlySet<string>): Promise<readonly Entry[]>;
  /**
   * An act of a person or an import: all of it, durably, or nothing (a SyncError says which entry does not fit).
   * Resolves with the marks, in the order of the changes. Listeners hear of it before it resolves.
   */
  edit(changes: readonly EntryChange[], by: string): Promise<readonly number[]>;
  /** Told of edits when they are durable, as `editsSince` would give them. */
  onEdit(listener: (edits: readonly LocalEdit[]) => void): Unsubscribe;
  /** The newest mark of the machine, 0 for none. */
  mark(): number;
  /** Edits of this store with a mark above `mark`, by mark. */
  editsSince(mark: number): Promise<readonly LocalEdit[]>;
  /** The module has these durably: edits up to `mark` need not be kept. */
  forgetEdits(mark: number): Promise<void>;
  /** Durable when resolved. `position` undefined: part of a larger replacement, the position stays as it was. */
  apply(changes: readonly AppliedChange[], position: Position | undefined, knownMark: number): Promise<readonly NotApplied[]>;
  appliedPosition(): Position | undefined;
  onEvicted(listener: (entries: readonly EntryName[]) => void): Unsubscribe;
}
