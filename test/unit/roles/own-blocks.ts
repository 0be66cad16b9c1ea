/** What a server sends of its journal and of its state: made-up changes and parts of a snapshot. */
import { packRecords, pieces } from "../../../src/protocol/block.ts";
import { encodeChange } from "../../../src/protocol/change.ts";
import type { Changes } from "../../../src/protocol/changes.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { packPart } from "../../../src/protocol/part.ts";
import type { Part } from "../../../src/protocol/welcome.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { editOf } from "./own-copy.ts";

/** Changes from `first` to `last`, each of an entry of its own; in pieces of one block where `of` is more than one. */
export function changesOf(first: number, last: number, of = 1): Changes[] {
  const records: Uint8Array[] = [];
  for (let revision = first; revision <= last; revision += 1) {
    const edit = { ...editOf(revision), why: "first" } as const;
    const edits = [{ edit, bytes: encodeAccepted(edit) }];
    records.push(encodeChange({ revision, at: 200, edits, removals: [], adoption: undefined, logins: [], scopes: [], purges: [] }));
  }
  const bytes = packRecords(records);
  const size = Math.ceil(bytes.length / of);
  const slices = of === 1 ? pieces(bytes) : Array.from({ length: of }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  return slices.map((slice, part) => ({ kind: "changes", first, last, part, of, deflated: false, bytes: slice }));
}

/** A part with an entry of each of these numbers. */
export function partOf(after: string, numbers: readonly number[], other: Partial<Part> = {}): Part {
  const records = numbers.map((number): [string, Uint8Array] => {
    const edit = { ...editOf(number), why: "first" } as const;
    return [entryKey(edit), packEntry(5, encodeAccepted(edit))];
  });
  return { kind: "part", after, last: records.at(-1)?.[0] ?? after, end: false, revision: 12, bytes: packPart(records), ...other };
}
