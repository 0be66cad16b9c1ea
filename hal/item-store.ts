/**
 * A store of the machine that keeps users' personal data: the printer itself reads and writes it, with or without the
 * module. The module sees every change that a person or an import makes, and writes what came from other machines.
 *
 * **Edits and marks.** Each change by a person or an import is one edit and takes the next `mark`: a number that rises
 * by one across all item stores of the machine and is durable with the change. The store keeps edits until
 * `forgetEdits`; so a module that was killed, or not running at all, finds out with `editsSince` what it missed.
 * An edit also keeps when it was made, by whom, and which position the store showed then: `appliedPosition` when `edit` was called.
 * What an `apply` that is under way brings, its author had not seen.
 *
 * **Apply.** `apply` writes a batch and the position it belongs to in one step: after a crash either all of it is there
 * or none. It is never reported as an edit (no echo). An entry with an edit of a mark above `knownMark` is left as it
 * is: the module has not seen that edit yet. Values the machine cannot take are left out and named in the answer; the
 * rest is applied. While it is under way `edit`, `editsSince`, `forgetEdits` and reads may be called; another `apply` of the store is not.
 *
 * **Limits.** How many entries a person may have in a list is in the table of items (`entriesMax` in `src/model/item.ts`); of the
 * common address lists, one-touch has 200 entries and the others have 1,600 together. An edit that goes beyond is refused, except
 * in a timeline: there the oldest entry makes room for the eleventh. What the machine drops in this way, or for limits of its own
 * when it applies, is an eviction: told by `onEvicted`, never an edit, and never a reason to delete it elsewhere (M27).
 *
 * **Secrets** (items marked `secret`, and `secretFields`, in `src/model/item.ts`) are sealed at rest by the machine's key store
 * (`device.keyStore`). When that has lost its key, an entry or an edit with a secret is as if it were not there; the rest is read
 * all the same. A page of the printer's own that leads an entry to another destination does not hand its secret on
 * (`src/model/destination.ts`, B08).
 *
 * **Damage.** A damaged entry or edit is as if it were not there, too. A store that finds damage gives up its `appliedPosition`, as
 * if it had never shown one, durably and before it answers: the module then shows anew what is shared (M20).
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
 * A change that comes from other machines. Its value may be there a second time as `text`, JSON in UTF-8: where the module has it in
 * that form, and no secret is in it. A store that keeps text takes the text and need not ask for `value`, which is only parsed when
 * somebody asks for it; so what a join brings is not parsed and written again. Any other store ignores `text`. Its bytes are the
 * module's again when `apply` has resolved.
 */
export interface AppliedChange extends EntryChange {
  readonly text?: Uint8Array;
}

export interface ItemStore {
  /** The items it keeps. Every other item is unknown to it: `read` never gives it, `apply` names it as not applied. */
  readonly items: ReadonlySet<string>;
  /** Owners with at least one entry that a person, an import or `apply` set; factory defaults do not count. Sorted as storage keys are. */
  owners(): Promise<readonly Owner[]>;
  /**
   * All entries of an owner, sorted by item and key; values as they were written, unknown fields included. With `among`, entries of
   * these items are enough, if that is less work; a store may give others as well.
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
