/** What a machine goes on doing while its printer's own store is taken up for seconds, as by an import, and what holds true meanwhile. */
import test from "ava";
import type { EntryChange } from "../../src/model/entry.ts";
import { must } from "../../src/model/assert.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { parseOwner } from "../../src/model/owner.ts";
import { readReplicaHead } from "../../src/store/replica-now.ts";
import { Fleet } from "../fleet/fleet.ts";
import { FAST_DISK } from "../fleet/virtual-disk.ts";

const TAKEN_UP = { ...FAST_DISK, writeMsMin: 5_000, writeMsMax: 5_000 };
const owner = (n: number) => must(parseOwner(`user:${n % 8}`), "an owner");
const uuid = (n: number): string => `${n.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
const button = (n: number, name = `${n}`): EntryChange => ({
  owner: owner(n),
  item: "personal-button",
  key: uuid(n),
  value: { name, function: "copy", settings: {} },
});
const shownAt = (fleet: Fleet, name: string, n: number) => fleet.at(name).read(owner(n), "personal-button", uuid(n));

/** The revision of a machine's copy, as its disk has it. */
const copiedAt = async (fleet: Fleet, name: string) => (await readReplicaHead(fleet.at(name).moduleDisk.peek()))?.position?.revision ?? 0;
const toldAt = (fleet: Fleet, name: string) => fleet.at(name).status?.client?.revision ?? 0;
const servedAt = (fleet: Fleet) => fleet.at("s").status?.server?.revision ?? 0;

test("B05 P7 what the fleet edits is durable on a machine whose printer's store is taken up for seconds, and what waits there goes on to the others", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.advance(1_000);
  const { machineDisk } = fleet.at("b");
  const imported = Array.from({ length: 8 * LIMITS.pushedAtOnce }, (_, n) => button(1_000 + n));
  void fleet.at("b").editAll(imported);
  await fleet.when(() => (fleet.at("b").status?.client?.pending ?? 0) > 4 * LIMITS.pushedAtOnce, 10_000, "the import is being recorded");
  machineDisk.speed = TAKEN_UP;
  const before = machineDisk.writes;
  for (let n = 0; n < 20; n += 1) {
    await fleet.at("a").editAll([button(n)]);
    await fleet.advance(100);
    t.true(
      servedAt(fleet) - (await copiedAt(fleet, "b")) <= 4,
      `edit ${n}: the server has ${servedAt(fleet)}, the copy ${await copiedAt(fleet, "b")}`,
    );
  }
  t.true(machineDisk.writes - before <= 1, "all that was while the printer's store took one write");
  t.is(fleet.at("b").status?.client?.pending, 0, "and the import was acknowledged meanwhile");
  machineDisk.speed = FAST_DISK;
  await fleet.settle();
  t.deepEqual(await shownAt(fleet, "b", 19), button(19).value);
  t.is(toldAt(fleet, "b"), servedAt(fleet));
});
