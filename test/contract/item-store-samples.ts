/** What the ItemStore contract tries a store with. */
import type { ExecutionContext, TestFn } from "ava";
import type { ItemStore } from "../../hal/item-store.ts";
import type { Storage } from "../../hal/storage.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import type { EpochId, FleetId } from "../../src/model/ids.ts";
import { type Owner, parseOwner } from "../../src/model/owner.ts";
import type { Position } from "../../src/model/position.ts";
import type { Value } from "../../src/model/value.ts";

export interface ItemStoreFixture {
  readonly store: ItemStore;
  /** The machine's other store. */
  readonly other: ItemStore;
  /** The machine after a loss of power: the same stores, opened again. */
  restart(): Promise<{ readonly store: ItemStore; readonly other: ItemStore }>;
  /** What the machine's clock says. */
  readonly time: { readonly boot: string; monotonicMs(): number };
  /** Makes the machine smaller than others: so many entries of `sample`'s item an owner. Undefined where a test cannot. */
  readonly shrink: ((item: string, entries: number) => void) | undefined;
  /** Takes an ability away from the machine: values of this item do not fit any more. */
  readonly lose: ((item: string) => void) | undefined;
  /** All that both stores have on the medium, as bytes. Undefined where a test cannot look there. */
  readonly atRest: (() => Promise<Uint8Array>) | undefined;
}

/** Items to try a store with: one with many keys of a user, and values that it takes and does not take. */
export interface Sample {
  readonly item: string;
  readonly good: (name: string) => Value;
  readonly bad: Value;
  /** Of the machine's other store. */
  readonly foreign: EntryChange;
}

export const ownerNamed = (text: string): Owner => {
  const owner = parseOwner(text);
  if (owner === undefined) throw new Error(`not an owner: ${text}`);
  return owner;
};

export const ONE = ownerNamed("user:1");
export const TEN = ownerNamed("user:10");
const button = (name: string): Value => ({ name, function: "copy", settings: { copies: 2 }, ofTomorrow: [1, { deep: true }] });
const address = (name: string): Value => ({ cn: name, mailaddress: `${name}@example.com`, ofTomorrow: new Uint8Array([1, 2, 255]) });
const SETTINGS: Sample = {
  item: "personal-button",
  good: button,
  bad: { name: "", function: "copy" },
  foreign: { owner: ONE, item: "personal-address", key: "x", value: address("x") },
};
const ADDRESS_BOOK: Sample = {
  item: "personal-address",
  good: address,
  bad: "no object",
  foreign: { owner: ONE, item: "personal-button", key: "x", value: button("x") },
};

export const positionAt = (revision: number): Position => ({
  fleet: "f".repeat(32) as FleetId,
  epoch: { number: 1, id: "e".repeat(16) as EpochId },
  revision,
  chainHash: "c".repeat(32),
});

/** Everything a store shows, to compare before and after. */
export async function everything(store: ItemStore): Promise<readonly Entry[]> {
  const owners = await store.owners();
  return (await Promise.all(owners.map((owner) => store.read(owner)))).flat();
}

/** The one of the machine's stores that keeps the item. */
export const keeperOf = ({ store, other }: Pick<ItemStoreFixture, "store" | "other">, item: string): ItemStore =>
  store.items.has(item) ? store : other;

/** Every value in a storage, for `atRest`. */
export async function bytesIn(storage: Storage): Promise<Uint8Array> {
  const values: Uint8Array[] = [];
  for await (const [key, value] of storage.range({ from: "", to: "\u{10ffff}" })) values.push(Buffer.from(key), value);
  return Buffer.concat(values);
}

type Body = (t: ExecutionContext, fixture: ItemStoreFixture, sample: Sample) => Promise<unknown>;

export type Create = (t: ExecutionContext) => Promise<ItemStoreFixture>;

/** Makes tests of a fixture, each with the sample that suits its store. */
export const itemStoreTests =
  (test: TestFn, name: string, create: Create) =>
  (title: string, body: Body): void =>
    test(`${name}: ${title}`, async (t) => {
      const fixture = await create(t);
      await body(t, fixture, fixture.store.items.has(SETTINGS.item) ? SETTINGS : ADDRESS_BOOK);
    });

/** Makes changes of a sample: the key, the owner, and a text for the value. */
export const changesOf =
  ({ item, good }: Sample) =>
  (key: string, owner = ONE, text = key): EntryChange => ({ owner, item, key, value: good(text) });
