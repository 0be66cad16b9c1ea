/** What a person or an import changes, as a store of the simulated machine takes it: checked, copied, and written down once. */
import { SyncError } from "../../src/model/errors.ts";
import { type EntryChange, type EntryName, entryText } from "../../src/model/entry.ts";
import type { AppliedChange } from "../item-store.ts";
import { changeFault, sizeFault, type StoreName } from "../parts/item-rules.ts";
import { wholeCopyOf } from "../parts/value-copy.ts";
import { textOfValue } from "./machine-records.ts";

/** All of them; throws for the first that does not fit the store. */
export const madeChanges = (store: StoreName, changes: readonly EntryChange[]): AppliedChange[] =>
  changes.map((change) => {
    const misplaced = changeFault(store, change);
    if (misplaced !== undefined) throw refused(change, misplaced);
    const text = textOfValue(change);
    const tooLarge = sizeFault(change, text);
    if (tooLarge !== undefined) throw refused(change, tooLarge);
    return text === undefined ? wholeCopyOf(change) : { ...wholeCopyOf(change), text };
  });

export const refused = (name: EntryName, fault: string): SyncError =>
  new SyncError("hal-refused", `${entryText(name)} was not saved: ${fault}; nothing of this act was saved`);
