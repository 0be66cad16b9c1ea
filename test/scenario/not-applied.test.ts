import test from "ava";
import type { SimHal } from "../../hal/sim/sim-hal.ts";
import { runId } from "../../src/model/ids.ts";
import { encodeCbor } from "../../src/protocol/cbor.ts";
import { encodeEdit } from "../../src/protocol/edit.ts";
import { ownerNamed } from "../contract/item-store-samples.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, button, LANGUAGE } from "./entries.ts";

const BUTTON = "personal-button";
const listed = (machine: VirtualMachine): string[] =>
  machine.administration.notApplied().map(({ item, key, because }) => `${item} ${key} ${because}`);

/** A model with room for so many buttons. */
const small = (room: number) => (hal: SimHal) => void hal.stores.knobs.capacity.set(BUTTON, room);
/** A model without the option that the item needs. */
const without = (item: string) => (hal: SimHal) => {
  hal.stores.knobs.unsupported = (change) => (change.item === item ? "the option for it is not installed" : undefined);
};
/** An older model, which has never heard of the item. */
const older = (item: string) => (hal: SimHal) => {
  const items = new Set([...hal.settings.items].filter((known) => known !== item));
  Object.defineProperty(hal.settings, "items", { value: items });
};

async function start(outfit: (hal: SimHal) => void): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "c"], joined: false });
  fleet.at("c").outfit = outfit;
  await fleet.at("c").restart();
  await fleet.join("a", "c");
  return fleet;
}

test("M27 a value that a machine's options do not support is not applied there, and listed; everybody else has it", async (t) => {
  const fleet = await start(without("accessibility"));
  const [a, c] = [fleet.at("a"), fleet.at("c")];
  await a.edit(ALICE, "accessibility", "", { inverted: true });
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(await c.read(ALICE, "accessibility", ""), undefined);
  t.is(await c.read(ALICE, ...LANGUAGE), "fr");
  t.deepEqual(c.administration.notApplied(), [
    { owner: ownerNamed(ALICE), item: "accessibility", key: "", because: "machine", text: "the option for it is not installed" },
  ]);
  t.is(c.status?.client?.notApplied, 1);
  t.deepEqual(listed(a), []);
  t.is(c.log.filter(({ code }) => code === "not-applied").length, 1);
});

test("M27 the list survives a restart, which tries again; what fits by then is applied and leaves the list", async (t) => {
  const fleet = await start(without("accessibility"));
  const [a, c] = [fleet.at("a"), fleet.at("c")];
  await a.edit(ALICE, "accessibility", "", { inverted: true });
  await a.edit(BOB, "accessibility", "", { inverted: true });
  await fleet.settle();
  await c.restart();
  await fleet.settle();
  t.deepEqual(listed(c), ["accessibility  machine", "accessibility  machine"]);
  await a.delete(BOB, "accessibility", "");
  await fleet.settle();
  t.deepEqual(listed(c), ["accessibility  machine"], "what is deleted is no trouble");
  c.outfit = undefined;
  await c.restart();
  await fleet.settle();
  t.deepEqual(listed(c), []);
  t.deepEqual(await c.read(ALICE, "accessibility", ""), { inverted: true });
});

test("M26 an item that a machine does not know is kept and passed on by it; it shows its own default and never writes that back", async (t) => {
  const fleet = await start(older("shortcut"));
  const [s, a, c] = [fleet.at("s"), fleet.at("a"), fleet.at("c")];
  await a.edit(ALICE, "shortcut", "1", button("one"));
  await fleet.settle();
  t.deepEqual(listed(c), ["shortcut 1 unknown-item"]);
  await c.edit(ALICE, ...LANGUAGE, "fr");
  await c.restart();
  await fleet.settle();
  t.deepEqual(await a.read(ALICE, "shortcut", "1"), button("one"), "nothing of it was written back");
  // It is in the copy that this machine keeps, and so it shows as soon as the machine knows it.
  fleet.network.partition("s", "c");
  c.outfit = undefined;
  await c.restart();
  await fleet.advance(5_000);
  t.deepEqual(await c.read(ALICE, "shortcut", "1"), button("one"));
  t.deepEqual(listed(c), []);
  t.true(s.running);
});

test("M26 items and fields of a newer version go through a fleet that has never heard of them, unchanged, to machines that join later as well", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], others: ["c"] });
  const [a, b, c] = [fleet.at("a"), fleet.at("b"), fleet.at("c")];
  await a.edit(ALICE, BUTTON, "1", { name: "Plan", function: "copy", ofTomorrow: { n: 1 } });
  await fleet.settle();
  t.deepEqual(await b.read(ALICE, BUTTON, "1"), { name: "Plan", function: "copy", ofTomorrow: { n: 1 } });
  // A machine of tomorrow has set something that nobody here knows: its edit waits in its replica.
  a.powerOff();
  const id = { device: a.identity, run: runId("7".repeat(16)), sequence: 1_000_000 };
  const edit = {
    id,
    owner: ownerNamed(ALICE),
    item: "weather",
    key: "1",
    value: { sun: [1, 2] },
    seen: 0,
    stamp: 1,
    certain: true,
    by: "",
  };
  const record = encodeCbor([encodeEdit(edit), null, null]);
  a.moduleDisk.medium.content = a.moduleDisk.medium.content.with([{ key: "c/p/0000000001000000", value: record }]);
  await a.switchOn();
  await fleet.settle();
  await fleet.join("c");
  for (const machine of [a, b, c]) t.deepEqual(listed(machine), ["weather 1 unknown-item"], machine.name);
  const why = await fleet.until(c.administration.why(ownerNamed(ALICE), "weather", "1"));
  t.like(why, { state: "standing", item: "weather" });
  await b.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.deepEqual(listed(c), ["weather 1 unknown-item"]);
});

test("M27 what a small model drops for its own limits is never taken for a deletion, not after restarts, joins and edits of it", async (t) => {
  const fleet = await start(small(3));
  const [a, c] = [fleet.at("a"), fleet.at("c")];
  for (let n = 1; n <= 5; n += 1) {
    await a.edit(ALICE, BUTTON, `${n}`, button(`${n}`));
    await fleet.settle();
  }
  const shown = async (): Promise<string[]> => {
    const keys: string[] = [];
    for (let n = 1; n <= 6; n += 1) if ((await c.read(ALICE, BUTTON, `${n}`)) !== undefined) keys.push(`${n}`);
    return keys;
  };
  t.deepEqual(await shown(), ["3", "4", "5"]);
  t.deepEqual(listed(c), [`${BUTTON} 1 evicted`, `${BUTTON} 2 evicted`]);
  await c.restart();
  await fleet.settle();
  t.deepEqual(await shown(), ["3", "4", "5"], "a restart drives nothing out");
  await a.edit(ALICE, BUTTON, "1", button("1 again"));
  await fleet.settle();
  t.deepEqual(await shown(), ["1", "4", "5"], "what was changed last shows");
  t.deepEqual(listed(c), [`${BUTTON} 2 evicted`, `${BUTTON} 3 evicted`]);
  await a.delete(ALICE, BUTTON, "5");
  await fleet.settle();
  t.is((await shown()).length, 3, "there was room for one of those that had been dropped");
  t.is(listed(c).length, 1);
  await c.edit(ALICE, ...LANGUAGE, "fr");
  await c.stopClient();
  await fleet.join("c");
  for (const n of ["1", "2", "3", "4"]) t.not(await a.read(ALICE, BUTTON, n), undefined, `${n} is still there for everybody else`);
  t.is((await shown()).length, 3);
  t.is(listed(c).length, 1);
});

test("M27 killed after any of its writes while it drops or cannot take something, a small machine loses nothing for the others and ends with its list", async (t) => {
  for (let writes = 1; writes <= 8; writes += 1) {
    for (const which of ["moduleDisk", "machineDisk"] as const) {
      const fleet = await start(small(2));
      const [a, c] = [fleet.at("a"), fleet.at("c")];
      let left = writes;
      c[which].onDurable = () => {
        left -= 1;
        if (left === 0) c.kill();
      };
      for (let n = 1; n <= 4; n += 1) await a.edit(ALICE, BUTTON, `${n}`, button(`${n}`));
      await fleet.advance(5_000);
      c[which].onDurable = undefined;
      await c.switchOn();
      await fleet.settle();
      for (let n = 1; n <= 4; n += 1) t.deepEqual(await a.read(ALICE, BUTTON, `${n}`), button(`${n}`), `${which} ${writes}`);
      await a.edit(ALICE, BUTTON, "5", button("5"));
      await fleet.settle();
      t.deepEqual(await c.read(ALICE, BUTTON, "5"), button("5"));
      const missing: string[] = [];
      for (let n = 1; n <= 5; n += 1) if ((await c.read(ALICE, BUTTON, `${n}`)) === undefined) missing.push(`${BUTTON} ${n} evicted`);
      t.deepEqual(listed(c).sort(), missing, `${which} ${writes}: the list is whole`);
    }
  }
});
