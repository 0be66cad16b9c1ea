/**
 * How the simulated printer writes its own database:
 *   s                              the newest mark, and the newest order number
 *   p/<store>                      the position that the store shows
 *   o/<store>/<owner>              entries on each shelf of the owner, and the names of its bundles
 *   e/<store>/<owner> 0 <item> 0 <key>   an entry (0 is a NUL character, which none of the three can hold)
 *   e/<store>/<owner> 0 0 <item> 0 <key>   entries that came together, from this one on (entry-bundles.ts)
 *   j/<store>/<mark>               an edit not yet forgotten
 */
import { must } from "../../src/model/assert.ts";
import type { EntryChange, EntryName } from "../../src/model/entry.ts";
import { SyncError } from "../../src/model/errors.ts";
import { itemOf } from "../../src/model/item.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { Position } from "../../src/model/position.ts";
import { isFields, type Value } from "../../src/model/value.ts";
import type { Device } from "../device.ts";
import type { AppliedChange, LocalEdit } from "../item-store.ts";
import type { StoreName } from "../parts/item-rules.ts";
import { type Json, fromJson, toJson } from "../parts/value-json.ts";

export type KeyStore = Device["keyStore"];

/** A value at rest: as it is, or sealed (base64) where it holds a secret; neither for a deletion. */
export interface Kept {
  readonly value?: Json;
  readonly sealed?: string;
}

/** What is about to be kept: the same, or the text of a value that is kept as it came. */
export type Keeping = Kept | Uint8Array;

/** Where an entry stands among those of its owner. */
export interface Place {
  /** Rises with each write to the machine: what is oldest is dropped first. */
  readonly order: number;
  readonly shelf: string;
  /** Known of one that has no record of its own. */
  readonly isBundled?: true;
}

interface KeptEntry extends Kept, Place {}

/** What an owner has in a store. */
export interface Held {
  /** How many entries on each shelf. */
  readonly shelves: ReadonlyMap<string, number>;
  /** Names of the first entries of its bundles, in order. */
  readonly bundles: readonly string[];
}

export const NOTHING_HELD: Held = { shelves: new Map(), bundles: [] };

interface KeptEdit extends Kept, EntryName {
  readonly seen?: Position;
  readonly madeAtMs: number;
  readonly boot: string;
  readonly by: string;
}

export interface KeptState {
  readonly mark: number;
  readonly order: number;
}

const MARK_DIGITS = 16;
export const STATE_KEY = "s";
export const positionKey = (store: StoreName): string => `p/${store}`;
export const ownerPrefix = (store: StoreName): string => `o/${store}/`;
export const editPrefix = (store: StoreName): string => `j/${store}/`;
export const editKey = (store: StoreName, mark: number): string => `${editPrefix(store)}${String(mark).padStart(MARK_DIGITS, "0")}`;
export const storePrefix = (store: StoreName): string => `e/${store}/`;
export const entriesPrefix = (store: StoreName, owner: Owner): string => `${storePrefix(store)}${owner}\0`;
export const itemPrefix = (store: StoreName, { owner, item }: Pick<EntryName, "owner" | "item">): string =>
  `${entriesPrefix(store, owner)}${item}\0`;
export const entryKey = (store: StoreName, name: EntryName): string => `${itemPrefix(store, name)}${name.key}`;
/** No item is "": bundles come before all entries of their owner. */
export const bundlePrefix = (store: StoreName, owner: Owner): string => `${entriesPrefix(store, owner)}\0`;

/** All keys that start with a prefix; no prefix here ends with the highest ASCII character. */
export function keysUnder(prefix: string): { readonly from: string; readonly to: string } {
  const end = String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  return { from: prefix, to: `${prefix.slice(0, -1)}${end}` };
}

export const toBytes = (json: unknown): Uint8Array => Buffer.from(JSON.stringify(json));
export const parsed = (bytes: Uint8Array): unknown => JSON.parse(textOf(bytes));
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
export const textOf = (bytes: Uint8Array): string => asBuffer(bytes).toString();

export const decodeState = (bytes: Uint8Array): KeptState => parsed(bytes) as KeptState;
export const decodePosition = (bytes: Uint8Array): Position => parsed(bytes) as Position;
/** No shelf is "". */
const BUNDLES = "";
export function heldIn(text: string): Held {
  const { [BUNDLES]: bundles = [], ...shelves } = JSON.parse(text) as Record<string, number> & { readonly [BUNDLES]?: readonly string[] };
  return { shelves: new Map(Object.entries(shelves)), bundles };
}
export const textOfHeld = ({ shelves, bundles }: Held): string =>
  JSON.stringify({ ...Object.fromEntries(shelves), ...(bundles.length === 0 ? {} : { [BUNDLES]: bundles }) });

/** How the record of an entry begins: with where it stands. */
const ORDER = Buffer.from('{"order":');
const BEFORE_SHELF = '"shelf":"'.length;
const [COMMA, QUOTE, DIGIT_0] = [44, 34, 48];

/** Where an entry stands, by its record; what it is need not be read for it. */
export function decodePlace(bytes: Uint8Array): Place {
  const buffer = asBuffer(bytes);
  if (buffer.compare(ORDER, 0, ORDER.length, 0, ORDER.length) === 0) return placeFrom(buffer, ORDER.length, BEFORE_SHELF);
  const { order, shelf } = parsed(bytes) as KeptEntry;
  return { order, shelf };
}

/**
 * The order that is written from here on; then a comma, `between` further bytes, and the shelf up to a quotation mark. No shelf
 * has any in it.
 */
export function placeFrom(buffer: Buffer, from: number, between: number): Place {
  let order = 0;
  let at = from;
  for (; at < buffer.length && buffer[at] !== COMMA; at += 1) order = order * 10 + (buffer[at] ?? 0) - DIGIT_0;
  const shelf = at + 1 + between;
  return { order, shelf: buffer.toString("latin1", shelf, buffer.indexOf(QUOTE, shelf)) };
}

export const encodeEntry = (kept: Keeping, { order, shelf }: Place): Uint8Array =>
  kept instanceof Uint8Array
    ? Buffer.concat([Buffer.from(`${JSON.stringify({ order, shelf }).slice(0, -1)},"value":`), kept, Buffer.from("}")])
    : toBytes(kept.sealed === undefined ? { order, shelf, value: kept.value } : { order, shelf, sealed: kept.sealed });

/** What is kept of a value, at once, but for a secret: the key store seals it first. A text holds none. */
export const keptOf = (keyStore: KeyStore, change: AppliedChange): Keeping | Promise<Kept> =>
  change.text ?? keptValue(keyStore, change.item, must(change.value, "a deletion keeps nothing"));

const keptValue = (keyStore: KeyStore, item: string, value: Value): Kept | Promise<Kept> =>
  holdsSecret(item, value) ? seal(keyStore, value) : { value: toJson(value) };

/** The value that is kept so; at once, but for a secret. */
export const openValue = (keyStore: KeyStore, kept: Kept): Value | Promise<Value> =>
  kept.sealed === undefined
    ? fromJson(must(kept.value, "an entry has a value"))
    : unkeep(keyStore, kept).then((value) => must(value, "an entry has a value"));

/**
 * What was read, or undefined where a secret in it was sealed by another key store than this one: nobody will open it any more, so
 * that it is as if it were not there (hal/item-store.ts).
 */
export async function ifOpened<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof SyncError && error.code === "hal-refused") return undefined;
    throw error;
  }
}

export const decodeKept = (bytes: Uint8Array): Kept => parsed(bytes) as KeptEntry;

/** What is written of a person's value, made once for all records that have it; undefined for a deletion, and for a secret. */
export const textOfValue = ({ item, value }: EntryChange): Uint8Array | undefined =>
  value === undefined || holdsSecret(item, value) ? undefined : toBytes(toJson(value));

/** At once, but for a secret. `text`: of its value, where there is one. */
export function encodeEdit(keyStore: KeyStore, edit: LocalEdit, text: Uint8Array | undefined): Uint8Array | Promise<Uint8Array> {
  if (text !== undefined) return withText(edit, text);
  const kept = edit.value === undefined ? {} : keptValue(keyStore, edit.item, edit.value);
  return kept instanceof Promise ? kept.then((sealed) => editBytes(edit, sealed)) : editBytes(edit, kept);
}

const editBytes = ({ owner, item, key, seen, madeAtMs, boot, by }: LocalEdit, { value, sealed }: Kept): Uint8Array =>
  // What is undefined is left out.
  toBytes({ owner, item, key, value, sealed, seen, madeAtMs, boot, by });

/** The same bytes. */
function withText({ owner, item, key, seen, madeAtMs, boot, by }: LocalEdit, text: Uint8Array): Uint8Array {
  const before = Buffer.from(`${JSON.stringify({ owner, item, key }).slice(0, -1)},"value":`);
  return Buffer.concat([before, text, Buffer.from(`,${JSON.stringify({ seen, madeAtMs, boot, by }).slice(1)}`)]);
}

/** The edit behind a storage key and its bytes. */
export async function decodeEdit(keyStore: KeyStore, { key: at, bytes }: { key: string; bytes: Uint8Array }): Promise<LocalEdit> {
  const { owner, item, key, seen, madeAtMs, boot, by, ...kept } = parsed(bytes) as KeptEdit;
  const mark = markOf(at);
  return { owner, item, key, value: await unkeep(keyStore, kept), mark, seen, madeAtMs, boot, by };
}

export const markOf = (key: string): number => Number(key.slice(-MARK_DIGITS));
export const decodeEditName = (bytes: Uint8Array): EntryName => parsed(bytes) as KeptEdit;

function holdsSecret(item: string, value: Value): boolean {
  const definition = itemOf(item);
  if (definition === undefined) return false;
  return definition.secret || (isFields(value) && definition.secretFields.some((field) => value[field] !== undefined));
}

const seal = async (keyStore: KeyStore, value: Value): Promise<Kept> => ({
  sealed: Buffer.from(await keyStore.seal(toBytes(toJson(value)))).toString("base64"),
});

async function unkeep(keyStore: KeyStore, { value, sealed }: Kept): Promise<Value | undefined> {
  if (sealed !== undefined) return fromJson(parsed(await keyStore.open(Buffer.from(sealed, "base64"))) as Json);
  return value === undefined ? undefined : fromJson(value);
}
