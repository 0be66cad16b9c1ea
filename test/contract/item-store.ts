/** What every ItemStore keeps; run for the settings and for the address book of a machine. */
import type { ExecutionContext, TestFn } from "ava";
import type { ItemStore, LocalEdit } from "../../hal/item-store.ts";
import type { Entry, EntryChange, EntryName } from "../../src/model/entry.ts";
import type { EpochId, FleetId } from "../../src/model/ids.ts";
import { type Owner, parseOwner } from "../../src/model/owner.ts";
import type { Position } from "../../src/model/position.ts";
import type { Value } from "../../src/model/value.ts";
import { rejects } from "./throws.ts";

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
}

/** Items to try a store with: one with many keys of a user, and values that it takes and does not take. */
interface Sample {
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

const ONE = ownerNamed("user:1");
const TEN = ownerNamed("user:10");
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

type Body = (t: ExecutionContext, fixture: ItemStoreFixture, sample: Sample) => Promise<unknown>;

export function itemStoreContract(test: TestFn, name: string, create: (t: ExecutionContext) => Promise<ItemStoreFixture>): void {
  const it = (title: string, body: Body): void =>
    test(`${name}: ${title}`, async (t) => {
      const fixture = await create(t);
      await body(t, fixture, fixture.store.items.has(SETTINGS.item) ? SETTINGS : ADDRESS_BOOK);
    });
  const of = ({ item, good }: Sample) => (key: string, owner = ONE, text = key): EntryChange => ({ owner, item, key, value: good(text) });

  it("a new machine has no owners, no edits and no position", async (t, { store }) => {
    t.deepEqual(await store.owners(), []);
    t.deepEqual(await store.read(ONE), []);
    t.is(store.mark(), 0);
    t.deepEqual(await store.editsSince(0), []);
    t.is(store.appliedPosition(), undefined);
  });

  it("an edit is read back as it was written, unknown fields included", async (t, { store, restart }, sample) => {
    const change = of(sample);
    await store.edit([change("b"), change("a"), change("c")], ONE);
    const expected = ["a", "b", "c"].map((key) => change(key));
    t.deepEqual(await store.read(ONE), expected as readonly Entry[]);
    t.deepEqual(await (await restart()).store.read(ONE), expected as readonly Entry[]);
  });

  it("user:1 is not a prefix of user:10", async (t, { store }, sample) => {
    const change = of(sample);
    await store.edit([change("a", TEN), change("a", ONE), change("b", TEN)], "");
    t.deepEqual(await store.owners(), [ONE, TEN]);
    t.deepEqual((await store.read(ONE)).map(({ owner, key }) => `${owner} ${key}`), ["user:1 a"]);
    t.deepEqual((await store.read(TEN)).map(({ owner, key }) => `${owner} ${key}`), ["user:10 a", "user:10 b"]);
  });

  it("marks rise by one across the stores of the machine, also over a restart", async (t, { store, other, restart }, sample) => {
    const change = of(sample);
    t.deepEqual(await store.edit([change("a"), change("b")], ""), [1, 2]);
    t.deepEqual(await other.edit([sample.foreign], ""), [3]);
    t.is(store.mark(), 3);
    const again = await restart();
    t.is(again.store.mark(), 3);
    t.deepEqual(await again.store.edit([change("c")], ""), [4]);
    t.deepEqual((await again.store.editsSince(0)).map(({ mark }) => mark), [1, 2, 4]);
    t.deepEqual((await again.other.editsSince(0)).map(({ mark }) => mark), [3]);
  });

  it("edits at the same time get marks of their own, in the order of the calls", async (t, { store, other }, sample) => {
    const change = of(sample);
    const marks = await Promise.all([store.edit([change("a")], ""), other.edit([sample.foreign], ""), store.edit([change("b"), change("c")], "")]);
    t.deepEqual(marks, [[1], [2], [3, 4]]);
  });

  it("an edit says what it saw, when and by whom", async (t, { store, time, restart }, sample) => {
    const change = of(sample);
    await store.edit([change("a")], ONE);
    await store.apply([], positionAt(7), 1);
    const [, before] = [await store.edit([change("b")], "import"), time.monotonicMs()];
    const edits = await store.editsSince(0);
    t.deepEqual(edits.map(({ seen, by, boot }) => [seen, by, boot]), [[undefined, ONE, time.boot], [positionAt(7), "import", time.boot]]);
    t.true((edits[1]?.madeAtMs ?? Number.POSITIVE_INFINITY) <= before);
    t.deepEqual(await (await restart()).store.editsSince(0), edits);
  });

  it("an edit is all or nothing: what does not fit is named, and nothing is kept, told or marked", async (t, { store }, sample) => {
    const change = of(sample);
    const heard: LocalEdit[] = [];
    store.onEdit((edits) => heard.push(...edits));
    const tooLong = "k".repeat(65);
    const bad: readonly EntryChange[] = [
      { ...change("bad"), value: sample.bad },
      change(""),
      change(tooLong),
      change("line\nend"),
      change("half \ud800 character"),
      change("a", ownerNamed("group:1")),
      change("a", ownerNamed("common")),
      { ...change("a"), item: "of-tomorrow" },
      { ...change("a"), value: { ...Object(sample.good("x")), long: "x".repeat(20_000) } },
      sample.foreign,
    ];
    for (const each of bad) {
      await rejects(t, "hal-refused", () => store.edit([change("good"), each], ""));
      const error = await t.throwsAsync(() => store.edit([each], ""));
      t.true(error?.message.includes(each.item) && error.message.includes(each.owner), error?.message ?? "names the entry");
    }
    t.deepEqual(await store.owners(), []);
    t.is(store.mark(), 0);
    t.deepEqual(heard, []);
    t.deepEqual(await store.edit([change("good")], ""), [1]);
  });

  it("a deletion is an edit; an owner without entries is none", async (t, { store, restart }, sample) => {
    const change = of(sample);
    await store.edit([change("a"), change("b")], "");
    await store.edit([{ ...change("a"), value: undefined }], "");
    t.deepEqual((await store.read(ONE)).map(({ key }) => key), ["b"]);
    t.deepEqual(await store.edit([{ ...change("b"), value: undefined }, { ...change("never"), value: undefined }], ""), [4, 5]);
    t.deepEqual(await store.owners(), []);
    const again = await restart();
    t.deepEqual(await again.store.owners(), []);
    t.deepEqual((await again.store.editsSince(2)).map(({ key, value }) => [key, value]), [["a", undefined], ["b", undefined], ["never", undefined]]);
  });

  it("the same entry twice in one act: both are edits, the later one stands", async (t, { store }, sample) => {
    const change = of(sample);
    t.deepEqual(await store.edit([change("a", ONE, "first"), change("a", ONE, "second")], ""), [1, 2]);
    t.deepEqual(await store.read(ONE), [change("a", ONE, "second") as Entry]);
    t.is((await store.editsSince(0)).length, 2);
  });

  it("listeners hear of an edit when it is durable and before it resolves, not on registering, not after the end of it", async (t, { store }, sample) => {
    const change = of(sample);
    const order: string[] = [];
    const end = store.onEdit((edits) => order.push(`heard ${edits.map(({ key, mark }) => `${key}${mark}`).join()}, mark ${store.mark()}`));
    t.deepEqual(order, []);
    await store.edit([change("a"), change("b")], "").then(() => order.push("resolved"));
    end();
    end();
    await store.edit([change("c")], "");
    t.deepEqual(order, ["heard a1,b2, mark 2", "resolved"]);
  });

  it("what a store hands out is its caller's to change", async (t, { store }, sample) => {
    const change = of(sample);
    const value = sample.good("a") as { cn?: string; name?: string };
    const edit = store.edit([{ ...change("a"), value: value as Value }], "");
    value.name = "changed";
    value.cn = "changed";
    await edit;
    const [read] = await store.read(ONE);
    Object.assign(read?.value ?? {}, { name: "changed", cn: "changed" });
    t.deepEqual(await store.read(ONE), [change("a") as Entry]);
  });

  it("edits are kept until they are forgotten, and only those are", async (t, { store, other, restart }, sample) => {
    const change = of(sample);
    await store.edit([change("a"), change("b")], "");
    await other.edit([sample.foreign], "");
    await store.edit([change("c")], "");
    t.deepEqual((await store.editsSince(1)).map(({ key }) => key), ["b", "c"]);
    await store.forgetEdits(2);
    await store.forgetEdits(2);
    const again = await restart();
    t.deepEqual((await again.store.editsSince(0)).map(({ key }) => key), ["c"]);
    t.is((await again.other.editsSince(0)).length, 1, "the other store keeps its own");
    t.is((await again.store.read(ONE)).length, 3, "forgetting edits takes no entries away");
    t.is(again.store.mark(), 4);
  });

  it("apply is durable with its position, and is no edit (no echo)", async (t, { store, other, restart }, sample) => {
    const change = of(sample);
    store.onEdit(() => t.fail("an echo"));
    other.onEdit(() => t.fail("an echo"));
    t.deepEqual(await store.apply([change("a"), change("b", TEN)], positionAt(3), 0), []);
    t.is(store.mark(), 0);
    t.deepEqual(await store.editsSince(0), []);
    const again = await restart();
    t.deepEqual(again.store.appliedPosition(), positionAt(3));
    t.is(again.other.appliedPosition(), undefined, "each store has its own");
    t.deepEqual(await everything(again.store), [change("a"), change("b", TEN)] as readonly Entry[]);
  });

  it("apply without a position leaves the position as it was", async (t, { store, restart }, sample) => {
    const change = of(sample);
    await store.apply([change("a")], positionAt(3), 0);
    await store.apply([change("b"), { ...change("a"), value: undefined }], undefined, 0);
    const again = await restart();
    t.deepEqual(again.store.appliedPosition(), positionAt(3));
    t.deepEqual((await again.store.read(ONE)).map(({ key }) => key), ["b"]);
  });

  it("apply leaves an entry as it is while the module has not seen its edit", async (t, { store, restart }, sample) => {
    const change = of(sample);
    await store.edit([change("a", ONE, "mine"), change("gone", ONE, "mine")], "");
    await store.edit([{ ...change("gone"), value: undefined }], "");
    t.deepEqual(await store.apply([change("a", ONE, "theirs"), change("gone", ONE, "theirs"), change("b", ONE, "theirs")], positionAt(1), 0), []);
    t.deepEqual(await store.read(ONE), [change("a", ONE, "mine"), change("b", ONE, "theirs")] as readonly Entry[]);
    const again = await restart();
    await again.store.apply([change("a", ONE, "theirs"), change("gone", ONE, "theirs")], positionAt(2), 2);
    t.deepEqual(await again.store.read(ONE), [change("a", ONE, "theirs"), change("b", ONE, "theirs")] as readonly Entry[], "mark 3 is still unseen");
    await again.store.apply([change("gone", ONE, "theirs")], positionAt(3), 3);
    t.is((await again.store.read(ONE)).length, 3);
  });

  it("an edit that was forgotten is one that the module has seen", async (t, { store }, sample) => {
    const change = of(sample);
    await store.edit([change("a", ONE, "mine")], "");
    await store.forgetEdits(1);
    await store.apply([change("a", ONE, "theirs")], positionAt(1), 1);
    t.deepEqual(await store.read(ONE), [change("a", ONE, "theirs") as Entry]);
  });

  it("apply names what the machine cannot take, and applies the rest", async (t, { store }, sample) => {
    const change = of(sample);
    const strange: readonly EntryChange[] = [
      { ...change("x"), item: "of-tomorrow" },
      sample.foreign,
      { ...change("bad"), value: sample.bad },
      change("a", ownerNamed("group:1")),
      change("a\u0000b"),
    ];
    const notApplied = await store.apply([change("a"), ...strange, change("b")], positionAt(9), 0);
    t.deepEqual(notApplied.map(({ owner, item, key }) => ({ owner, item, key })), strange.map(({ owner, item, key }) => ({ owner, item, key })));
    for (const { reason } of notApplied) t.true(reason.length > 10, reason);
    t.deepEqual((await store.read(ONE)).map(({ key }) => key), ["a", "b"]);
    t.deepEqual(store.appliedPosition(), positionAt(9));
  });

  it("values that the machine's options do not support are named, and deletions of them are not", async (t, { store, lose }, sample) => {
    if (lose === undefined) return t.pass();
    const change = of(sample);
    await store.apply([change("a")], positionAt(1), 0);
    lose(sample.item);
    const notApplied = await store.apply([change("b"), { ...change("a"), value: undefined }], positionAt(2), 0);
    t.deepEqual(notApplied.map(({ key }) => key), ["b"]);
    t.deepEqual(await store.owners(), []);
  });

  it("an eviction is no deletion and no edit: the oldest go, and are named", async (t, { store, shrink, restart }, sample) => {
    if (shrink === undefined) return t.pass();
    const change = of(sample);
    const evicted: EntryName[] = [];
    const end = store.onEvicted((names) => evicted.push(...names));
    store.onEdit(() => t.fail("an eviction is no edit"));
    shrink(sample.item, 3);
    await store.apply(["z", "y", "x"].map((key) => change(key)), positionAt(1), 0);
    await store.apply([change("z", ONE, "newer")], positionAt(2), 0);
    t.deepEqual(evicted, [], "as many as it can take are not too many");
    t.deepEqual(await store.apply([change("w"), change("v"), change("a", TEN)], positionAt(3), 0), [], "they were applied");
    t.deepEqual(evicted, ["y", "x"].map((key) => ({ owner: ONE, item: sample.item, key })));
    end();
    const again = await restart();
    t.deepEqual((await again.store.read(ONE)).map(({ key }) => key), ["v", "w", "z"]);
    t.deepEqual((await again.store.read(TEN)).map(({ key }) => key), ["a"], "each owner for itself");
    t.deepEqual(await again.store.editsSince(0), []);
    t.is(again.store.mark(), 0);
  });

  it("an act of 1,800 entries is one act", async (t, { store, other, restart }) => {
    const book = store.items.has("common-address") ? store : other;
    const common = ownerNamed("common");
    const changes = Array.from({ length: 1_800 }, (_, index) => ({
      owner: common,
      item: "common-address",
      key: `id-${index}`,
      value: { cn: `n${index}`, subdbid: index < 200 ? "11" : String(1 + (index % 10)) },
    }));
    const marks = await book.edit(changes, "import");
    t.is(marks.length, 1_800);
    t.is(marks.at(-1), 1_800);
    await rejects(t, "hal-refused", () => book.edit([{ owner: common, item: "common-address", key: "one-more", value: { subdbid: "3" } }], ""));
    await rejects(t, "hal-refused", () => book.edit([{ owner: common, item: "common-address", key: "one-more", value: { subdbid: "11" } }], ""));
    const again = await restart();
    const found = again.store.items.has("common-address") ? again.store : again.other;
    t.is((await found.read(common)).length, 1_800);
  });
}
