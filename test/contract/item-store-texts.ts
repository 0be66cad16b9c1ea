/** The part of the ItemStore contract that is about values which come as text. */
import type { TestFn } from "ava";
import type { AppliedChange } from "../../hal/item-store.ts";
import type { Entry, EntryChange } from "../../src/model/entry.ts";
import { must } from "../../src/model/assert.ts";
import { type Create, changesOf, everything, itemStoreTests, ONE, positionAt, TEN } from "./item-store-samples.ts";

/** As the module tells it. */
const inText = (change: EntryChange): AppliedChange & { readonly text: Uint8Array } => {
  const text = Buffer.from(JSON.stringify(change.value));
  const { owner, item, key } = change;
  return {
    owner,
    item,
    key,
    text,
    get value() {
      return JSON.parse(text.toString()) as EntryChange["value"];
    },
  };
};

export function textsContract(test: TestFn, name: string, create: Create): void {
  const it = itemStoreTests(test, name, create);

  it("a value that comes as text is the value, beside others and over them, and its bytes may be used again", async (t, fixture, sample) => {
    const { store, restart } = fixture;
    const plain = (key: string, owner = ONE, text = key): EntryChange => {
      const value = JSON.parse(JSON.stringify(sample.good(text))) as EntryChange["value"];
      return { ...changesOf(sample)(key, owner), value };
    };
    const texts = ["a", "b", "c", "d", 'e\u00fc"\\'].map((key) => inText(plain(key)));
    const alone = inText(plain("f", TEN));
    t.deepEqual(await store.apply([...texts.slice(0, 3), plain("m"), ...texts.slice(3), alone], positionAt(1), 0), []);
    for (const { text } of [...texts, alone]) text.fill(0x20);
    const expected = [...["a", "b", "c", "d", 'e\u00fc"\\', "m"].map((key) => plain(key)), plain("f", TEN)];
    t.deepEqual(await everything(store), expected as readonly Entry[]);
    const later = [inText(plain("b", ONE, "later")), { ...plain("c"), value: undefined }];
    await store.apply(later, positionAt(2), 0);
    const left = expected.filter(({ key }) => key !== "c").map((change) => (change.key === "b" ? plain("b", ONE, "later") : change));
    t.deepEqual(await everything((await restart()).store), left as readonly Entry[]);
  });

  it("what a store does not take it does not take as text either, and nothing is heard of the value", async (t, {
    store,
    lose,
  }, sample) => {
    const change = changesOf(sample);
    const refused = await store.apply([inText({ ...change("bad"), value: sample.bad }), inText(sample.foreign)], positionAt(1), 0);
    t.deepEqual(
      refused.map(({ key }) => key),
      ["bad", sample.foreign.key],
    );
    t.false(refused.some((entry) => "text" in entry || "value" in entry));
    if (lose === undefined) return;
    lose(sample.item);
    t.is(must((await store.apply([inText(change("lost"))], positionAt(2), 0))[0], "one").key, "lost");
    t.deepEqual(await store.owners(), []);
  });
}
