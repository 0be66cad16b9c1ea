/** The rules about items, one test for each row of the table of items: a new item is a new row there, and tested here. */
import test from "ava";
import { type ItemDefinition, ITEMS } from "../../src/model/item.ts";
import { isFields, type Value } from "../../src/model/value.ts";
import { Fleet } from "../fleet/fleet.ts";
import { address, ALICE, BOB, button, COMMON, SALES } from "./entries.ts";

const SELECTABLE = ITEMS.filter(({ scopeSelectable }) => scopeSelectable);
/** The rows with a footnote of the manual, so that a row that loses one is noticed. */
const CHOSEN = ["timeline", "default-job-settings", "previous-settings"];
const WITHHOLDING = ["default-job-settings", "previous-settings"];

const OWNERS = { user: ALICE, group: SALES, common: COMMON } as const;
const ownerOf = ({ ownedBy }: ItemDefinition): string => OWNERS[ownedBy];
const keyOf = ({ keys }: ItemDefinition): string => (keys === "many" ? "k" : "");
const device = (item: ItemDefinition) => ({ [item.id]: "device-specific" }) as const;
const shared = (item: ItemDefinition) => ({ [item.id]: "shared" }) as const;

/** A value that fits the item, another one for each number; "SECRET-" and "PLACE-" are looked for on the wire. */
function sampleOf(item: ItemDefinition, number: number): Value {
  const fields: Value = {
    ...(item.heldIn === "address-book" ? (address(`name ${number}`) as object) : {}),
    copies: number,
    ...Object.fromEntries(item.secretFields.map((field) => [field, `SECRET-${number}`])),
    ...(item.secret ? { password: `SECRET-${number}` } : {}),
    ...Object.fromEntries(item.withheldFields.map((field) => [field, `PLACE-${number}`])),
  };
  const candidates: readonly Value[] = [fields, button(`b ${number}`), `x-${number}`];
  const fitting = candidates.find((value) => item.fault(value) === undefined);
  if (fitting === undefined) throw new Error(`${item.id}: no value of the test fits it; add one`);
  return fitting;
}

/** What of a value reaches another machine. */
const travelled = (value: Value, item: ItemDefinition): Value =>
  isFields(value) ? Object.fromEntries(Object.entries(value).filter(([field]) => !item.withheldFields.includes(field))) : value;

/** Whether a text was ever said on the wire, in clear. */
const wasSaid = (fleet: Fleet, text: string): boolean =>
  fleet.wiretap.messages.some(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text));

test("M17 the manual's footnotes stand in the table: whose scope can be chosen, and whose destinations stay", (t) => {
  t.deepEqual(
    SELECTABLE.map(({ id }) => id),
    CHOSEN,
  );
  t.deepEqual(
    ITEMS.filter(({ withheldFields }) => withheldFields.length > 0).map(({ id }) => id),
    WITHHOLDING,
  );
  t.true(
    ITEMS.every(({ scope }) => scope === "shared"),
    "until an administrator says otherwise",
  );
});

for (const item of ITEMS) {
  const [owner, key] = [ownerOf(item), keyOf(item)];

  test(`M16 M21 M35 ${item.id}: what is set on one machine is on all others, but for what stays on its machine`, async (t) => {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(owner, item.id, key, sampleOf(item, 1));
    await fleet.settle();
    t.deepEqual(await fleet.at("b").read(owner, item.id, key), travelled(sampleOf(item, 1), item));
    t.deepEqual(await fleet.at("a").read(owner, item.id, key), sampleOf(item, 1), "the author keeps all of it");
    await fleet.at("b").edit(owner, item.id, key, sampleOf(item, 2));
    await fleet.settle();
    const kept = Object.fromEntries(item.withheldFields.map((field) => [field, "PLACE-1"]));
    const now = travelled(sampleOf(item, 2), item);
    t.deepEqual(await fleet.at("a").read(owner, item.id, key), isFields(now) ? { ...now, ...kept } : now);
    await fleet.at("a").delete(owner, item.id, key);
    await fleet.settle();
    t.is(await fleet.everywhere(owner, item.id, key), undefined);
    t.false(wasSaid(fleet, "PLACE-"), "destinations travel in no message");
    t.false(wasSaid(fleet, "SECRET-"), "secrets travel sealed");
  });

  test(`M20 ${item.id}: shared data comes back after a breakdown`, async (t) => {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.at("a").edit(owner, item.id, key, sampleOf(item, 1));
    await fleet.settle();
    fleet.at("a").breakDown();
    await fleet.at("a").switchOn();
    t.is(await fleet.at("a").read(owner, item.id, key), undefined);
    await fleet.join("a");
    t.deepEqual(await fleet.at("a").read(owner, item.id, key), travelled(sampleOf(item, 1), item));
  });
}

for (const item of ITEMS.filter(({ scopeSelectable }) => !scopeSelectable)) {
  test(`M17 ${item.id}: it is always shared; a choice is refused`, async (t) => {
    const fleet = await Fleet.start({ server: "s" });
    t.deepEqual(await fleet.at("s").setSharing(device(item)), { word: "scope-fixed", item: item.id });
  });
}

for (const item of SELECTABLE) {
  const [owner, key] = [ownerOf(item), keyOf(item)];

  test(`M19 M20 ${item.id}: device-specific, it never leaves its machine, and a breakdown ends it`, async (t) => {
    const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
    await fleet.setSharing(device(item));
    for (const [index, name] of ["s", "a", "b"].entries()) await fleet.at(name).edit(owner, item.id, key, { canary: `CANARY-${index}` });
    await fleet.at("a").edit(ALICE, "personal-button", "x", button("LOUD"));
    await fleet.settle();
    for (const name of ["a", "b"]) await fleet.at(name).restart();
    await fleet.settle();
    for (const [index, name] of ["s", "a", "b"].entries())
      t.deepEqual(await fleet.at(name).read(owner, item.id, key), { canary: `CANARY-${index}` }, name);
    t.true(wasSaid(fleet, "LOUD"), "what is shared can be heard");
    t.false(wasSaid(fleet, "CANARY-"));
    for (const range of ["s/s/", "s/c/"])
      for await (const [, bytes] of fleet
        .at("s")
        .moduleDisk.peek()
        .range({ from: range, to: `${range}\uffff` }))
        t.false(Buffer.from(bytes).includes("CANARY-"), "nor does the server keep it");
    fleet.at("a").breakDown();
    await fleet.at("a").switchOn();
    await fleet.join("a");
    t.is(await fleet.at("a").read(owner, item.id, key), undefined, "it is back at its defaults");
    t.deepEqual(await fleet.at("b").read(owner, item.id, key), { canary: "CANARY-2" });
  });

  test(`M19 P28 ${item.id}: shared again, the first machine supplies it, by owner; destinations stay where they are`, async (t) => {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    await fleet.setSharing(device(item));
    await fleet.at("a").edit(owner, item.id, key, sampleOf(item, 1));
    await fleet.at("b").edit(owner, item.id, key, sampleOf(item, 2));
    await fleet.at("b").edit(BOB, item.id, key, sampleOf(item, 3));
    await fleet.settle();
    await fleet.setSharing(shared(item), ["a", "b"]);
    t.deepEqual(await fleet.at("a").read(owner, item.id, key), sampleOf(item, 1));
    const kept = Object.fromEntries(item.withheldFields.map((field) => [field, "PLACE-2"]));
    t.deepEqual(await fleet.at("b").read(owner, item.id, key), { ...(travelled(sampleOf(item, 1), item) as object), ...kept });
    t.deepEqual(await fleet.at("a").read(BOB, item.id, key), travelled(sampleOf(item, 3), item));
    t.false(wasSaid(fleet, "PLACE-"));
  });
}

test("M19 with everything device-specific that can be, the rest of the items is shared all the same", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.setSharing(Object.fromEntries(SELECTABLE.map(({ id }) => [id, "device-specific" as const])));
  for (const item of ITEMS) await fleet.at("a").edit(ownerOf(item), item.id, keyOf(item), sampleOf(item, 1));
  await fleet.settle();
  for (const item of ITEMS) {
    const expected = item.scopeSelectable ? undefined : travelled(sampleOf(item, 1), item);
    t.deepEqual(await fleet.at("b").read(ownerOf(item), item.id, keyOf(item)), expected, item.id);
  }
});
