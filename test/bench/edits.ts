/** Edits of the data set, each with a number in a text that people read, by which a probe knows it again. */
import { must } from "../../src/model/assert.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import { type Value, isFields } from "../../src/model/value.ts";
import { Chance, type DataSetOptions, dataSet } from "./data-set.ts";

/** Before the number of an edit, wherever its value is stored. */
const TAG = "@edit-";
const TAG_DIGITS = 7;

/** Edits number `first` and following: each changes another entry, so that none hides another one. At most as many as there are entries. */
export function editsOf(
  options: DataSetOptions,
  { first, count }: { readonly first: number; readonly count: number },
): readonly EntryChange[] {
  const candidates: Entry[] = [];
  for (const entries of dataSet(options)) candidates.push(...entries.filter((entry) => fieldOf(entry) !== undefined));
  const chance = new Chance(options.seed + first);
  for (let index = candidates.length - 1; index > 0; index -= 1) {
    const other = chance.whole(0, index);
    const kept = must(candidates[index], "within");
    candidates[index] = must(candidates[other], "within");
    candidates[other] = kept;
  }
  return candidates.slice(0, count).map((entry, index) => tagged(entry, first + index));
}

function tagged({ owner, item, key, value }: Entry, number: number): EntryChange {
  const field = must(fieldOf({ item }), "chosen because it has one");
  return { owner, item, key, value: { ...(isFields(value) ? value : {}), [field]: `${TAG}${String(number).padStart(TAG_DIGITS, "0")}` } };
}

/** The field of an entry that people read; undefined for entries that are not edited here. */
function fieldOf({ item }: Pick<Entry, "item">): "name" | "cn" | undefined {
  if (item === "personal-button" || item === "shortcut") return "name";
  return item === "personal-address" || item === "group-address" || item === "common-address" ? "cn" : undefined;
}

/** The numbers of the edits whose values are in these bytes, however they are encoded, as long as text stays text. */
export function editsIn(bytes: Uint8Array): readonly number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers: number[] = [];
  for (let at = buffer.indexOf(TAG); at >= 0; at = buffer.indexOf(TAG, at + TAG.length)) {
    numbers.push(Number(buffer.toString("latin1", at + TAG.length, at + TAG.length + TAG_DIGITS)));
  }
  return numbers;
}

/** The number of the edit that made this value, or undefined. */
export function editOf({ item, value }: { readonly item: string; readonly value: Value | undefined }): number | undefined {
  const field = fieldOf({ item });
  const text = field !== undefined && isFields(value) ? value[field] : undefined;
  return typeof text === "string" && text.startsWith(TAG) ? Number(text.slice(TAG.length)) : undefined;
}
