/** The change that a push becomes, while it is decided edit by edit: what it has standing by now, before anything of it is written. */
import { type Edit, holdingOf } from "../../model/entry.ts";
import type { Revision } from "../../model/ids.ts";
import { notedEntry } from "../../model/log-note.ts";
import type { Owner } from "../../model/owner.ts";
import type { Refusal } from "../../model/refusal.ts";
import type { AcceptedEdit } from "../../protocol/change.ts";
import { listOf } from "../../store/apply-change.ts";
import { NEW_OWNER, type OwnerRecord, type Standing } from "../../store/records.ts";
import type { CommunicationLog } from "../communication-log.ts";
import { tellRefused } from "../noted-together.ts";
import type { Moved } from "./room.ts";

export interface Drafting {
  readonly accepted: AcceptedEdit[];
  /** What it has standing by now, by state key. */
  readonly standing: Map<string, Standing>;
  /** Owners it sets something of. */
  readonly begun: Set<Owner>;
  /** For the log. */
  readonly refused: { readonly edit: Edit; readonly refusal: Refusal }[];
  readonly moved: ({ readonly edit: Edit } & Moved)[];
}

/** Says what was refused and what was moved (M32). */
export function tellDrafted(log: CommunicationLog, { refused, moved }: Drafting): void {
  tellRefused(log, refused);
  for (const { edit, ...numbers } of moved) log.write({ kind: "number-moved", entry: notedEntry(edit, edit.value), ...numbers });
}

/** The record that an owner of `begun` will have once the change is written: it holds the list of this edit from that revision on. */
export function withList(record: OwnerRecord | undefined, edit: Edit, revision: Revision): OwnerRecord {
  const before = record ?? NEW_OWNER;
  const list = listOf(holdingOf(edit), edit);
  return { ...before, holdings: { ...before.holdings, [list]: { since: revision, adopted: undefined } } };
}
