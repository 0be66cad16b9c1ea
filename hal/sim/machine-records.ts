/**
 * How the simulated printer writes its own database:
 *   s                              the newest mark, and the newest order number
 *   p/<store>                      the position that the store shows
 *   o/<store>/<owner>              entries on each shelf of the owner
 *   e/<store>/<owner> 0 <item> 0 <key>   an entry (0 is a NUL character, which none of the three can hold)
 *   j/<store>/<mark>               an edit not yet forgotten
 */
import { must } from "../../src/model/assert.ts";
import type { Entry, EntryName } from "../../src/model/entry.ts";
import { SyncError } from "../../src/model/errors.ts";
import { itemOf } from "../../src/model/item.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { Position } from "../../src/model/position.ts";
import { isFields, type Value } from "../../src/model/value.ts";
import type { Device } from "../device.ts";
import type { LocalEdit } from "../item-store.ts";
import type { StoreName } from "../parts/item-rules.ts";
import { type Json, fromJson, toJson } from "../parts/value-json.ts";
import type { Storage } from "../storage.ts";

export type KeyStore = Device["keyStore"];

/** A value at rest: as it is, or sealed (base64) where it holds a secret; neither for a deletion. */
interface Kept {
  readonly value?: Json;
  readonly sealed?: string;
}

interface KeptEntry extends Kept {
  /** Rises with each write to the machine: what is oldest is dropped first. */
  readonly order: number;
  readonly shelf: string;
}

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
export const entriesPrefix = (store: StoreName, owner: Owner): string => `e/${store}/${owner}\0`;
export const itemPrefix = (store: StoreName, { owner, item }: Pick<EntryName, "owner" | "item">): string =>
  `${entriesPrefix(store, owner)}${item}\0`;
export const entryKey = (store: StoreName, name: EntryName): string => `${itemPrefix(store, name)}${name.key}`;

/** All keys that start with a prefix; no prefix here ends with the highest ASCII character. */
export function keysUnder(prefix: string): { readonly from: string; readonly to: string } {
  const end = String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  return { from: prefix, to: `${prefix.slice(0, -1)}${end}` };
}

export const toBytes = (json: unknown): Uint8Array => Buffer.from(JSON.stringify(json));
const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

export const decodeState = (bytes: Uint8Array): KeptState => parsed(bytes) as KeptState;
export const decodePosition = (bytes: Uint8Array): Position => parsed(bytes) as Position;
export const decodeCounts = (bytes: Uint8Array): ReadonlyMap<string, number> =>
  new Map(Object.entries(parsed(bytes) as Record<string, number>));
export const encodeCounts = (counts: ReadonlyMap<string, number>): Uint8Array => toBytes(Object.fromEntries(counts));
export const decodeEntryPlace = (bytes: Uint8Array): Pick<KeptEntry, "order" | "shelf"> => parsed(bytes) as KeptEntry;

/** At once, but for a secret: the key store seals it first. */
export function encodeEntry(
  keyStore: KeyStore,
  { item, value }: Entry,
  { order, shelf }: { order: number; shelf: string },
): Uint8Array | Promise<Uint8Array> {
  if (!holdsSecret(item, value)) return toBytes({ order, shelf, value: toJson(value) } satisfies KeptEntry);
  return sealedEntry(keyStore, value, { order, shelf });
}

async function sealedEntry(keyStore: KeyStore, value: Value, place: { order: number; shelf: string }): Promise<Uint8Array> {
  return toBytes({ ...place, ...(await seal(keyStore, value)) } satisfies KeptEntry);
}

/** The entry behind a storage key and its bytes. */
export async function decodeEntry(keyStore: KeyStore, owner: Owner, { key, bytes }: { key: string; bytes: Uint8Array }): Promise<Entry> {
  const [, item = "", name = ""] = key.split("\0");
  const value = must(await unkeep(keyStore, parsed(bytes) as KeptEntry), "an entry has a value");
  return { owner, item, key: name, value };
}

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

/** The entries of an owner whose keys start with a prefix, in their order. */
export async function entriesUnder(
  { storage, keyStore }: { readonly storage: Storage; readonly keyStore: KeyStore },
  owner: Owner,
  prefix: string,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const [key, bytes] of storage.range(keysUnder(prefix))) {
    const entry = await ifOpened(decodeEntry(keyStore, owner, { key, bytes }));
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

export async function encodeEdit(keyStore: KeyStore, edit: LocalEdit): Promise<Uint8Array> {
  const { owner, item, key, value, seen, madeAtMs, boot, by } = edit;
  const kept = value === undefined ? {} : await keep(keyStore, item, value);
  return toBytes({ owner, item, key, ...kept, ...(seen === undefined ? {} : { seen }), madeAtMs, boot, by } satisfies KeptEdit);
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

async function keep(keyStore: KeyStore, item: string, value: Value): Promise<Kept> {
  return holdsSecret(item, value) ? await seal(keyStore, value) : { value: toJson(value) };
}

const seal = async (keyStore: KeyStore, value: Value): Promise<Kept> => ({
  sealed: Buffer.from(await keyStore.seal(toBytes(toJson(value)))).toString("base64"),
});

async function unkeep(keyStore: KeyStore, { value, sealed }: Kept): Promise<Value | undefined> {
  if (sealed !== undefined) return fromJson(parsed(await keyStore.open(Buffer.from(sealed, "base64"))) as Json);
  return value === undefined ? undefined : fromJson(value);
}
