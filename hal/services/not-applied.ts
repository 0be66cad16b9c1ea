/** In what this machine differs from the fleet (M27): what it does not show, and what of its own cannot travel. */
import type { EntryName } from "../../src/model/entry.ts";
import type { NotAppliedBecause } from "../../src/model/not-applied.ts";

export interface NotAppliedEntry extends EntryName {
  readonly because: NotAppliedBecause;
  /** A sentence, in English. Never the value. */
  readonly text: string;
}

export interface NotAppliedAdministration {
  /**
   * Sorted by owner, item and key; empty while the client function does not work. Entries stay on the list until they are
   * shown, changed to what can be shown, or deleted; each start of the machine tries again what may fit by now.
   */
  notApplied(): readonly NotAppliedEntry[];
}
