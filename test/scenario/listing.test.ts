import test from "ava";
import { logText } from "../../src/model/log.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, COMMON, LANGUAGE, SALES, address } from "./entries.ts";

async function listed(fleet: Fleet, machine: VirtualMachine, search?: string): Promise<readonly string[]> {
  const outcome = await fleet.until(machine.administration.owners(search));
  return "word" in outcome ? [outcome.word] : outcome.map(({ owner }) => owner);
}

test("M31 the server machine lists its machines with name, product, place and whether they operate", async (t) => {
  const fleet = await Fleet.start({ server: "s", serverTakesPart: true, clients: ["a", "b"] });
  fleet.at("b").powerOff();
  await fleet.advance(30_000);
  const machines = fleet.at("s").administration.machines();
  t.deepEqual(machines.map(({ deviceName, productName, location, operating }) => [deviceName, productName, location, operating]).sort(), [
    ["machine a", "Simulated 7000", "virtual", true],
    ["machine b", "Simulated 7000", "virtual", false],
    ["machine s", "Simulated 7000", "virtual", true],
  ]);
  t.deepEqual(fleet.at("a").administration.machines(), [], "only a server machine has machines");
});

test("M31 M28 the server machine lists its machines by name, numbers as numbers, the same after a restart", async (t) => {
  const names = ["10", "2", "1"];
  const fleet = await Fleet.start({ server: "s", clients: names });
  const s = fleet.at("s");
  const inOrder = ["machine 1", "machine 2", "machine 10"];
  const listed = () => s.administration.machines().map(({ deviceName }) => deviceName);
  t.deepEqual(listed(), inOrder);
  t.deepEqual(s.status?.server?.keptAwakeBy, inOrder);
  await s.restart();
  await fleet.when(() => s.status?.server?.keptAwakeBy?.length === names.length, 60_000, "the others");
  t.deepEqual(listed(), inOrder);
});

test("M31 the server machine lists the users and groups it manages; the search takes user names and group IDs, and blank lists all", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  for (const owner of [ALICE, BOB, "user:SALES\\Alina"]) await a.edit(owner, ...LANGUAGE, "fr");
  await a.edit(SALES, "group-address", "g", address("shop"));
  await a.edit(COMMON, "common-address", "x", address("x"));
  await fleet.settle();
  t.deepEqual(await listed(fleet, s), [SALES, "user:SALES\\Alina", ALICE, BOB]);
  t.deepEqual(await listed(fleet, s, "  "), await listed(fleet, s));
  t.deepEqual(await listed(fleet, s, "ALI"), ["user:SALES\\Alina", ALICE]);
  t.deepEqual(await listed(fleet, s, "1"), [SALES]);
  t.deepEqual(await listed(fleet, s, "sales"), [], "a domain is no user name");
  t.deepEqual(await listed(fleet, s, "nobody"), []);
  await s.deleteOwner(ALICE);
  t.deepEqual(await listed(fleet, s, "ali"), ["user:SALES\\Alina"], "whoever is deleted is not registered any more");
  t.deepEqual(await listed(fleet, a), ["server-not-running"]);
});

test("M31 M22 the list of users says when each was logged in last, anywhere in the fleet", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  for (const owner of [ALICE, BOB]) await fleet.at("a").edit(owner, ...LANGUAGE, "fr");
  await fleet.settle();
  await fleet.at("a").login(ALICE);
  await fleet.advance(5_000);
  const outcome = await fleet.until(fleet.at("s").administration.owners());
  const today = new Date(fleet.at("s").clock.wallMs()).toISOString().slice(0, 10);
  const alice = "word" in outcome ? undefined : outcome.find(({ owner }) => owner === ALICE);
  t.is(alice?.lastLogin, today);
});

test("M32 each machine has a communication log to read and to download: Warning while the other side is away, Error for what is refused", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  fleet.at("s").powerOff();
  await fleet.advance(30_000);
  t.true(a.log.some(({ level, code }) => level === "Warning" && ["server-unreachable", "link-lost"].includes(code)));
  await fleet.at("s").switchOn();
  await fleet.when(() => fleet.at("s").status?.server?.state === "running", 60_000, "the server");
  const settings = { destination: fleet.at("s").address, account: "Administrator", password: "wrong", trust: "first-answer" } as const;
  await fleet.until(b.administration.synchronize({ client: settings }));
  a.hal.users.setPolicy({ loginService: "directory" });
  await fleet.when(() => a.status?.client?.state === "refused", 60_000, "being put out");
  for (const name of ["s", "a"])
    t.true(
      fleet.at(name).log.some(({ level, code }) => level === "Error" && code === "settings-differ"),
      name,
    );
  await a.restart();
  t.true(
    a.log.some(({ code }) => code === "settings-differ"),
    "it is kept over restarts",
  );
  const dismissed = fleet.at("s").log.find(({ code }) => code === "settings-differ");
  t.like(dismissed?.note, { kind: "refused", refused: { of: "machine", machine: "machine a" } }, "whom, as data, for each language");
  const lines = logText(a.log).split("\n");
  t.is(lines.length, a.log.length + 1);
  for (const line of lines.slice(0, -1)) t.regex(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z\t(Information|Warning|Error)\t[a-z-]+\t[^\t]+$/);
  t.false(logText(b.log).includes("wrong"), "no password is in a log");
});
