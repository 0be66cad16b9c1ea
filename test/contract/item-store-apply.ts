/** The half of the ItemStore contract that is about what came from other machines. */
import type { TestFn } from "ava";
import type { Entry, EntryChange, EntryName } from "../../src/model/entry.ts";
import { type Create, ONE, TEN, changesOf, everything, itemStoreTests, ownerNamed, positionAt } from "./item-store-samples.ts";

export function applyContract(test: TestFn, name: string, create: Create): void {
  const it = itemStoreTests(test, name, create);

  it("apply is durable with its position, and is no edit (no echo)", async (t, { store, other, restart }, sample) => {
    const change = changesOf(sample);
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
    const change = changesOf(sample);
    await store.apply([change("a")], positionAt(3), 0);
    await store.apply([change("b"), { ...change("a"), value: undefined }], undefined, 0);
    const again = await restart();
    t.deepEqual(again.store.appliedPosition(), positionAt(3));
    t.deepEqual(
      (await again.store.read(ONE)).map(({ key }) => key),
      ["b"],
    );
  });

  it("apply leaves an entry as it is while the module has not seen its edit", async (t, { store, restart }, sample) => {
    const change = changesOf(sample);
    await store.edit([change("a", ONE, "mine"), change("gone", ONE, "mine")], "");
    await store.edit([{ ...change("gone"), value: undefined }], "");
    t.deepEqual(
      await store.apply([change("a", ONE, "theirs"), change("gone", ONE, "theirs"), change("b", ONE, "theirs")], positionAt(1), 0),
      [],
    );
    t.deepEqual(await store.read(ONE), [change("a", ONE, "mine"), change("b", ONE, "theirs")] as readonly Entry[]);
    const again = await restart();
    await again.store.apply([change("a", ONE, "theirs"), change("gone", ONE, "theirs")], positionAt(2), 2);
    t.deepEqual(
      await again.store.read(ONE),
      [change("a", ONE, "theirs"), change("b", ONE, "theirs")] as readonly Entry[],
      "mark 3 is still unseen",
    );
    await again.store.apply([change("gone", ONE, "theirs")], positionAt(3), 3);
    t.is((await again.store.read(ONE)).length, 3);
  });

  it("an edit that was forgotten is one that the module has seen", async (t, { store }, sample) => {
    const change = changesOf(sample);
    await store.edit([change("a", ONE, "mine")], "");
    await store.forgetEdits(1);
    await store.apply([change("a", ONE, "theirs")], positionAt(1), 1);
    t.deepEqual(await store.read(ONE), [change("a", ONE, "theirs") as Entry]);
  });

  it("apply names what the machine cannot take, and applies the rest", async (t, { store }, sample) => {
    const change = changesOf(sample);
    const strange: readonly EntryChange[] = [
      { ...change("x"), item: "of-tomorrow" },
      sample.foreign,
      { ...change("bad"), value: sample.bad },
      change("a", ownerNamed("group:1")),
      change("a\u0000b"),
    ];
    const notApplied = await store.apply([change("a"), ...strange, change("b")], positionAt(9), 0);
    t.deepEqual(
      notApplied.map(({ owner, item, key }) => ({ owner, item, key })),
      strange.map(({ owner, item, key }) => ({ owner, item, key })),
    );
    for (const { reason } of notApplied) t.true(reason.length > 10, reason);
    t.deepEqual(
      (await store.read(ONE)).map(({ key }) => key),
      ["a", "b"],
    );
    t.deepEqual(store.appliedPosition(), positionAt(9));
  });

  it("values that the machine's options do not support are named, and deletions of them are not", async (t, { store, lose }, sample) => {
    if (lose === undefined) return t.pass();
    const change = changesOf(sample);
    await store.apply([change("a")], positionAt(1), 0);
    lose(sample.item);
    const notApplied = await store.apply([change("b"), { ...change("a"), value: undefined }], positionAt(2), 0);
    t.deepEqual(
      notApplied.map(({ key }) => key),
      ["b"],
    );
    t.deepEqual(await store.owners(), []);
  });

  it("an eviction is no deletion and no edit: the oldest go, and are named", async (t, { store, shrink, restart }, sample) => {
    if (shrink === undefined) return t.pass();
    const change = changesOf(sample);
    const evicted: EntryName[] = [];
    const end = store.onEvicted((names) => evicted.push(...names));
    store.onEdit(() => t.fail("an eviction is no edit"));
    shrink(sample.item, 3);
    await store.apply(
      ["z", "y", "x"].map((key) => change(key)),
      positionAt(1),
      0,
    );
    await store.apply([change("z", ONE, "newer")], positionAt(2), 0);
    t.deepEqual(evicted, [], "as many as it can take are not too many");
    t.deepEqual(await store.apply([change("w"), change("v"), change("a", TEN)], positionAt(3), 0), [], "they were applied");
    t.deepEqual(
      evicted,
      ["y", "x"].map((key) => ({ owner: ONE, item: sample.item, key })),
    );
    end();
    const again = await restart();
    t.deepEqual(
      (await again.store.read(ONE)).map(({ key }) => key),
      ["v", "w", "z"],
    );
    t.deepEqual(
      (await again.store.read(TEN)).map(({ key }) => key),
      ["a"],
      "each owner for itself",
    );
    t.deepEqual(await again.store.editsSince(0), []);
    t.is(again.store.mark(), 0);
  });
}
