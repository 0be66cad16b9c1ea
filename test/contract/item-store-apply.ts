/** The half of the ItemStore contract that is about what came from other machines. */
import type { TestFn } from "ava";
import type { Entry, EntryChange, EntryName } from "../../src/model/entry.ts";
import { type Create, ONE, TEN, changesOf, everything, itemStoreTests, ownerNamed, positionAt } from "./item-store-samples.ts";
import { settle } from "./manual-clock.ts";

/** When the power goes: so many steps of the program, or of the world around it, later. */
const MOMENTS = [
  ...[0, 6, 12, 25, 50].map((steps) => ({
    name: `${steps} steps`,
    passes: async (): Promise<void> => {
      for (let step = 0; step < steps; step += 1) await undefined;
    },
  })),
  ...[1, 3, 6, 12].map((turns) => ({
    name: `${turns} turns`,
    passes: async (): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await settle();
    },
  })),
];

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

  for (const moment of MOMENTS)
    it(`a loss of power ${moment.name} after apply and edit were called leaves all of each or none`, async (t, {
      store,
      other,
      restart,
    }, sample) => {
      const change = changesOf(sample);
      const names = Array.from({ length: 40 }, (_, index) => `k${index}`);
      const before = { ...change("k0"), value: sample.good("before") };
      await store.apply([before], positionAt(1), 0);
      const underWay = [
        store.apply(
          names.map((name) => change(name)),
          positionAt(2),
          0,
        ),
        other.edit([sample.foreign], ""),
        store.edit([change("e1", TEN), change("e2", TEN)], ""),
      ];
      // Whoever waits for them may never be answered, or be told that the power went.
      for (const act of underWay) act.catch((error: unknown) => t.true(error instanceof Error));
      await moment.passes();
      const again = await restart();
      const applied = again.store.appliedPosition()?.revision;
      const entries = await again.store.read(ONE);
      if (applied === 1) t.deepEqual(entries, [before]);
      else t.deepEqual([applied, entries.length], [2, names.length]);
      const edits = await again.store.editsSince(0);
      t.deepEqual(
        await again.store.read(TEN),
        edits.map(({ owner, item, key, value }) => ({ owner, item, key, value })) as readonly Entry[],
        "an edit and its values are one",
      );
      t.true(edits.length === 0 || edits.length === 2);
      const foreign = await again.other.editsSince(0);
      t.is(again.store.mark(), foreign.length + edits.length, "no mark without its edit");
      t.deepEqual(await again.store.edit([change("next")], ""), [again.store.mark()]);
    });

  it("an act under way stands in line: apply and edit take effect in the order of the calls", async (t, { store }, sample) => {
    const change = changesOf(sample);
    await Promise.all([
      store.apply([change("a", ONE, "applied"), change("b", ONE, "applied")], positionAt(4), 0),
      store.edit([change("a", ONE, "edited")], ""),
      store.apply([change("a", ONE, "too early"), change("b", ONE, "again")], positionAt(5), 0),
    ]);
    t.deepEqual(await store.read(ONE), [change("a", ONE, "edited"), change("b", ONE, "again")] as readonly Entry[]);
    t.deepEqual(
      (await store.editsSince(0)).map(({ seen }) => seen),
      [undefined],
      "what was seen is what was shown when the edit was made, not what was being applied",
    );
  });

  it("an unseen edit protects its entry, not the other entries of its owner or of its key", async (t, { store }, sample) => {
    const change = changesOf(sample);
    await store.edit([change("a", ONE, "mine")], "");
    await store.apply([change("a", ONE, "theirs"), change("aa", ONE, "theirs"), change("a", TEN, "theirs")], positionAt(1), 0);
    t.deepEqual(await everything(store), [
      change("a", ONE, "mine"),
      change("aa", ONE, "theirs"),
      change("a", TEN, "theirs"),
    ] as readonly Entry[]);
    t.deepEqual(store.appliedPosition(), positionAt(1), "the position is the module's business");
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
