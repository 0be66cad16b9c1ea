/** What is set at the simulated machine's stores from outside. */
import type { EntryChange } from "../../src/model/entry.ts";

/** What makes this machine smaller than others. Only `apply` looks here. */
export interface SimItemKnobs {
  /** By item ("one-touch" for that list): entries an owner can have here; the oldest are evicted. */
  readonly capacity: Map<string, number>;
  /** Why this machine cannot take a value (an option that is not installed), or undefined. */
  unsupported: (change: EntryChange) => string | undefined;
}
