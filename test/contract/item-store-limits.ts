/** The part of the ItemStore contract that is about how much a person may put into a list. */
import type { TestFn } from "ava";
import { must } from "../../src/model/assert.ts";
import type { EntryChange, EntryName } from "../../src/model/entry.ts";
import { itemOf } from "../../src/model/item.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { COMMON } from "../../src/model/owner.ts";
import { type Create, ONE, itemStoreTests, keeperOf } from "./item-store-samples.ts";
import { rejects } from "./throws.ts";

const listed = (key: number, list: string): EntryChange => ({
  owner: COMMON,
  item: "common-address",
  key: String(key),
  value: { subdbid: list },
});

export function limitsContract(test: TestFn, name: string, create: Create): void {
  const it = itemStoreTests(test, name, create);

  it("a person meets the limit of a list, and can still change and delete what is in it", async (t, fixture) => {
    const book = keeperOf(fixture, "personal-address");
    const max = must(itemOf("personal-address"), "an item").entriesMax;
    const entry = (key: number, cn = "n"): EntryChange => ({ owner: ONE, item: "personal-address", key: String(key), value: { cn } });
    await book.edit(
      Array.from({ length: max }, (_, index) => entry(index)),
      "",
    );
    await rejects(t, "hal-refused", () => book.edit([entry(max)], ""));
    await book.edit([entry(7, "other")], "");
    await book.edit([{ ...entry(8), value: undefined }, entry(max)], "");
    t.is((await book.read(ONE)).length, max);
  });

  it("one-touch buttons and the other common lists have limits of their own, and an entry may move", async (t, fixture) => {
    const book = keeperOf(fixture, "common-address");
    await book.edit(
      Array.from({ length: LIMITS.oneTouchMax }, (_, index) => listed(index, "11")),
      "",
    );
    await rejects(t, "hal-refused", () => book.edit([listed(500, "11")], ""));
    await book.edit([listed(500, "1")], "");
    await rejects(t, "hal-refused", () => book.edit([listed(500, "11")], ""));
    await book.edit([listed(7, "2"), listed(500, "11")], "");
    t.is((await book.read(COMMON)).length, LIMITS.oneTouchMax + 1);
  });

  it("the eleventh entry of a timeline pushes the oldest out: an eviction, whose edit is told all the same", async (t, fixture) => {
    const settings = keeperOf(fixture, "timeline");
    const evicted: EntryName[] = [];
    settings.onEvicted((names) => evicted.push(...names));
    const keys = Array.from({ length: LIMITS.timelineMax + 1 }, (_, index) => `t${String(index).padStart(2, "0")}`);
    for (const key of keys) await settings.edit([{ owner: ONE, item: "timeline", key, value: { job: key } }], ONE);
    t.deepEqual(evicted, [{ owner: ONE, item: "timeline", key: "t00" }]);
    t.is((await settings.read(ONE)).length, LIMITS.timelineMax);
    t.is((await settings.editsSince(0)).length, keys.length);
  });
}
