/** What every ItemStore keeps; run for the settings and for the address book of a machine. */
import type { TestFn } from "ava";
import type { LocalEdit } from "../../hal/item-store.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import type { Value } from "../../src/model/value.ts";
import { applyContract } from "./item-store-apply.ts";
import { type Create, ONE, TEN, changesOf, itemStoreTests, ownerNamed, positionAt } from "./item-store-samples.ts";
import { limitsContract } from "./item-store-limits.ts";
import { textsContract } from "./item-store-texts.ts";
import { valuesContract } from "./item-store-values.ts";
import { rejects } from "./throws.ts";

export function itemStoreContract(test: TestFn, name: string, create: Create): void {
  applyContract(test, name, create);
  textsContract(test, name, create);
  valuesContract(test, name, create);
  limitsContract(test, name, create);
  const it = itemStoreTests(test, name, create);

  it("a new machine has no owners, no edits and no position", async (t, { store }) => {
    t.deepEqual(await store.owners(), []);
    t.deepEqual(await store.read(ONE), []);
    t.is(store.mark(), 0);
    t.deepEqual(await store.editsSince(0), []);
    t.is(store.appliedPosition(), undefined);
  });

  it("an edit is read back as it was written, unknown fields included", async (t, { store, restart }, sample) => {
    const change = changesOf(sample);
    await store.edit([change("b"), change("a"), change("c")], ONE);
    const expected = ["a", "b", "c"].map((key) => change(key));
    t.deepEqual(await store.read(ONE), expected as readonly Entry[]);
    t.deepEqual(await (await restart()).store.read(ONE), expected as readonly Entry[]);
  });

  it("user:1 is not a prefix of user:10", async (t, { store }, sample) => {
    const change = changesOf(sample);
    await store.edit([change("a", TEN), change("a", ONE), change("b", TEN)], "");
    t.deepEqual(await store.owners(), [ONE, TEN]);
    t.deepEqual(
      (await store.read(ONE)).map(({ owner, key }) => `${owner} ${key}`),
      ["user:1 a"],
    );
    t.deepEqual(
      (await store.read(TEN)).map(({ owner, key }) => `${owner} ${key}`),
      ["user:10 a", "user:10 b"],
    );
  });

  it("marks rise by one across the stores of the machine, also over a restart", async (t, { store, other, restart }, sample) => {
    const change = changesOf(sample);
    t.deepEqual(await store.edit([change("a"), change("b")], ""), [1, 2]);
    t.deepEqual(await other.edit([sample.foreign], ""), [3]);
    t.is(store.mark(), 3);
    const again = await restart();
    t.is(again.store.mark(), 3);
    t.deepEqual(await again.store.edit([change("c")], ""), [4]);
    t.deepEqual(
      (await again.store.editsSince(0)).map(({ mark }) => mark),
      [1, 2, 4],
    );
    t.deepEqual(
      (await again.other.editsSince(0)).map(({ mark }) => mark),
      [3],
    );
  });

  it("edits at the same time get marks of their own, in the order of the calls", async (t, { store, other }, sample) => {
    const change = changesOf(sample);
    const marks = await Promise.all([
      store.edit([change("a")], ""),
      other.edit([sample.foreign], ""),
      store.edit([change("b"), change("c")], ""),
    ]);
    t.deepEqual(marks, [[1], [2], [3, 4]]);
  });

  it("an edit says what it saw, when and by whom", async (t, { store, time, restart }, sample) => {
    const change = changesOf(sample);
    await store.edit([change("a")], ONE);
    await store.apply([], positionAt(7), 1);
    const [, before] = [await store.edit([change("b")], "import"), time.monotonicMs()];
    const edits = await store.editsSince(0);
    t.deepEqual(
      edits.map(({ seen, by, boot }) => [seen, by, boot]),
      [
        [undefined, ONE, time.boot],
        [positionAt(7), "import", time.boot],
      ],
    );
    t.true((edits[1]?.madeAtMs ?? Number.POSITIVE_INFINITY) <= before);
    t.deepEqual(await (await restart()).store.editsSince(0), edits);
  });

  it("an edit has seen its own store's position, not the other's", async (t, { store, other }, sample) => {
    const change = changesOf(sample);
    await other.apply([], positionAt(9), 0);
    await store.edit([change("a")], "");
    await store.apply([], positionAt(2), 1);
    await store.edit([change("a")], "");
    await other.edit([sample.foreign], "");
    t.deepEqual(
      [...(await store.editsSince(0)), ...(await other.editsSince(0))].map(({ seen }) => seen?.revision),
      [undefined, 2, 9],
    );
  });

  it("an edit that waits for an apply has seen what was there before it", async (t, { store }, sample) => {
    const change = changesOf(sample);
    await store.apply([change("a")], positionAt(2), 0);
    await Promise.all([store.apply([change("a")], positionAt(3), 0), store.edit([change("a")], "")]);
    await store.edit([change("a")], "");
    t.deepEqual(
      (await store.editsSince(0)).map(({ seen }) => seen?.revision),
      [2, 3],
    );
  });

  it("a store tells of its own edits only, and in the order of their marks", async (t, { store, other }, sample) => {
    const change = changesOf(sample);
    const heard: string[] = [];
    for (const [name, one] of [["store", store] as const, ["other", other] as const]) {
      one.onEdit((edits) => heard.push(...edits.map(({ mark }) => `${name} ${mark}`)));
    }
    await Promise.all([store.edit([change("a")], ""), other.edit([sample.foreign], ""), store.edit([change("b")], "")]);
    t.deepEqual(heard, ["store 1", "other 2", "store 3"]);
  });

  it("what listeners hear is what is read afterwards", async (t, { store, other }, sample) => {
    const change = changesOf(sample);
    const heard: LocalEdit[] = [];
    for (const one of [store, other]) one.onEdit((edits) => heard.push(...edits));
    await store.apply([change("shown")], positionAt(3), 0);
    await store.edit([change("a"), { ...change("b"), value: undefined }], "somebody");
    await other.edit([sample.foreign], "");
    t.deepEqual(heard, [...(await store.editsSince(0)), ...(await other.editsSince(0))]);
  });

  it("an edit is all or nothing: what does not fit is named, and nothing is kept, told or marked", async (t, { store }, sample) => {
    const change = changesOf(sample);
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
    const change = changesOf(sample);
    await store.edit([change("a"), change("b")], "");
    await store.edit([{ ...change("a"), value: undefined }], "");
    t.deepEqual(
      (await store.read(ONE)).map(({ key }) => key),
      ["b"],
    );
    t.deepEqual(
      await store.edit(
        [
          { ...change("b"), value: undefined },
          { ...change("never"), value: undefined },
        ],
        "",
      ),
      [4, 5],
    );
    t.deepEqual(await store.owners(), []);
    const again = await restart();
    t.deepEqual(await again.store.owners(), []);
    t.deepEqual(
      (await again.store.editsSince(2)).map(({ key, value }) => [key, value]),
      [
        ["a", undefined],
        ["b", undefined],
        ["never", undefined],
      ],
    );
  });

  it("the same entry twice in one act: both are edits, the later one stands", async (t, { store }, sample) => {
    const change = changesOf(sample);
    t.deepEqual(await store.edit([change("a", ONE, "first"), change("a", ONE, "second")], ""), [1, 2]);
    t.deepEqual(await store.read(ONE), [change("a", ONE, "second") as Entry]);
    t.is((await store.editsSince(0)).length, 2);
  });

  it("listeners hear of an edit when it is durable and before it resolves, not on registering, not after the end of it", async (t, {
    store,
  }, sample) => {
    const change = changesOf(sample);
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
    const change = changesOf(sample);
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
    const change = changesOf(sample);
    await store.edit([change("a"), change("b")], "");
    await other.edit([sample.foreign], "");
    await store.edit([change("c")], "");
    t.deepEqual(
      (await store.editsSince(1)).map(({ key }) => key),
      ["b", "c"],
    );
    await store.forgetEdits(2);
    await store.forgetEdits(2);
    const again = await restart();
    t.deepEqual(
      (await again.store.editsSince(0)).map(({ key }) => key),
      ["c"],
    );
    t.is((await again.other.editsSince(0)).length, 1, "the other store keeps its own");
    t.is((await again.store.read(ONE)).length, 3, "forgetting edits takes no entries away");
    t.is(again.store.mark(), 4);
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
    await rejects(t, "hal-refused", () =>
      book.edit([{ owner: common, item: "common-address", key: "one-more", value: { subdbid: "3" } }], ""),
    );
    await rejects(t, "hal-refused", () =>
      book.edit([{ owner: common, item: "common-address", key: "one-more", value: { subdbid: "11" } }], ""),
    );
    const again = await restart();
    const found = again.store.items.has("common-address") ? again.store : again.other;
    t.is((await found.read(common)).length, 1_800);
  });
}
