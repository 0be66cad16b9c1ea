/** How long an edit is on its way where nothing counts but writes: in virtual time code takes none. */
import test from "ava";
import { must } from "../../src/model/assert.ts";
import { parseOwner } from "../../src/model/owner.ts";
import { Fleet } from "../fleet/fleet.ts";

const WRITE_MS = 6;
const HOP_MS = 1;
/** The printer's store, the author's record, the server, the receivers; what `raw` of the bench does without is the second. */
const WRITES_IN_A_ROW = 4;
const EDITS = 60;
const ALICE = must(parseOwner("user:alice"), "an owner");

const keyOf = (number: number): string => `${number.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;

/** A fleet on a network and on disks that are always alike, and when a machine has an edit durably. */
async function evenFleet(receivers: readonly string[]) {
  const fleet = await Fleet.start({ server: "s", clients: ["a", ...receivers] });
  fleet.network.weather = { latencyMsMin: HOP_MS, latencyMsMax: HOP_MS, loss: 0, duplicates: 0 };
  const durableMs = new Map<string, number>();
  for (const name of ["s", "a", ...receivers]) {
    const { moduleDisk, machineDisk } = fleet.at(name);
    moduleDisk.speed = { writeMsMin: WRITE_MS, writeMsMax: WRITE_MS, lateReads: 0 };
    machineDisk.speed = moduleDisk.speed;
    if (!receivers.includes(name)) continue;
    moduleDisk.watch({
      committed: (batch) => {
        const numbers = batch.flatMap(({ key }) => /([0-9a-f]{8})-0000-4000-/.exec(key)?.[1] ?? []);
        for (const number of numbers) durableMs.set(`${name} ${Number.parseInt(number, 16)}`, fleet.world.nowMs);
      },
      replaced: () => undefined,
    });
  }
  return { fleet, durableMs };
}

/** Milliseconds from each edit to the last receiver's write, shortest first; the author makes one every `everyMs`. */
async function latencies(everyMs: number): Promise<number[]> {
  const receivers = ["b", "c"];
  const { fleet, durableMs } = await evenFleet(receivers);
  const madeMs: number[] = [];
  for (let number = 0; number < EDITS; number += 1) {
    madeMs.push(fleet.world.nowMs);
    void fleet
      .at("a")
      .editAll([{ owner: ALICE, item: "personal-button", key: keyOf(number), value: { name: "x", function: "copy", settings: {} } }]);
    await fleet.advance(everyMs);
  }
  await fleet.settle();
  const durable = (number: number) => receivers.map((name) => must(durableMs.get(`${name} ${number}`), `edit ${number} on ${name}`));
  const ms = madeMs.map((atMs, number) => Math.max(...durable(number)) - atMs);
  return ms.sort((a, b) => a - b);
}

test("B05 an edit is durable everywhere after four writes in a row, also when its author has just made another one", async (t) => {
  const shortest = WRITES_IN_A_ROW * WRITE_MS + 2 * HOP_MS;
  for (const everyMs of [20, 33]) {
    const ms = await latencies(everyMs);
    t.is(ms[0], shortest);
    t.is(ms[EDITS >> 1], shortest, `every ${everyMs} ms`);
    // What comes amid a write of its author or of a receiver waits for the rest of that one, or of two.
    t.true((ms.at(-1) ?? Number.NaN) <= shortest + 2 * WRITE_MS, `${ms.at(-1)} ms`);
  }
});
