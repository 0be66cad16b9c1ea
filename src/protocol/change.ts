/** One change of the journal: everything that a revision did. */
import type { JournalTime, JoinId, DeviceId, Revision } from "../model/ids.ts";
import type { Accepted } from "../model/entry.ts";
import type { Scope } from "../model/item.ts";
import type { Owner } from "../model/owner.ts";

export interface AcceptedEdit {
  readonly edit: Accepted;
  /** The edit as it stands in the change; stored and compared as these bytes, never encoded again. */
  readonly bytes: Uint8Array;
}

export interface Removal {
  readonly owner: Owner;
  readonly kind: "deleted" | "evicted";
}

/** A holding taken over whole from a joining machine; its entries are the change's edits. */
export interface Adoption {
  readonly holding: string;
  readonly join: JoinId;
  readonly device: DeviceId;
}

export interface Login {
  readonly owner: Owner;
  /** Days since 1970, UTC. */
  readonly day: number;
}

export interface ScopeChange {
  readonly item: string;
  readonly scope: Scope;
}

export interface Change {
  readonly revision: Revision;
  /** Journal time of the commit. */
  readonly at: JournalTime;
  readonly edits: readonly AcceptedEdit[];
  /** Removals take effect before the edits of the same change. */
  readonly removals: readonly Removal[];
  readonly adoption: Adoption | undefined;
  readonly logins: readonly Login[];
  readonly scopes: readonly ScopeChange[];
}
