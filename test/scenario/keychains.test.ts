import test from "ava";
import type { NotAppliedEntry } from "../../hal/services/not-applied.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, LANGUAGE } from "./entries.ts";

const PLACES = "nas,archive";
const OTHER_ORDER = "archive,nas";
const secret = (password: string) => ({ user: "alice", password });

/** A fleet whose machines have their network places in one order, but for those named. */
async function start(others: Readonly<Record<string, string>> = {}): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"], joined: false });
  for (const machine of fleet.machines) await reorder(machine, others[machine.name] ?? PLACES);
  await fleet.when(() => fleet.at("s").status?.server?.state === "running", 30_000, "the server");
  await fleet.join("a", "b", "c");
  return fleet;
}

async function reorder(machine: VirtualMachine, places: string): Promise<void> {
  machine.networkPlaces = places;
  await machine.restart();
}

const keychain = (machine: VirtualMachine, key = "1", owner = ALICE) => machine.read(owner, "keychain", key);
const listed = (machine: VirtualMachine): readonly NotAppliedEntry[] => machine.administration.notApplied();
const reasons = (machine: VirtualMachine): string[] => listed(machine).map(({ key, because }) => `${key} ${because}`);
const warnings = (machine: VirtualMachine): number => machine.log.filter(({ code }) => code === "network-places-differ").length;

test("M25 keychains are the same on machines whose network places are in one order", async (t) => {
  const fleet = await start();
  await fleet.at("a").edit(ALICE, "keychain", "1", secret("one"));
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "1"), secret("one"));
  t.is(fleet.at("a").status?.client?.networkPlacesDiffer, undefined);
});

test("M25 M27 a machine with another order is told so, on itself and on the server machine; its keychains are neither sent nor replaced, and what it does not show is listed", async (t) => {
  const fleet = await start({ c: OTHER_ORDER });
  const [s, a, b, c] = [fleet.at("s"), fleet.at("a"), fleet.at("b"), fleet.at("c")];
  t.true(c.status?.client?.networkPlacesDiffer);
  t.is(warnings(c), 1);
  t.is(warnings(s), 1);
  const differing = s.administration.machines().filter(({ networkPlacesDiffer }) => networkPlacesDiffer);
  t.deepEqual(
    differing.map(({ deviceName }) => deviceName),
    ["machine c"],
  );
  await c.edit(ALICE, "keychain", "own", secret("of c"));
  await c.edit(ALICE, "keychain", "1", secret("of c"));
  await a.edit(ALICE, "keychain", "1", secret("one"));
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.deepEqual(await keychain(b), secret("one"), "the others are the same");
  t.is(await keychain(b, "own"), undefined);
  t.deepEqual(await keychain(c), secret("of c"));
  t.is(await c.read(ALICE, ...LANGUAGE), "fr", "all else is the same");
  t.deepEqual(reasons(c), ["1 keychain-order"]);
  t.is(c.status?.client?.notApplied, 1);
  await a.delete(ALICE, "keychain", "1");
  await fleet.settle();
  t.deepEqual(await keychain(c), secret("of c"), "nor deleted");
  t.deepEqual(reasons(c), []);
});

test("M25 a machine that joins with another order keeps its own keychains, and replaces nobody's", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["c"] });
  const [a, c] = [fleet.at("a"), fleet.at("c")];
  await a.edit(ALICE, "keychain", "1", secret("one"));
  await c.edit(ALICE, "keychain", "1", secret("of c"));
  await c.edit(BOB, "keychain", "2", secret("of c"));
  await c.edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  c.networkPlaces = OTHER_ORDER;
  await fleet.join("c");
  t.deepEqual(await keychain(c), secret("of c"));
  t.deepEqual(await keychain(c, "2", BOB), secret("of c"));
  t.deepEqual(await keychain(a), secret("one"));
  t.is(await keychain(a, "2", BOB), undefined);
  t.is(await a.read(BOB, ...LANGUAGE), "fr");
  t.deepEqual(reasons(c), ["1 keychain-order"]);
});

test("M25 B02 when the order is put right, the fleet's keychains replace this machine's, into its history, and what the fleet never had goes to everybody", async (t) => {
  const fleet = await start({ c: OTHER_ORDER });
  const [a, c] = [fleet.at("a"), fleet.at("c")];
  await a.edit(ALICE, "keychain", "1", secret("one"));
  await a.edit(ALICE, "keychain", "2", secret("two"));
  await c.edit(ALICE, "keychain", "1", secret("of c"));
  await c.edit(ALICE, "keychain", "own", secret("of c"));
  await a.edit(ALICE, "keychain", "gone", secret("gone"));
  await c.edit(ALICE, "keychain", "gone", secret("of c"));
  await fleet.settle();
  await a.delete(ALICE, "keychain", "gone");
  await fleet.settle();
  await reorder(c, PLACES);
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "1"), secret("one"));
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "2"), secret("two"));
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "own"), secret("of c"));
  t.is(await fleet.everywhere(ALICE, "keychain", "gone"), undefined, "what was deleted meanwhile does not come back");
  t.is(c.status?.client?.networkPlacesDiffer, undefined);
  t.deepEqual(reasons(c), []);
  const history = await fleet.until(c.administration.history());
  t.deepEqual(
    history
      .filter(({ because }) => because === "replaced-at-reordering")
      .map(({ key }) => key)
      .sort(),
    ["1", "gone"],
  );
});

test("M25 a machine whose order changes keeps apart from then on; what it had not sent stays with it until the order is right", async (t) => {
  const fleet = await start();
  const [s, a, c] = [fleet.at("s"), fleet.at("a"), fleet.at("c")];
  await a.edit(ALICE, "keychain", "1", secret("one"));
  await fleet.settle();
  c.unplug();
  await c.edit(ALICE, "keychain", "unsent", secret("of c"));
  await fleet.advance(1_000);
  c.networkPlaces = OTHER_ORDER;
  await c.restart();
  await c.edit(ALICE, "keychain", "later", secret("of c"));
  c.plug();
  await fleet.settle();
  t.true(c.status?.client?.networkPlacesDiffer);
  t.is(await keychain(a, "unsent"), undefined);
  t.is(await keychain(a, "later"), undefined);
  t.deepEqual(await keychain(c), secret("one"), "what it had stays");
  await reorder(c, PLACES);
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "unsent"), secret("of c"));
  t.deepEqual(await fleet.everywhere(ALICE, "keychain", "later"), secret("of c"));
  // The server machine's order is the fleet's: when that changes, everybody else's is another.
  await reorder(s, OTHER_ORDER);
  await fleet.when(() => fleet.at("a").status?.client?.networkPlacesDiffer === true, 60_000, "hearing of it");
  await fleet.settle();
  t.true(c.status?.client?.networkPlacesDiffer);
});

test("M25 M15 an owner who is deleted takes the keychains that are kept apart along", async (t) => {
  const fleet = await start({ c: OTHER_ORDER });
  const [s, a, c] = [fleet.at("s"), fleet.at("a"), fleet.at("c")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await c.edit(ALICE, "keychain", "1", secret("of c"));
  await fleet.settle();
  await s.deleteOwner(ALICE);
  await fleet.settle();
  t.deepEqual(await c.owners(), []);
});

test("M25 killed after any of its writes while it keeps apart, or comes back, a machine ends like the others and loses nothing", async (t) => {
  for (let writes = 1; writes <= 8; writes += 1) {
    for (const which of ["moduleDisk", "machineDisk"] as const) {
      const fleet = await start({ c: OTHER_ORDER });
      const [a, c] = [fleet.at("a"), fleet.at("c")];
      await a.edit(ALICE, "keychain", "1", secret("one"));
      await c.edit(ALICE, "keychain", "1", secret("of c"));
      await c.edit(ALICE, "keychain", "own", secret("of c"));
      await fleet.settle();
      c.networkPlaces = PLACES;
      let left = writes;
      c[which].onDurable = () => {
        left -= 1;
        if (left === 0) c.kill();
      };
      void c.restartSoon();
      await fleet.advance(10_000);
      c[which].onDurable = undefined;
      c.powerOff();
      await c.switchOn();
      await fleet.settle();
      t.deepEqual(await fleet.everywhere(ALICE, "keychain", "1"), secret("one"), `killed after write ${writes} to the ${which}`);
      t.deepEqual(await fleet.everywhere(ALICE, "keychain", "own"), secret("of c"));
      const history = await fleet.until(c.administration.history());
      t.true(
        history.some(({ because }) => because === "replaced-at-reordering"),
        `write ${writes} to the ${which}`,
      );
      t.deepEqual(reasons(c), []);
    }
  }
});
