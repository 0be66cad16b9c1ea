import test, { type ExecutionContext } from "ava";
import type { EntryChange } from "../../src/model/entry.ts";
import { type ItemDefinition, ITEMS, MANY } from "../../src/model/item.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Value } from "../../src/model/value.ts";
import { CLIENT_HISTORY } from "../../src/store/history.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { lostAt } from "./durable.ts";
import { address, ALICE, button, COMMON, SALES } from "./entries.ts";

/** What a configuration of the scenarios has for the items whose number no manual names. */
const FEW = 3;
const OWNERS = { user: ALICE, group: SALES, common: COMMON } as const;
const VALUES: { readonly [item in ItemDefinition["id"]]?: (name: string) => Value } = {
  "personal-button": button,
  shortcut: button,
  "shared-button": button,
  "personal-address": address,
  "group-address": address,
};

const sampleOf = ({ id }: ItemDefinition, name: string): Value => VALUES[id]?.(name) ?? { name };
const countAt = async (fleet: Fleet, name: string, owner: string, item: string): Promise<number> => {
  const { settings, addressBook } = fleet.at(name).hal;
  const store = settings.items.has(item) ? settings : addressBook;
  return (await fleet.until(store.read(ownerNamed(owner)))).filter((entry) => entry.item === item).length;
};

const isTold = (fleet: Fleet, name: string, code: string): boolean =>
  fleet.at(name).log.some((record) => record.level === "Error" && record.code === code);

const withMany = ITEMS.filter(({ keys, id }) => keys !== "single" && id !== "timeline" && id !== "common-address");

for (const item of withMany) {
  test(`M17 B02 ${item.id}: as many entries as there may be, one more is refused, told to both sides, and in the history`, async (t) => {
    t.is(item.entriesMax, MANY, "no manual names a number: the configuration does");
    const owner = OWNERS[item.ownedBy];
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { capacities: { [item.id]: FEW } } });
    for (let n = 1; n <= FEW; n += 1) await fleet.at("a").edit(owner, item.id, `k${n}`, sampleOf(item, `v${n}`));
    await fleet.settle();
    t.is(await countAt(fleet, "b", owner, item.id), FEW);
    await fleet.at("a").edit(owner, item.id, "more", sampleOf(item, "more"));
    await fleet.settle();
    for (const name of ["a", "b"]) t.is(await fleet.at(name).read(owner, item.id, "more"), undefined, name);
    for (const name of ["s", "a"]) t.true(isTold(fleet, name, "too-many-entries"), name);
    const lost = await lostAt(fleet, "a", CLIENT_HISTORY);
    t.deepEqual(
      lost.map(({ key, because }) => [key, because]),
      [["more", "too-many-entries"]],
    );
    // What stands can still be changed, and what is deleted makes room.
    await fleet.at("b").edit(owner, item.id, "k1", sampleOf(item, "changed"));
    await fleet.at("b").delete(owner, item.id, "k2");
    await fleet.at("b").edit(owner, item.id, "k4", sampleOf(item, "v4"));
    await fleet.settle();
    t.deepEqual(await fleet.everywhere(owner, item.id, "k4"), sampleOf(item, "v4"));
    t.deepEqual(await fleet.everywhere(owner, item.id, "k1"), sampleOf(item, "changed"));
    t.is(await countAt(fleet, "a", owner, item.id), FEW);
  });
}

test("M17 each owner has room of its own", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { capacities: { shortcut: 1 } } });
  for (const user of ["user:alice", "user:bob"]) await fleet.at("a").edit(user, "shortcut", "k", button("x"));
  await fleet.settle();
  for (const user of ["user:alice", "user:bob"]) t.deepEqual(await fleet.everywhere(user, "shortcut", "k"), button("x"));
});

test("M17 timeline: of what machines set while apart the ten newest stand, the same on all of them", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], config: { scopes: { timeline: "shared" } } });
  for (const name of ["a", "b"]) fleet.at(name).unplug();
  await fleet.advance(30_000);
  for (let n = 1; n <= 6; n += 1) {
    for (const name of ["a", "b"]) await fleet.at(name).edit(ALICE, "timeline", `${name}${n}`, { n });
    await fleet.advance(1_000);
  }
  for (const name of ["b", "a"]) fleet.at(name).plug();
  await fleet.settle();
  for (const name of ["a", "b"]) t.is(await countAt(fleet, name, ALICE, "timeline"), LIMITS.timelineMax, name);
  for (const name of ["a", "b"]) t.is(await fleet.everywhere(ALICE, "timeline", `${name}1`), undefined, "the oldest went");
});

test("M17 an item of one entry takes no second one", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  for (const { id } of ITEMS.filter(({ keys }) => keys === "single"))
    await t.throwsAsync(fleet.at("a").edit(ALICE, id, "second", "x"), { message: /the item has one entry/ }, id);
});

/** One short of the limit everywhere; then a and b each add one more while apart. */
async function fillApart(t: ExecutionContext, max: number, entry: (n: number | string) => Value): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const changes = Array.from(
    { length: max - 1 },
    (_, n): EntryChange => ({ owner: ownerNamed(COMMON), item: "common-address", key: `k${n}`, value: entry(n + 1) }),
  );
  await fleet.at("a").editAll(changes);
  await fleet.settle();
  t.is(await countAt(fleet, "b", COMMON, "common-address"), max - 1);
  for (const name of ["a", "b"]) {
    fleet.at(name).unplug();
    await fleet.advance(30_000);
    await fleet.at(name).edit(COMMON, "common-address", `of ${name}`, entry(`of ${name}`));
  }
  for (const name of ["a", "b"]) {
    fleet.at(name).plug();
    await fleet.advance(30_000);
  }
  await fleet.settle();
  return fleet;
}

test("M17 common-address: 1,600 in lists 1-10 and the administrator list together; every destination counts one, a group and its members too", async (t) => {
  // Destinations of several lists, and a group (1) with the e-mail that is its member (2): together two.
  const entry = (n: number | string): Value =>
    n === 2
      ? { subdbid: "1", objectclass: "groupfids", cn: "group", member: "k0" }
      : address(`p${n}`, String(typeof n === "number" ? (n % 10) + 1 : 12));
  const fleet = await fillApart(t, LIMITS.commonAddressesMax, entry);
  for (const name of ["a", "b"]) t.is(await countAt(fleet, name, COMMON, "common-address"), LIMITS.commonAddressesMax, name);
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "of a"), entry("of a"), "it came first");
  t.is(await fleet.everywhere(COMMON, "common-address", "of b"), undefined);
  for (const name of ["s", "b"]) t.true(isTold(fleet, name, "too-many-entries"), name);
  t.deepEqual(
    (await lostAt(fleet, "b", CLIENT_HISTORY)).map(({ key, because }) => [key, because]),
    [["of b", "too-many-entries"]],
  );
  await fleet.at("b").edit(COMMON, "common-address", "one-touch", { ...Object(address("x", "11")), indxid: "1" });
  await fleet.settle();
  t.not(await fleet.everywhere(COMMON, "common-address", "one-touch"), undefined, "one-touch buttons are counted by themselves");
});

test("B01 M13 M17 B02 B05 a list that a join supplies and that does not fit as a whole: what is left out is said on that machine, with the reason", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const fill = async (name: string, list: string): Promise<void> => {
    for (let from = 0; from < 900; from += 300)
      await fleet.at(name).editAll(
        Array.from({ length: 300 }, (_, n) => ({
          owner: ownerNamed(COMMON),
          item: "common-address",
          key: `${name}${from + n}`,
          value: address(`p${from + n}`, list),
        })),
      );
  };
  await fill("a", "1");
  await fill("b", "2");
  await fleet.settle();
  const b = fleet.at("b");
  // The preview says it before it is so (B01).
  await b.startClient(fleet.at("s").address);
  const shown = await fleet.until(b.administration.preview({ owner: ownerNamed(COMMON) }));
  if ("word" in shown) return t.fail(shown.word);
  t.like(
    shown.holdings.filter(({ list }) => list === "2"),
    [{ outcome: "supplied", here: 900, there: 0, lost: 200 }],
  );
  const foreseen = shown.entries?.flatMap(({ key, outcome }) => (outcome === "left-out" ? [key] : [])).sort();
  await b.restart();
  await fleet.settle();
  t.is(await countAt(fleet, "b", COMMON, "common-address"), LIMITS.commonAddressesMax);
  const lost = await lostAt(fleet, "b", CLIENT_HISTORY);
  t.is(lost.length, 200);
  t.deepEqual(lost.map(({ key }) => key).sort(), foreseen);
  t.true(lost.every(({ because }) => because === "too-many-entries"));
  for (const name of ["s", "b"]) t.true(isTold(fleet, name, "too-many-entries"), name);
  t.is(b.status?.lost, 200);
  t.deepEqual(await fleet.until(b.administration.attention()), [{ kind: "lost", records: 200 }]);
});

test("M32 two hundred entries that a full list refuses are a line or two of the log on the server machine, and on theirs, with their number", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const fill = (name: string, names: string, count: number) => {
    const addressOf = (n: number) => ({ owner: ownerNamed(COMMON), item: "common-address", key: `${names}${n}`, value: address("p", "1") });
    return fleet.at(name).editAll(Array.from({ length: count }, (_, n) => addressOf(n)));
  };
  fleet.at("b").unplug();
  for (const names of ["w", "x", "y", "z"]) await fill("a", names, LIMITS.commonAddressesMax / 4);
  await fleet.settle();
  await fill("b", "b", 200);
  fleet.at("b").plug();
  await fleet.settle();
  for (const name of ["s", "b"]) {
    const lines = fleet.at(name).log.filter(({ code }) => code === "too-many-entries");
    t.true(lines.length <= 2, `${name}: a line for each push`);
    t.is(
      lines.reduce((sum, { text }) => sum + 1 + Number(/and (\d+) more/.exec(text)?.[1]), 0),
      200,
      name,
    );
  }
  t.is((await lostAt(fleet, "b", CLIENT_HISTORY)).length, 200);
});

test("M17 common-address: 200 one-touch buttons, counted by themselves", async (t) => {
  const entry = (n: number | string): Value => ({
    ...Object(address(`p${n}`, "11")),
    indxid: typeof n === "number" ? String(n) : String(LIMITS.oneTouchMax),
  });
  const fleet = await fillApart(t, LIMITS.oneTouchMax, entry);
  for (const name of ["a", "b"]) t.is(await countAt(fleet, name, COMMON, "common-address"), LIMITS.oneTouchMax, name);
  t.is(await fleet.everywhere(COMMON, "common-address", "of b"), undefined);
  for (const name of ["s", "b"]) t.true(isTold(fleet, name, "too-many-entries"), name);
  t.deepEqual(
    (await lostAt(fleet, "b", CLIENT_HISTORY)).map(({ key, because }) => [key, because]),
    [["of b", "too-many-entries"]],
  );
});

test("M17 group-address: fifty groups have an address list; for the next one there is room when a list is empty", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const group = (n: number): string => `group:${n}`;
  for (let n = 1; n <= LIMITS.groupListsMax + 1; n += 1) await fleet.at("a").edit(group(n), "group-address", "g", address(`g${n}`));
  await fleet.settle();
  const last = group(LIMITS.groupListsMax + 1);
  t.deepEqual(await fleet.everywhere(group(LIMITS.groupListsMax), "group-address", "g"), address(`g${LIMITS.groupListsMax}`));
  t.is(await fleet.everywhere(last, "group-address", "g"), undefined);
  for (const name of ["s", "a"]) t.true(isTold(fleet, name, "too-many-lists"), name);
  t.deepEqual(
    (await lostAt(fleet, "a", CLIENT_HISTORY)).map(({ owner, because }) => [owner, because]),
    [[ownerNamed(last), "too-many-lists"]],
  );
  await fleet.at("b").edit(group(1), "group-address", "second", address("second"));
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(group(1), "group-address", "second"), address("second"), "a list that is there goes on");
  await fleet.at("b").delete(group(2), "group-address", "g");
  await fleet.at("b").edit(last, "group-address", "g", address("now"));
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(last, "group-address", "g"), address("now"));
});

test("M17 M13 a list that a joining machine brings and for which there is no room stays on the machine, and is taken when there is", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  for (let n = 1; n <= LIMITS.groupListsMax; n += 1) await fleet.at("a").edit(`group:${n}`, "group-address", "g", address(`g${n}`));
  await fleet.at("b").edit("group:99", "group-address", "g", address("g99"));
  await fleet.settle();
  await fleet.join("b");
  t.deepEqual(await fleet.at("b").read("group:99", "group-address", "g"), address("g99"));
  t.is(await fleet.at("a").read("group:99", "group-address", "g"), undefined);
  await fleet.at("a").delete("group:1", "group-address", "g");
  await fleet.settle();
  await fleet.at("b").restart();
  await fleet.settle();
  t.deepEqual(await fleet.everywhere("group:99", "group-address", "g"), address("g99"));
});
