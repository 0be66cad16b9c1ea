/** Which entries of the machine's stores others have edited while an act goes on: those are theirs. */
import type { EntryName } from "../model/entry.ts";
import { entryKey } from "../store/keys.ts";
import type { MachineStores } from "./client/machine-stores.ts";

export class EditedMeanwhile {
  readonly #stores: Pick<MachineStores, "editsSince">;
  /** State keys. */
  readonly #edited = new Set<string>();
  #own: ReadonlySet<string> = new Set();
  #mark: number;

  /** What was edited above this mark is known with the first look: also what an act did of which nothing else is known any more. */
  constructor(stores: Pick<MachineStores, "editsSince">, mark: number) {
    this.#stores = stores;
    this.#mark = mark;
  }

  /** Takes in what is new since the last look. */
  async look(): Promise<void> {
    for (const edit of await this.#stores.editsSince(this.#mark)) {
      const key = entryKey(edit);
      if (!this.#own.has(key)) this.#edited.add(key);
      this.#mark = edit.mark;
    }
  }

  /** The act's own edits since the last look. */
  passOver(edits: readonly EntryName[]): void {
    this.#own = new Set(edits.map(entryKey));
  }

  has(entry: EntryName): boolean {
    return this.#edited.has(entryKey(entry));
  }
}
