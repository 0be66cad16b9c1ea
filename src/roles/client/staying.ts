/**
 * Entries that cannot leave this machine, so that others have them otherwise or not at all: too large as they travel, or
 * with what a message does not take. They are said in the log once, and listed with their reason until they are changed,
 * deleted, or replaced by another machine (M27).
 */
import type { EntryName } from "../../model/entry.ts";
import { SyncError } from "../../model/errors.ts";
import { failureOf, notedEntry } from "../../model/log-note.ts";
import { entryKey } from "../../store/keys.ts";
import type { Listed, NotAppliedList } from "../../store/not-applied.ts";
import type { CommunicationLog } from "../communication-log.ts";

export interface StayingParts {
  readonly notApplied: NotAppliedList;
  readonly log: CommunicationLog;
}

export class Staying {
  readonly #parts: StayingParts;
  /** Found since `note` was called last, by state key; undefined: it travels. */
  #found = new Map<string, { readonly name: EntryName; readonly error: SyncError | undefined }>();

  constructor(parts: StayingParts) {
    this.#parts = parts;
  }

  /** What `make` gives, or undefined when the entry is not fit to travel: it stays on this machine. */
  travelling<T>(make: () => T, { owner, item, key }: EntryName): T | undefined {
    const name = { owner, item, key };
    try {
      const made = make();
      this.#found.set(entryKey(name), { name, error: undefined });
      return made;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#found.set(entryKey(name), { name, error });
      return undefined;
    }
  }

  /** Brings the list up to date with what was found: of an entry that was asked for twice, the last answer. */
  async note(): Promise<void> {
    const { notApplied, log } = this.#parts;
    const found = [...this.#found.values()];
    this.#found = new Map();
    const travels = found.filter(({ name, error }) => error === undefined && isStaying(notApplied, name)).map(({ name }) => name);
    const stays = found.flatMap(({ name, error }): Listed[] =>
      error === undefined ? [] : [{ ...name, because: "cannot-travel", detail: error.message }],
    );
    const fresh = new Set((await notApplied.note(travels, stays)).map(entryKey));
    for (const { name, error } of found)
      if (error !== undefined && fresh.has(entryKey(name)))
        log.write({ kind: "stays-here", entry: notedEntry(name), failure: failureOf(error) });
  }
}

export const isStaying = (notApplied: NotAppliedList, name: EntryName): boolean =>
  notApplied.reasonOf(entryKey(name))?.because === "cannot-travel";
