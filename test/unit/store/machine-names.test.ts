import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { MachineNames } from "../../../src/store/machine-names.ts";
import { ManualClock } from "../../contract/manual-clock.ts";

const device = (n: number) => deviceId(n.toString(16).padStart(32, "0"));

async function fixture() {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  let writes = 0;
  const write = storage.write.bind(storage);
  storage.write = async (batch) => {
    writes += 1;
    await write(batch);
  };
  return { storage, clock, writes: () => writes, names: await MachineNames.open(storage, clock) };
}

test("a machine's name is known after the next start; one that says nothing new costs no write", async (t) => {
  const { storage, clock, writes, names } = await fixture();
  await names.learn([
    [device(1), "first floor"],
    [device(2), ""],
  ]);
  await names.learn([
    [device(1), "first floor"],
    [device(3), ""],
  ]);
  t.is(writes(), 1);
  await names.learn([[device(1), "second floor"]]);
  t.is(writes(), 2);
  const opened = await MachineNames.open(storage, clock);
  t.is(opened.of(device(1)), "second floor");
  t.deepEqual(opened.all(), [[device(1), "second floor"]], "a machine that says no name has none");
});

test("a name that was known stays where its machine says none beside another's news", async (t) => {
  const { names } = await fixture();
  await names.learn([[device(1), "first floor"]]);
  await names.learn([
    [device(1), ""],
    [device(2), "second floor"],
  ]);
  t.is(names.of(device(1)), "first floor");
});

test("names are kept up to their bound, of those machines that were heard of last", async (t) => {
  const { storage, clock, names } = await fixture();
  for (let n = 1; n <= LIMITS.machineNamesMax; n += 1) await names.learn([[device(n), `name ${n}`]]);
  t.is(names.all().length, LIMITS.machineNamesMax);
  // The first speaks beside one that nobody knew.
  await names.learn([
    [device(1), "name 1"],
    [device(100), "name 100"],
  ]);
  const kept = (await MachineNames.open(storage, clock)).all();
  t.is(kept.length, LIMITS.machineNamesMax);
  t.is(names.of(device(1)), "name 1");
  t.is(names.of(device(2)), undefined, "nobody was silent for longer");
  t.deepEqual(kept.at(-1), [device(100), "name 100"]);
});

test("names are told to those who operate for a while after one of them was news", async (t) => {
  const { clock, names } = await fixture();
  t.deepEqual(names.news(), []);
  await names.learn([[device(1), "first floor"]]);
  await clock.advance(LIMITS.machineNamesToldMs - 1);
  t.deepEqual(names.news(), [[device(1), "first floor"]]);
  await clock.advance(1);
  t.deepEqual(names.news(), []);
  await names.learn([[device(1), "first floor"]]);
  t.deepEqual(names.news(), [], "what was known is no news");
});
