/** The communication log in a person's language (M32): what each kind of note says. Names come in as the panel shows them. */
import type { LogLevel } from "../../model/errors.ts";
import type { Scope } from "../../model/item.ts";
import type { LogNote, SyncFunction } from "../../model/log-note.ts";

/** Kinds that have nothing but what happened. */
export type BareNote = Extract<LogNote, { readonly kind: "connected" | "backed-up" }>["kind"];

/** What a note is said with: names and figures, in the order in which they stand here. */
interface NoteTexts {
  readonly unsent: (edits: number) => string;
  readonly "machine-registered": (machine: string, serialNumber: string) => string;
  readonly "machine-removed": (machine: string) => string;
  readonly "not-understood": (machine: string) => string;
  readonly "owner-deleted": (owner: string) => string;
  readonly "owner-evicted": (owner: string, entries: number) => string;
  readonly "users-near-limit": (users: number, usersMax: number) => string;
  readonly "users-over-limit": (users: number, usersMax: number) => string;
  readonly "scope-changed": (item: string, scope: Scope) => string;
  readonly "number-moved": (entry: string, taken: number, number: number) => string;
  readonly "server-found": (address: string) => string;
  readonly "edit-lost": (entry: string) => string;
  readonly "edit-refused": (entry: string) => string;
  readonly "stays-here": (entry: string) => string;
  readonly "not-applied": (entry: string, why: string) => string;
  readonly "over-limit": (holding: string) => string;
  readonly "edits-wait": (edits: number) => string;
  readonly undone: (edits: number) => string;
  readonly "put-back": (owner: string, entries: number) => string;
  readonly "scope-replaced": (owner: string, entries: number) => string;
  /** `owners` "": of all users and groups. */
  readonly "export-prepared": (owners: string, minutes: number) => string;
  readonly "export-left-out": (entries: number) => string;
  readonly "import-left-out": (entries: number) => string;
  readonly "act-failed": () => string;
  readonly "took-over": (hadData: boolean) => string;
  readonly "predecessor-back": { readonly [inheritance in "taken" | "nothing" | "kept"]: string };
  readonly "other-server": (address: string) => string;
  readonly "epoch-begun": (machine: string) => string;
  /** `machine` undefined: this one. */
  readonly "places-differ": (machine: string | undefined) => string;
  readonly "function-failed": (which: SyncFunction, againS: number) => string;
}

export interface LogTexts {
  readonly title: string;
  readonly none: string;
  readonly levels: { readonly [level in LogLevel]: string };
  readonly bare: { readonly [kind in BareNote]: string };
  readonly notes: NoteTexts;
  /** Who or what was refused, before the reason. */
  readonly refused: {
    readonly machine: (machine: string) => string;
    readonly visitor: (address: string) => string;
    readonly thisMachine: string;
    readonly serverFunction: string;
    readonly asTold: (machine: string) => string;
    readonly restore: string;
    readonly someOf: (refused: number, all: number, whose: string) => string;
    readonly andMore: (entry: string, more: number) => string;
  };
  /** Before a sentence of an older version, which is in English. */
  readonly noted: string;
  /** Before what service wants to know, in English. */
  readonly detail: string;
  /** Data that everybody shares, before which part of it. */
  readonly buttons: string;
}
