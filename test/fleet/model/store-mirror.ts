/**
 * Follows what a machine itself keeps and shows, write by write (hal/sim/machine-records.ts has the layout): no read
 * takes time, and nothing is decoded twice.
 */
import type { KeyBlocks } from "../../../hal/sim/key-blocks.ts";
import { keptIn, placesIn } from "../../../hal/sim/entry-bundles.ts";
import { fromJson, type Json } from "../../../hal/parts/value-json.ts";
import type { Device } from "../../../hal/device.ts";
import type { Write } from "../../../hal/storage.ts";
import { itemOf } from "../../../src/model/item.ts";
import type { Position } from "../../../src/model/position.ts";
import type { Value } from "../../../src/model/value.ts";
import type { DiskWatch } from "../virtual-disk.ts";

/** A value, or the sealed form of one that holds a secret. */
export type Kept = { readonly value: Value } | { readonly sealed: string };

/** "owner item key", as people say it. */
export type EntryText = string;

export interface StoreListener {
  /** An entry is other than before; undefined: it is not there. */
  changed(entry: EntryText, now: Kept | undefined): void;
  /** The same, and who did it: somebody to whom the machine showed a position, or the module. */
  edited?(entry: EntryText, now: Kept | undefined, seen: Position | undefined): void;
  applied?(entry: EntryText, now: Kept | undefined): void;
}

export class StoreMirror implements DiskWatch {
  readonly entries = new Map<EntryText, Kept>();
  readonly positions: { settings: Position | undefined; addressBook: Position | undefined } = {
    settings: undefined,
    addressBook: undefined,
  };
  /** The newest mark: so many edits were made on this machine. */
  mark = 0;
  /** Rises with every write. */
  writes = 0;
  readonly #listener: StoreListener;
  readonly #opened = new Map<string, Value>();
  /** Entries with a record of their own, which goes before what a bundle has of them. */
  readonly #alone = new Set<EntryText>();
  /** By storage key. */
  readonly #bundles = new Map<string, ReadonlySet<EntryText>>();

  constructor(listener: StoreListener) {
    this.#listener = listener;
  }

  /** Both stores show this position; undefined while they differ. */
  get position(): Position | undefined {
    const { settings, addressBook } = this.positions;
    return settings?.revision === addressBook?.revision && settings?.chainHash === addressBook?.chainHash ? settings : undefined;
  }

  replaced(content: KeyBlocks): void {
    this.entries.clear();
    this.#alone.clear();
    this.#bundles.clear();
    [this.positions.settings, this.positions.addressBook] = [undefined, undefined];
    this.committed([...content.ascending("e", "t")].map(([key, value]) => ({ key, value })));
  }

  committed(batch: readonly Write[]): void {
    this.writes += 1;
    const isEdit = batch.some(({ key }) => key === "s");
    for (const { key, value } of batch) {
      if (key.startsWith("p/")) this.positions[key === "p/settings" ? "settings" : "addressBook"] = value && (parsed(value) as Position);
      if (key === "s" && value !== undefined) this.mark = (parsed(value) as { readonly mark: number }).mark;
      if (!key.startsWith("e/")) continue;
      const [owner = "", item = ""] = key.slice(key.indexOf("/", 2) + 1).split("\0");
      if (item === "") this.#bundleWritten(key, owner, value, isEdit);
      else this.#entryWritten(key.slice(key.indexOf("/", 2) + 1).replaceAll("\0", " "), value, isEdit);
    }
  }

  #entryWritten(name: EntryText, value: Uint8Array | undefined, isEdit: boolean): void {
    if (value === undefined) this.#alone.delete(name);
    else this.#alone.add(name);
    this.#become(name, value === undefined ? undefined : keptOf(parsed(value)), isEdit);
  }

  /** A new bundle, or one without something that it had. */
  #bundleWritten(key: string, owner: string, value: Uint8Array | undefined, isEdit: boolean): void {
    const before = this.#bundles.get(key) ?? new Set();
    const now = new Map<EntryText, Kept>();
    if (value !== undefined) {
      const kept = keptIn(value);
      for (const [index, name] of [...placesIn(value).keys()].entries())
        now.set(`${owner} ${name.replaceAll("\0", " ")}`, keptOf(kept[index]));
    }
    this.#bundles.set(key, new Set(now.keys()));
    for (const name of before)
      if (!now.has(name) && !this.#alone.has(name) && this.entries.has(name)) this.#become(name, undefined, isEdit);
    for (const [name, kept] of now) if (!before.has(name) && !this.#alone.has(name)) this.#become(name, kept, isEdit);
  }

  #become(name: EntryText, now: Kept | undefined, isEdit: boolean): void {
    if (now === undefined) this.entries.delete(name);
    else this.entries.set(name, now);
    this.#listener.changed(name, now);
    if (isEdit) this.#listener.edited?.(name, now, this.#shownFor(name));
    else this.#listener.applied?.(name, now);
  }

  /** What the store of this entry shows. */
  #shownFor(entry: EntryText): Position | undefined {
    const heldIn = itemOf(entry.split(" ")[1] ?? "")?.heldIn;
    return this.positions[heldIn === "address-book" ? "addressBook" : "settings"];
  }

  /** The value, with its secret opened. */
  async open(keyStore: Device["keyStore"], kept: Kept): Promise<Value> {
    if ("value" in kept) return kept.value;
    const known = this.#opened.get(kept.sealed);
    if (known !== undefined) return known;
    const value = fromJson(parsed(await keyStore.open(Buffer.from(kept.sealed, "base64"))) as Json);
    this.#opened.set(kept.sealed, value);
    return value;
  }
}

const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());

function keptOf(json: unknown): Kept {
  const { sealed, value } = json as { readonly sealed?: string; readonly value: Json };
  return sealed === undefined ? { value: fromJson(value) } : { sealed };
}
