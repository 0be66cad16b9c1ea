/**
 * Entries of an owner that came together, in one record: to a database a record costs more than the few hundred bytes in it,
 * and a join brings some fifty entries of each user. A bundle is named after its first entry. What is set later stands in a
 * record of its own and goes before what the bundle has of that name; what is removed leaves its bundle. Two lines of JSON:
 * where the entries stand, so that this can be looked up without the rest, and what they are.
 */
import type { EntryName } from "../../src/model/entry.ts";
import { compareKeys } from "../parts/storage-rules.ts";
import { type Kept, type Place, parsed } from "./machine-records.ts";

/** An entry in a bundle: where it stands, and the JSON of its value. */
export interface Bundled extends Place {
  readonly text: string;
}

/** By "item NUL key", in the order of the keys. */
export type Bundle = Map<string, Bundled>;

/** So many entries of an owner who has none are worth a bundle. */
export const BUNDLED_MIN = 4;
/** Changing one of them reads where all stand, removing one writes all anew: a few of a storage's own blocks. */
const ENTRIES_MAX = 16;
const CHARACTERS_MAX = 16 * 1024;

const LINE_END = 10;

export const nameIn = ({ item, key }: Pick<EntryName, "item" | "key">): string => `${item}\0${key}`;

/** Of bundles that begin with these names, in order, the one that an entry is in if it is in any. */
export function bundleOf(firsts: readonly string[], name: string): string | undefined {
  let [low, high] = [0, firsts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(firsts[middle] ?? "", name) <= 0) low = middle + 1;
    else high = middle;
  }
  return firsts[low - 1];
}

/** An owner's entries as bundles, each with the name of its first. */
export function bundlesOf(entries: Bundle): [first: string, bundle: Bundle][] {
  const bundles: [string, Bundle][] = [];
  let characters = 0;
  for (const [name, entry] of [...entries].sort(([a], [b]) => compareKeys(a, b))) {
    const last = bundles.at(-1)?.[1];
    characters += entry.text.length;
    if (last === undefined || last.size >= ENTRIES_MAX || characters > CHARACTERS_MAX) {
      bundles.push([name, new Map([[name, entry]])]);
      characters = entry.text.length;
    } else last.set(name, entry);
  }
  return bundles;
}

export function encodeBundle(bundle: Bundle): Uint8Array {
  const places: (string | number)[] = [];
  const texts: string[] = [];
  for (const [name, { order, shelf, text }] of bundle) {
    places.push(name, order, shelf);
    texts.push(text);
  }
  return Buffer.from(`${JSON.stringify(places)}\n[${texts.join(",")}]`);
}

/** Where its entries stand. */
export function placesIn(bytes: Uint8Array): Map<string, Place> {
  const flat = parsed(bytes.subarray(0, bytes.indexOf(LINE_END))) as (string | number)[];
  const places = new Map<string, Place>();
  for (let at = 0; at < flat.length; at += 3) places.set(String(flat[at]), { order: Number(flat[at + 1]), shelf: String(flat[at + 2]) });
  return places;
}

/** What its entries are, in their order. */
export const keptIn = (bytes: Uint8Array): readonly Kept[] => parsed(bytes.subarray(bytes.indexOf(LINE_END) + 1)) as Kept[];

export function decodeBundle(bytes: Uint8Array): Bundle {
  const kept = keptIn(bytes);
  return new Map([...placesIn(bytes)].map(([name, place], index) => [name, { ...place, text: JSON.stringify(kept[index]) }]));
}
