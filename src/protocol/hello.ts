/** Client to server: who I am, where I stand. Opens every connection, and every doubt ends in it (PROTOCOL.md, "The one exchange"). */
import type { JournalTime, Revision, RunId } from "../model/ids.ts";
import type { Owner } from "../model/owner.ts";
import type { PolicyPart } from "../model/refusal.ts";
import type { Position } from "../model/position.ts";

/** Edits of one run with sequences from first to last, ends included; those between may lie in other ranges. */
export interface PendingRange {
  readonly run: RunId;
  readonly first: number;
  readonly last: number;
}

/** A snapshot that was being transferred: the journal position it started from, and the last key that is stored. */
export interface PartialSnapshot {
  readonly start: Position;
  readonly after: string;
}

export interface Hello {
  readonly kind: "hello";
  readonly purpose: "join" | "rejoin" | "preview";
  readonly run: RunId;
  /** 1, 2, 3 ... within the run: an overtaken hello is ignored (P14). */
  readonly number: number;
  readonly protocol: { readonly min: number; readonly max: number };
  readonly position: Position | undefined;
  readonly partial: PartialSnapshot | undefined;
  /** At most 64 ranges; more are merged, which only costs answers that nobody needs. */
  readonly pending: readonly PendingRange[];
  /** The sender's estimate of journal time; undefined before it ever heard one. It can only raise the server's (P4). */
  readonly journalTime: JournalTime | undefined;
  readonly device: {
    readonly serialNumber: string;
    readonly deviceName: string;
    readonly productName: string;
    readonly location: string;
  };
  /** Digests (16 hex digits) of the settings that must be the same (M10), and of the order of network places (M25). */
  readonly digests: { readonly [part in PolicyPart]: string } & { readonly networkPlaces: string };
  readonly loggedIn: readonly Owner[];
}

/** A client whose copy is at revision `after` asks for the next block of changes; the answer is `changes`, empty at the end. */
export interface PullChanges {
  readonly kind: "pull-changes";
  readonly after: Revision;
}

/** A client asks for the snapshot part whose keys come after this one; "" for the first. */
export interface PullPart {
  readonly kind: "pull-part";
  readonly after: string;
}
