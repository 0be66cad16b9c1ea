import test from "ava";
import { LIMITS } from "../../src/model/limits.ts";
import { ITEMS } from "../../src/model/item.ts";
import type { ExportedOwners } from "../../hal/restrictions.ts";
import { ownerNamed } from "../contract/item-store-samples.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, LANGUAGE } from "./entries.ts";

const MINUTE_MS = 60_000;
const [alice, bob] = [ownerNamed(ALICE), ownerNamed(BOB)];

/** Whether an export of these owners (an import, where none are named) may begin now. */
function begins(machine: VirtualMachine, exported?: ExportedOwners): boolean {
  const run = machine.hal.restrictions.beginImportExport(exported);
  if (run !== "locked") run.end();
  return run !== "locked";
}

const prepare = (fleet: Fleet, machine: VirtualMachine, owners: string[] = []) =>
  fleet.until(machine.administration.prepareExport(owners.map(ownerNamed)));

/** A server/client machine and a client machine; both hold Alice's and Bob's language. */
async function start(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit(BOB, ...LANGUAGE, "de");
  await fleet.settle();
  return fleet;
}

test("M23 the export of the chosen owners is open for 15 minutes from the success on, counted down, and closed again", async (t) => {
  const fleet = await start();
  const s = fleet.at("s");
  t.false(begins(s, [alice]));
  t.is(await prepare(fleet, s, [ALICE]), "done");
  t.deepEqual(s.status?.client?.exportWindow, { owners: [alice], secondsLeft: 900 });
  t.deepEqual(
    [begins(s, [alice]), begins(s, [bob]), begins(s, [alice, bob]), begins(s, "all"), begins(s)],
    [true, false, false, false, false],
  );
  await fleet.advance(14 * MINUTE_MS);
  t.is(s.status?.client?.exportWindow?.secondsLeft, 60);
  t.true(begins(s, [alice]), "using it does not end it");
  await fleet.advance(MINUTE_MS - 1_000);
  t.true(begins(s, [alice]));
  await fleet.advance(1_500);
  t.false(begins(s, [alice]), "nor does it last longer for being used");
  await fleet.advance(LIMITS.beatMs);
  t.is(s.status?.client?.exportWindow, undefined);
});

test("M23 with nobody named all owners are open, and a second success begins a new window", async (t) => {
  const fleet = await start();
  const s = fleet.at("s");
  t.is(await prepare(fleet, s), "done");
  t.deepEqual([begins(s, "all"), begins(s, [bob]), begins(s)], [true, true, false]);
  await fleet.advance(10 * MINUTE_MS);
  t.is(await prepare(fleet, s, [BOB]), "done");
  t.deepEqual([begins(s, [alice]), begins(s, [bob])], [false, true]);
  await fleet.advance(10 * MINUTE_MS);
  t.true(begins(s, [bob]), "15 minutes from the second success on");
  await fleet.advance(5 * MINUTE_MS + 500);
  t.false(begins(s, [bob]));
});

test("M23 an export that began in the window may finish after it; synchronisation goes on when it has ended", async (t) => {
  const fleet = await start();
  const s = fleet.at("s");
  await prepare(fleet, s, [ALICE]);
  await fleet.advance(15 * MINUTE_MS - 1_000);
  const run = s.hal.restrictions.beginImportExport([alice]);
  if (run === "locked") return t.fail("locked");
  await fleet.advance(2_000);
  t.false(begins(s, [alice]), "no other one begins");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "es");
  await fleet.advance(30_000);
  t.is(s.status?.client?.state, "paused");
  t.is(await s.read(ALICE, ...LANGUAGE), "fr");
  run.end();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "es");
});

test("M23 what is exported is what the server holds: the machine shows it before the export opens", async (t) => {
  const fleet = await start();
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  const before = s.status?.server?.revision ?? 0;
  await s.edit(BOB, ...LANGUAGE, "it");
  await a.edit(ALICE, ...LANGUAGE, "es");
  // The server has both, and the own client hears of the second in the next moment.
  await fleet.when(() => s.status?.server?.revision === before + 2, 10_000, "the server having both");
  t.is(await prepare(fleet, s), "done");
  t.is(await s.read(ALICE, ...LANGUAGE), "es");
  t.is(s.status?.client?.pending, 0);
  t.is(await s.read(BOB, ...LANGUAGE), "it");
});

test("M23 what the machine dropped or lost of an owner is there again before the export opens", async (t) => {
  const fleet = await start();
  const s = fleet.at("s");
  const { stores } = s.hal;
  // An option that was missing when the value came: the store has never taken it.
  stores.knobs.unsupported = (change) => (change.item === LANGUAGE[0] ? "the option for it is not installed" : undefined);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "es");
  await fleet.settle();
  t.is(await s.read(ALICE, ...LANGUAGE), "fr");
  stores.knobs.unsupported = () => undefined;
  t.is(await prepare(fleet, s, [ALICE]), "done");
  t.is(await s.read(ALICE, ...LANGUAGE), "es");
});

test("M23 it is there only on a server machine whose own client goes to localhost and through no proxy", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  t.deepEqual(await prepare(fleet, s), { word: "no-own-client" });
  t.deepEqual(await prepare(fleet, a), { word: "server-not-running" });
  t.deepEqual(await prepare(fleet, b), { word: "server-not-running" });
  t.false(begins(a, "all"));
  const behindProxy = await start();
  const server = behindProxy.at("s");
  server.setProxy({ proxy: "http://proxy:3128", proxyExcludesLocalhost: false });
  await behindProxy.settle();
  t.deepEqual(await prepare(behindProxy, server), { word: "no-own-client" });
  server.setProxy({ proxy: "http://proxy:3128", proxyExcludesLocalhost: true });
  await behindProxy.settle();
  t.is(await prepare(behindProxy, server), "done");
});

test("M23 owners whom the server does not hold, and more than a run takes, are refused; an export that runs comes first", async (t) => {
  const fleet = await start();
  const s = fleet.at("s");
  t.deepEqual(await prepare(fleet, s, [ALICE, "user:nobody"]), { word: "owner-unknown" });
  const many = Array.from({ length: LIMITS.exportOwnersMax + 1 }, (_, index) => `user:u${index}`);
  t.deepEqual(await prepare(fleet, s, many), { word: "too-many-entries", entriesMax: LIMITS.exportOwnersMax });
  t.is(s.status?.client?.exportWindow, undefined);
  t.is(await prepare(fleet, s), "done");
  const run = s.hal.restrictions.beginImportExport("all");
  if (run === "locked") return t.fail("locked");
  t.deepEqual(await prepare(fleet, s), { word: "import-export-running" });
  run.end();
});

test("M23 the window ends with a stop of the client function, a stop of the server function, or a restart", async (t) => {
  for (const how of ["client stops", "server stops", "machine restarts", "module is killed"] as const) {
    const fleet = await start();
    const s = fleet.at("s");
    await prepare(fleet, s);
    t.true(begins(s, "all"));
    if (how === "client stops") await s.stopClient();
    else if (how === "server stops") await s.stopServer();
    else if (how === "machine restarts") await s.restart();
    else {
      s.kill();
      await s.switchOn();
    }
    t.is(s.status?.client?.exportWindow, undefined, how);
    t.is(begins(s, "all"), how === "client stops", how);
    if (how === "client stops") t.true(begins(s), "nothing is locked any more");
  }
});

test("M23 an export is not opened while the own client cannot come up to its server", async (t) => {
  const fleet = await start();
  const s = fleet.at("s");
  await s.stopClient();
  await s.startClient("localhost");
  t.deepEqual(await prepare(fleet, s), { word: "client-not-running" }, "it works after a restart");
  await s.restart();
  await s.hal.users.setPolicy({ loginService: "another" });
  await fleet.settle();
  t.is(await prepare(fleet, s), "done", "a policy of the one machine is the same on both its functions");
});

test("M23 the address book goes through the window as well, whole or the lists of the chosen owners", async (t) => {
  t.true(ITEMS.some(({ id }) => id === "common-address"));
  const fleet = await start();
  const s = fleet.at("s");
  await fleet.at("a").edit("common", "common-address", "1", { objectclass: "email", cn: "Office", subdbid: "1", mailaddress: "o@x" });
  await fleet.at("a").edit(ALICE, "personal-address", "1", { objectclass: "email", cn: "Alice's own", loginusername: "alice" });
  await fleet.settle();
  const book = async (owners?: string[]): Promise<string> => {
    const outcome = await fleet.until(s.administration.exportAddressBook("csv", owners?.map(ownerNamed)));
    return outcome.kind === "refused" ? outcome.refusal.word : Buffer.from(outcome.bytes).toString();
  };
  t.is(await book(), "locked-while-synchronising");
  await prepare(fleet, s, ["common"]);
  t.is(await book(), "locked-while-synchronising", "more than was chosen");
  const common = await book(["common"]);
  t.regex(common, /Office/);
  t.notRegex(common, /Alice's own/);
  t.is(await book([ALICE]), "locked-while-synchronising");
  await prepare(fleet, s);
  t.regex(await book(), /Alice's own/);
  const imported = await fleet.until(s.administration.importAddressBook(Buffer.from(common), "csv"));
  t.deepEqual(imported, { kind: "refused", refusal: { word: "locked-while-synchronising" } });
});
