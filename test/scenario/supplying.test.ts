import test from "ava";
import { ITEMS, type ItemDefinition } from "../../src/model/item.ts";
import type { Value } from "../../src/model/value.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, COMMON, LANGUAGE, SALES, address, button } from "./entries.ts";

const LISTS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"] as const;
const OWNERS = { user: ALICE, group: SALES, common: COMMON } as const;

/** A value that the item takes, told apart by `name`. */
function sampleOf({ id, heldIn }: ItemDefinition, name: string): Value {
  if (id === "display-language") return name === "ours" ? "de" : "fr";
  if (heldIn === "address-book") return address(name);
  return button(name);
}

const keyOf = ({ keys }: ItemDefinition): string => (keys === "single" ? "" : "k1");

test("M13 what only the joining machine holds is taken over whole: every item there is, of a user, a group and in common", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  for (const item of ITEMS) await fleet.at("b").edit(OWNERS[item.ownedBy], item.id, keyOf(item), sampleOf(item, "ours"));
  await fleet.join("b");
  for (const item of ITEMS)
    t.deepEqual(await fleet.everywhere(OWNERS[item.ownedBy], item.id, keyOf(item)), sampleOf(item, "ours"), item.id);
  t.deepEqual(await fleet.at("b").history(), [], "nothing of it was lost");
});

test("M12 what both hold is the server's, every item of it, and this machine's own is in its history", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  for (const item of ITEMS) {
    await fleet.at("a").edit(OWNERS[item.ownedBy], item.id, keyOf(item), sampleOf(item, "theirs"));
    await fleet.at("b").edit(OWNERS[item.ownedBy], item.id, keyOf(item), sampleOf(item, "ours"));
  }
  await fleet.settle();
  await fleet.join("b");
  for (const item of ITEMS)
    t.deepEqual(await fleet.everywhere(OWNERS[item.ownedBy], item.id, keyOf(item)), sampleOf(item, "theirs"), item.id);
  t.deepEqual((await fleet.at("b").history()).map(({ item }) => item).sort(), ITEMS.map(({ id }) => id).sort());
});

test("M12 M13 each common list and the shared buttons are taken or supplied on their own", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const isOdd = (list: string) => Number(list) % 2 === 1;
  for (const list of LISTS.filter(isOdd)) await fleet.at("a").edit(COMMON, "common-address", `a${list}`, address(`a${list}`, list));
  await fleet.at("a").edit(COMMON, "shared-button", "a", button("a"));
  await fleet.settle();
  for (const list of LISTS) await fleet.at("b").edit(COMMON, "common-address", `b${list}`, address(`b${list}`, list));
  await fleet.at("b").edit(COMMON, "shared-button", "b", button("b"));
  await fleet.join("b");
  for (const list of LISTS) {
    const [theirs, ours] = await Promise.all(["a", "b"].map((name) => fleet.everywhere(COMMON, "common-address", `${name}${list}`)));
    t.deepEqual(
      [theirs, ours],
      isOdd(list) ? [address(`a${list}`, list), undefined] : [undefined, address(`b${list}`, list)],
      `list ${list}`,
    );
  }
  t.deepEqual(await fleet.everywhere(COMMON, "shared-button", "a"), button("a"));
  t.is(await fleet.everywhere(COMMON, "shared-button", "b"), undefined);
});

test("M12 an owner whose entries were all deleted is held by the server still: a joining machine's data of it is replaced by nothing", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("a").delete(ALICE, ...LANGUAGE);
  await fleet.settle();
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.at("b").edit(ALICE, "personal-button", "x", button("x"));
  await fleet.join("b");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
  t.is(await fleet.everywhere(ALICE, "personal-button", "x"), undefined);
  t.is((await fleet.at("b").history(ALICE)).length, 2);
});

test("M13 killed after any of its writes, the server has taken an owner over whole or not at all, and the join comes to its end", async (t) => {
  for (let writes = 1; writes <= 8; writes += 1) {
    const fleet = await Fleet.start({ seed: writes, server: "s", clients: ["a"], others: ["b"] });
    const [s, b] = [fleet.at("s"), fleet.at("b")];
    await b.edit(ALICE, ...LANGUAGE, "de");
    await b.edit(ALICE, "personal-address", "p", address("friend"));
    await b.edit(BOB, ...LANGUAGE, "it");
    await b.startClient(s.address);
    let left = writes;
    s.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) s.kill();
    };
    void b.restartSoon();
    await fleet.advance(15_000);
    s.moduleDisk.onDurable = undefined;
    if (!s.on) await s.switchOn();
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", `killed after write ${writes}`);
    t.deepEqual(await fleet.everywhere(ALICE, "personal-address", "p"), address("friend"), `killed after write ${writes}`);
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", `killed after write ${writes}`);
  }
});

test("M14 the first complete offer that is durable supplies: one that was cut half-way counts for nothing", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a", "b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  // More than one piece, of bytes that do not deflate.
  const many = Array.from({ length: 30 }, (_, index) => ({
    owner: ALICE as never,
    item: "personal-address",
    key: `k${index}`,
    value: { cn: "of b", icon: Uint8Array.from({ length: 12_000 }, (_, at) => (at * 2_654_435_761 + index * 97 + at * at) >>> 13) },
  }));
  await b.editAll(many);
  await a.edit(ALICE, ...LANGUAGE, "fr");
  for (const machine of [a, b]) await machine.startClient(s.address);
  fleet.network.onMessage(({ from, message }) => {
    if (from === "b" && message.body.kind === "offer" && message.body.part === 0) fleet.network.unplug("b");
  });
  void b.restartSoon();
  await fleet.when(
    () => fleet.wiretap.messages.some(({ from, message }) => from === "b" && message.body.kind === "offer"),
    60_000,
    "an offer",
  );
  await a.restart();
  await fleet.when(() => a.status?.client?.state === "synchronized", 60_000, "a");
  b.plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(ALICE, "personal-address", "k0"), undefined);
  t.true((await b.history(ALICE)).length >= many.length, "b has its own in its history");
});

test("M14 who supplies an owner depends on who came first, not on anybody's clock and not on anybody's identity", async (t) => {
  const YEARS = 20 * 365 * 24 * 3600_000;
  for (const [first, second] of [
    ["a", "b"],
    ["b", "a"],
  ] as const) {
    for (const offsetMs of [-YEARS, 0, YEARS]) {
      const clocks = { [first]: { offsetMs, driftPpm: 200 }, [second]: { offsetMs: -offsetMs, driftPpm: -200 } };
      const fleet = await Fleet.start({ server: "s", others: ["a", "b"], clocks });
      await fleet.at(second).edit(ALICE, ...LANGUAGE, "it");
      await fleet.at(first).edit(ALICE, ...LANGUAGE, "de");
      await fleet.join(first);
      await fleet.join(second);
      t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de", `${first} came first, its clock ${offsetMs} ms off`);
    }
  }
});

test("M15 M13 an owner that is deleted while a machine joins is on every machine or on none", async (t) => {
  for (let waitMs = 0; waitMs <= 240; waitMs += 40) {
    const fleet = await Fleet.start({
      seed: waitMs,
      server: "s",
      clients: ["a"],
      others: ["b"],
      weather: { latencyMsMin: 5, latencyMsMax: 60, loss: 0, duplicates: 0 },
    });
    const [s, b] = [fleet.at("s"), fleet.at("b")];
    await b.edit(ALICE, ...LANGUAGE, "de");
    await fleet.at("a").edit(BOB, ...LANGUAGE, "fr");
    await b.edit(BOB, ...LANGUAGE, "it");
    await b.startClient(s.address);
    void b.restartSoon();
    await fleet.when(() => b.status?.client?.state === "joining", 60_000, "a join");
    await fleet.advance(waitMs);
    for (const owner of [ALICE, BOB]) void s.administration.deleteOwner(owner as never);
    await fleet.settle();
    for (const owner of [ALICE, BOB]) {
      const shown = await fleet.everywhere(owner, ...LANGUAGE);
      t.true(shown === undefined || typeof shown === "string", `${owner}, deleted ${waitMs} ms into the join: ${JSON.stringify(shown)}`);
    }
    // b supplies a deleted owner where the deletion came before its base (it joins anew); what a had is gone for good.
    t.not(await fleet.everywhere(BOB, ...LANGUAGE), "fr", `deleted ${waitMs} ms into the join`);
  }
});

test("M16 M35 after a join all go on as one fleet: three machines edit, delete and log in, and all see the same", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"], others: ["b"] });
  await fleet.at("b").edit(ALICE, "personal-button", "x", button("x"));
  await fleet.join("b");
  await fleet.at("s").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(ALICE, "personal-button", "x", button("changed"));
  await fleet.at("b").edit(ALICE, "personal-button", "y", button("y"));
  await fleet.settle();
  await fleet.at("s").delete(ALICE, "personal-button", "y");
  await fleet.settle();
  for (const name of ["s", "a", "b"]) {
    const machine = fleet.at(name);
    await machine.login(ALICE);
    t.is(await machine.read(ALICE, ...LANGUAGE), "fr", name);
    t.deepEqual(await machine.read(ALICE, "personal-button", "x"), button("changed"), name);
    t.is(await machine.read(ALICE, "personal-button", "y"), undefined, name);
    await machine.logout();
  }
});

test("B03 of three edits made apart the one made last wins, in whatever order the machines come back", async (t) => {
  const machines = ["a", "b", "c"] as const;
  const orders = machines.flatMap((x) =>
    machines.flatMap((y) => machines.flatMap((z) => (new Set([x, y, z]).size === 3 ? [[x, y, z]] : []))),
  );
  for (const order of orders) {
    const fleet = await Fleet.start({
      server: "s",
      clients: machines,
      clocks: { b: { offsetMs: -1e11, driftPpm: 0 }, c: { offsetMs: 1e11, driftPpm: 0 } },
    });
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
    await fleet.settle();
    for (const name of machines) fleet.at(name).unplug();
    await fleet.advance(5_000);
    await fleet.at("c").edit(ALICE, ...LANGUAGE, "fr");
    await fleet.advance(2_000);
    await fleet.at("b").delete(ALICE, ...LANGUAGE);
    await fleet.advance(2_000);
    await fleet.at("a").edit(ALICE, ...LANGUAGE, "it");
    for (const name of order) {
      fleet.at(name).plug();
      await fleet.settle();
    }
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "it", order.join(" "));
    const lost = (await Promise.all(machines.map((name) => fleet.at(name).history(ALICE)))).flat();
    t.true(lost.every(({ value }) => value !== "it"));
  }
});
