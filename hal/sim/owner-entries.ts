/** The entries of an owner as they stand in the simulated machine's database: bundles, and what was set since over them. */
import type { Entry } from "../../src/model/entry.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { StoreName } from "../parts/item-rules.ts";
import { compareKeys } from "../parts/storage-rules.ts";
import type { Storage } from "../storage.ts";
import { keptIn, placesIn } from "./entry-bundles.ts";
import {
  bundlePrefix,
  decodeKept,
  entriesPrefix,
  ifOpened,
  itemPrefix,
  type Kept,
  type KeyStore,
  keysUnder,
  openValue,
} from "./machine-records.ts";

interface Parts {
  readonly storage: Storage;
  readonly keyStore: KeyStore;
  readonly store: StoreName;
  readonly owner: Owner;
}

/** All of them, sorted by item and key. */
export async function entriesOf(parts: Parts): Promise<Entry[]> {
  return await entriesIn(parts, entriesPrefix(parts.store, parts.owner), () => true);
}

/** Those of these items, sorted likewise; `isBundled`: the owner has bundles. */
export async function entriesAmong(parts: Parts, items: readonly string[], isBundled: boolean): Promise<Entry[]> {
  // One range, so that bundles and what lies over them are of one moment.
  if (isBundled) return await entriesIn(parts, entriesPrefix(parts.store, parts.owner), (item) => items.includes(item));
  const { store, owner } = parts;
  const read = [...items].sort(compareKeys).map((item) => entriesIn(parts, itemPrefix(store, { owner, item }), () => true));
  return (await Promise.all(read)).flat();
}

async function entriesIn(parts: Parts, prefix: string, isWanted: (item: string) => boolean): Promise<Entry[]> {
  const bundled = bundlePrefix(parts.store, parts.owner);
  const start = entriesPrefix(parts.store, parts.owner).length;
  const under = new Map<string, Kept>();
  const alone: [name: string, kept: Kept][] = [];
  for await (const [key, bytes] of parts.storage.range(keysUnder(prefix))) {
    if (key.startsWith(bundled)) {
      const names = [...placesIn(bytes).keys()];
      if (!names.some((name) => isWanted(itemIn(name)))) continue;
      for (const [index, kept] of keptIn(bytes).entries()) under.set(names[index] ?? "", kept);
    } else alone.push([key.slice(start), decodeKept(bytes)]);
  }
  const isMixed = under.size > 0 && alone.length > 0;
  for (const [name, kept] of alone) under.set(name, kept);
  const names = [...under].filter(([name]) => isWanted(itemIn(name)));
  if (isMixed) names.sort(([a], [b]) => compareKeys(a, b));
  const entries: Entry[] = [];
  for (const [name, kept] of names) {
    const opened = openValue(parts.keyStore, kept);
    const value = opened instanceof Promise ? await ifOpened(opened) : opened;
    const [item, key] = [itemIn(name), name.slice(name.indexOf("\0") + 1)];
    if (value !== undefined) entries.push({ owner: parts.owner, item, key, value });
  }
  return entries;
}

const itemIn = (name: string): string => name.slice(0, name.indexOf("\0"));
