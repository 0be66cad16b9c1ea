/**
 * The state that changes add up to, written from PROTOCOL.md ("Joining and offers" to "Scopes") and not from
 * src/store/apply-change.ts, against which it is held. Keys are those of the state's records: `e/` entries, `o/` owners,
 * `x/` scopes.
 */
import { createHash } from "node:crypto";
import { type Accepted, holdingOf } from "../../../src/model/entry.ts";
import { itemOf, type Scope } from "../../../src/model/item.ts";
import type { Change } from "../../../src/protocol/change.ts";

export interface StandingEntry {
  readonly revision: number;
  readonly edit: Accepted;
  /** As it stands in the change. */
  readonly bytes: Uint8Array;
}

export interface End {
  readonly revision: number;
  readonly at: number;
}

export interface HeldBy {
  readonly since: number;
  readonly device: string | undefined;
  readonly join: string | undefined;
}

export interface ScopeState {
  readonly scope: Scope;
  readonly since: number;
  /** The last change that made it shared; 0: none did. */
  readonly renewed: number;
}

export interface OwnerState {
  /** By list: "" for a user or a group; "item/ITEM" for an item whose scope can be chosen. */
  readonly holdings: Map<string, HeldBy>;
  deleted: End | undefined;
  evicted: End | undefined;
  /** The highest revision and the highest stamp of deleted entries that are forgotten. */
  purged: End | undefined;
  lastLoginDay: number;
  /** The day of the journal on which it came to be held, the last time. */
  begunDay: number;
}

const HASH_BYTES = 16;
const DAY_MS = 24 * 3_600_000;

/** The chain hash after a change: of the hash before it and the bytes of the change. */
export const chained = (before: string, change: Uint8Array): string =>
  createHash("sha256")
    .update(Buffer.from(before, "hex"))
    .update(change)
    .digest("hex")
    .slice(0, 2 * HASH_BYTES);

export const entryName = ({ owner, item, key }: { readonly owner: string; readonly item: string; readonly key: string }): string =>
  `e/${owner}\0${item}\0${key}`;

export class Fold {
  readonly entries = new Map<string, StandingEntry>();
  readonly owners = new Map<string, OwnerState>();
  readonly scopes = new Map<string, ScopeState>();
  readonly #keysOf = new Map<string, Set<string>>();

  /** A fold of its own that goes on from here. */
  copy(): Fold {
    const copy = new Fold();
    for (const [key, entry] of this.entries) copy.#set(key, entry);
    for (const [owner, state] of this.owners) copy.owners.set(owner, { ...state, holdings: new Map(state.holdings) });
    for (const [item, scope] of this.scopes) copy.scopes.set(item, scope);
    return copy;
  }

  *entriesOf(owner: string): Iterable<StandingEntry> {
    for (const key of this.#keysOf.get(owner) ?? []) {
      const entry = this.entries.get(key);
      if (entry !== undefined) yield entry;
    }
  }

  isHeld(owner: string): boolean {
    return (this.owners.get(owner)?.holdings.size ?? 0) > 0;
  }

  /** Users that are held; groups and `common` do not count (M05). */
  users(): number {
    return [...this.owners].filter(([owner, { holdings }]) => owner.startsWith("user:") && holdings.size > 0).length;
  }

  /** Which scope is in force; undefined: what the table of items says. */
  scopeOf(item: string): Scope | undefined {
    return this.scopes.get(item)?.scope;
  }

  /** Takes a change; gives the keys of the records that may be other than before. */
  take(change: Change): Set<string> {
    const touched = new Set<string>();
    const { revision, at } = change;
    for (const { owner, kind, at: endedAt = at } of change.removals) {
      for (const key of this.#keysOf.get(owner) ?? []) {
        this.entries.delete(key);
        touched.add(key);
      }
      this.#keysOf.delete(owner);
      const state = this.#owner(owner, touched);
      state.holdings.clear();
      state[kind] = { revision, at: endedAt };
    }
    for (const scope of change.scopes) this.#changeScope(scope, revision, touched);
    for (const { edit, bytes } of change.edits) {
      const key = entryName(edit);
      this.#set(key, { revision, edit, bytes });
      touched.add(key);
      if (edit.value !== undefined) this.#hold(edit, change, touched);
    }
    for (const { owner, day } of change.logins) {
      const state = this.#owner(owner, touched);
      state.lastLoginDay = Math.max(state.lastLoginDay, day);
    }
    for (const purge of change.purges) this.#forget(purge, touched);
    return touched;
  }

  /** Deletions of these revisions are forgotten one by one, and remembered together (P25). */
  #forget({ owner, upTo, stamp }: Change["purges"][number], touched: Set<string>): void {
    for (const key of [...(this.#keysOf.get(owner) ?? [])]) {
      const standing = this.entries.get(key);
      if (standing === undefined || standing.edit.value !== undefined || standing.revision > upTo) continue;
      this.entries.delete(key);
      this.#keysOf.get(owner)?.delete(key);
      touched.add(key);
    }
    const state = this.#owner(owner, touched);
    state.purged = { revision: Math.max(state.purged?.revision ?? 0, upTo), at: Math.max(state.purged?.at ?? 0, stamp) };
  }

  /** What had been common of an item ends when the item becomes shared again (M19); until then it is kept (P24). */
  #changeScope({ item, scope }: Change["scopes"][number], revision: number, touched: Set<string>): void {
    const renewed = scope === "shared" ? revision : (this.scopes.get(item)?.renewed ?? 0);
    this.scopes.set(item, { scope, since: revision, renewed });
    touched.add(`x/${item}`);
    if (scope !== "shared") return;
    for (const [key, { edit }] of [...this.entries]) {
      if (edit.item !== item) continue;
      this.entries.delete(key);
      this.#keysOf.get(edit.owner)?.delete(key);
      touched.add(key);
    }
    for (const [owner, { holdings }] of this.owners) if (holdings.delete(`item/${item}`)) touched.add(`o/${owner}`);
  }

  #hold(edit: Accepted, { revision, at, adoption }: Change, touched: Set<string>): void {
    const holding = holdingOf(edit);
    const state = this.#owner(edit.owner, touched);
    const { holdings } = state;
    if (holdings.size === 0) state.begunDay = Math.floor(at / DAY_MS);
    const supplied = { device: adoption?.device, join: adoption?.join };
    const nobody = { device: undefined, join: undefined };
    const list = edit.owner === "common" ? holding.slice("common/".length) : "";
    const isWhole = adoption?.holding === holding && adoption.item === undefined;
    if (!holdings.has(list)) holdings.set(list, { since: revision, ...(isWhole ? supplied : nobody) });
    const item = `item/${edit.item}`;
    if (itemOf(edit.item)?.scopeSelectable === true && !holdings.has(item))
      holdings.set(item, { since: revision, ...(adoption?.item === edit.item ? supplied : nobody) });
  }

  #set(key: string, entry: StandingEntry): void {
    this.entries.set(key, entry);
    const { owner } = entry.edit;
    const keys = this.#keysOf.get(owner);
    if (keys === undefined) this.#keysOf.set(owner, new Set([key]));
    else keys.add(key);
  }

  #owner(owner: string, touched: Set<string>): OwnerState {
    touched.add(`o/${owner}`);
    const known = this.owners.get(owner);
    if (known !== undefined) return known;
    const state: OwnerState = {
      holdings: new Map(),
      deleted: undefined,
      evicted: undefined,
      purged: undefined,
      lastLoginDay: 0,
      begunDay: 0,
    };
    this.owners.set(owner, state);
    return state;
  }
}
