/**
 * Entries of an owner that came together, in one record: to a database a record costs more than the few hundred bytes in it,
 * and a join brings some fifty entries of each user. A bundle is named after its first entry. What is set later stands in a
 * record of its own and goes before what the bundle has of that name; what is removed leaves its bundle. Two lines of JSON:
 * where the entries stand, so that this can be looked up without the rest, and what they are.
 */
import { must } from "../../src/model/assert.ts";
import type { EntryName } from "../../src/model/entry.ts";
import { compareKeys } from "../parts/storage-rules.ts";
import { asBuffer, type Keeping, type Kept, type Place, parsed, placeFrom } from "./machine-records.ts";

/** An entry in a bundle: where it stands, and what is kept of its value. */
export interface Bundled extends Place {
  readonly kept: Keeping;
}

/** By "item NUL key", in the order of the keys. */
export type Bundle = Map<string, Bundled>;

/** So many entries of an owner who has none are worth a bundle. */
export const BUNDLED_MIN = 4;
/** Changing one of them reads where all stand, removing one writes all anew: a few of a storage's own blocks. */
const ENTRIES_MAX = 16;
const BYTES_MAX = 16 * 1024;

/** How a text becomes what is kept. */
const BEFORE_TEXT = Buffer.from('{"value":');
/** With the comma and the brace. */
const AROUND_TEXT = BEFORE_TEXT.length + 2;
/** A unit of a string takes three bytes at most. */
const UNIT_BYTES_MAX = 3;

const [LINE_END, COMMA, ARRAY_START, ARRAY_END, OBJECT_END] = [10, 44, 91, 93, 125];

export const nameIn = ({ item, key }: Pick<EntryName, "item" | "key">): string => `${item}\0${key}`;

/** Of bundles that begin with these names, in order, the one that an entry is in if it is in any. */
export function bundleOf(firsts: readonly string[], name: string): string | undefined {
  let low = 0;
  let high = firsts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(firsts[middle] ?? "", name) <= 0) low = middle + 1;
    else high = middle;
  }
  return firsts[low - 1];
}

/** A bundle that is to be written. */
export interface MadeBundle {
  /** The name of its first entry. */
  readonly first: string;
  readonly bytes: Uint8Array;
}

/** An owner's entries as bundles. */
export function bundlesOf(entries: ReadonlyMap<string, Bundled>): MadeBundle[] {
  const names = [...entries.keys()].sort(compareKeys);
  const made: MadeBundle[] = [];
  for (let at = 0; at < names.length; at += ENTRIES_MAX) addBundles(names.slice(at, at + ENTRIES_MAX), entries, made);
  return made;
}

/** One bundle, or as many as it takes so that none is too large. */
function addBundles(names: readonly string[], entries: ReadonlyMap<string, Bundled>, made: MadeBundle[]): void {
  const bytes = encodeBundle(names, entries);
  if (bytes.length <= BYTES_MAX || names.length === 1) {
    made.push({ first: must(names[0], "a bundle is made of what is there"), bytes });
    return;
  }
  const middle = names.length >>> 1;
  addBundles(names.slice(0, middle), entries, made);
  addBundles(names.slice(middle), entries, made);
}

/** Those of these names. One text for all values that are not texts already: it takes a third of the time of one for each. */
export function encodeBundle(names: readonly string[], entries: ReadonlyMap<string, Bundled>): Uint8Array {
  const places: (string | number)[] = [];
  const all: Keeping[] = [];
  const values: Kept[] = [];
  let bytes = 0;
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at] ?? "";
    const { order, shelf, kept } = must(entries.get(name), "a bundle is made of what is there");
    places.push(name, order, shelf);
    all.push(kept);
    if (kept instanceof Uint8Array) bytes += kept.length + AROUND_TEXT;
    else values.push(kept);
  }
  const line = `${JSON.stringify(places)}\n`;
  if (values.length === all.length) return Buffer.from(line + JSON.stringify(values));
  return withTexts(line, all, bytes + (values.length === 0 ? 0 : UNIT_BYTES_MAX * JSON.stringify(values).length));
}

/** `bytesMax`: of the values. */
function withTexts(line: string, values: readonly Keeping[], bytesMax: number): Uint8Array {
  const made = Buffer.allocUnsafe(UNIT_BYTES_MAX * line.length + bytesMax + 1);
  let end = made.write(line);
  for (let at = 0; at < values.length; at += 1) {
    const kept = must(values[at], "a value of a bundle");
    made[end] = at === 0 ? ARRAY_START : COMMA;
    end += 1;
    if (!(kept instanceof Uint8Array)) {
      end += made.write(JSON.stringify(kept), end);
      continue;
    }
    made.set(BEFORE_TEXT, end);
    end += BEFORE_TEXT.length;
    made.set(kept, end);
    end += kept.length;
    made[end] = OBJECT_END;
    end += 1;
  }
  made[end] = ARRAY_END;
  return made.subarray(0, end + 1);
}

/** Where its entries stand. */
export function placesIn(bytes: Uint8Array): Map<string, Place> {
  const flat = parsed(bytes.subarray(0, bytes.indexOf(LINE_END))) as (string | number)[];
  const places = new Map<string, Place>();
  for (let at = 0; at < flat.length; at += 3) places.set(String(flat[at]), { order: Number(flat[at + 1]), shelf: String(flat[at + 2]) });
  return places;
}

/**
 * Where one of its entries stands, if it is there. Found without reading the others: an edit of one is much more frequent than
 * all else.
 */
export function placeIn(bytes: Uint8Array, name: string): Place | undefined {
  const buffer = asBuffer(bytes);
  // Between item and key stands a character that neither of them has: nothing but this name looks like it, in the first line.
  const wanted = `${JSON.stringify(name)},`;
  const at = buffer.indexOf(wanted);
  if (at < 0 || at > buffer.indexOf(LINE_END)) return undefined;
  return placeFrom(buffer, at + Buffer.byteLength(wanted), 1);
}

/** What its entries are, in their order. */
export const keptIn = (bytes: Uint8Array): readonly Kept[] => parsed(bytes.subarray(bytes.indexOf(LINE_END) + 1)) as Kept[];

export function decodeBundle(bytes: Uint8Array): Bundle {
  const kept = keptIn(bytes);
  return new Map([...placesIn(bytes)].map(([name, place], index) => [name, { ...place, kept: must(kept[index], "an entry has a value") }]));
}
