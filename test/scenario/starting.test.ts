import test from "ava";
import { SyncError } from "../../src/model/errors.ts";
import { logText } from "../../src/model/log.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ownerNamed } from "../fleet/machine.ts";
import { ALICE, LANGUAGE } from "./entries.ts";

const DAY_MS = 24 * 3_600_000;

test("M01 every machine can be server, client or both; a client-only model refuses to start the server function", async (t) => {
  const fleet = await Fleet.start({ others: ["c"], clientOnly: ["c"] });
  await fleet.advance(5_000);
  t.deepEqual(await fleet.at("c").startServer(), { word: "not-a-server-model" });
  t.is(fleet.at("c").status?.server, undefined);
});

test("M01 a machine that was a client can become the server, and a server a client", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  t.is(await fleet.at("a").stopClient(), "done");
  t.is(await fleet.at("s").stopServer(), "done");
  await fleet.serve("a");
  await fleet.join("s");
  await fleet.at("s").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(fleet.at("a").status?.server?.state, "running");
  t.is(fleet.at("s").status?.client?.state, "synchronized");
});

test("M05 the server says how many users it manages, groups and common not counted", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("a").edit("group:1", "group-address", "g", { cn: "x" });
  await fleet.at("a").edit("common", "shared-button", "b", { name: "x", function: "copy" });
  await fleet.settle();
  t.is(fleet.at("s").status?.server?.users, 1);
});

test("M06 without a time server the server function refuses to start and says why", async (t) => {
  const fleet = new Fleet({ clocks: { s: { offsetMs: -3_600_000, driftPpm: 0 } } });
  await fleet.add("s");
  t.deepEqual(await fleet.at("s").startServer(), { word: "clock-not-right", sntp: "off" });
});

test("M06 with a silent time server that never answered the server function refuses to start", async (t) => {
  const fleet = new Fleet({});
  const s = await fleet.add("s");
  await fleet.advance(5_000);
  s.clock.setSntp("silent");
  const refusal = await s.startServer();
  t.true(refusal === "done" || ("word" in refusal && refusal.word === "clock-not-right"));
  s.powerOff();
  s.moduleDisk.wipe();
  s.timeServer = "silent";
  await s.switchOn();
  await fleet.advance(5_000);
  t.deepEqual(await s.startServer(), { word: "clock-not-right", sntp: "silent" });
});

test("M06 a restart within seven days of an answer starts it with a Warning when the time server is silent", async (t) => {
  const fleet = await Fleet.start({ server: "s" });
  const s = fleet.at("s");
  s.powerOff();
  s.timeServer = "silent";
  await fleet.advance(DAY_MS);
  await s.switchOn();
  await fleet.when(() => s.status?.server?.state === "running", 60_000, "the server function");
  t.true(s.log.some(({ level, code }) => level === "Warning" && code === "clock-remembered"));
});

test("M06 P4 B02 a date years ahead is told at the server machine while it is so: once in the log, on its pages, and not when the fleet was off for weeks", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  const told = () => [s.status?.server?.dateAheadDays, s.log.filter(({ code }) => code === "date-not-believed").length];
  const startsAfter = async (offMs: number, lieMs: number) => {
    for (const machine of fleet.machines) machine.powerOff();
    s.timeServerLieMs = lieMs;
    await fleet.advance(offMs);
    for (const machine of fleet.machines) await machine.switchOn();
    await fleet.settle();
  };
  await startsAfter(60 * DAY_MS, 0);
  t.deepEqual(told(), [undefined, 0], "a holiday");
  await startsAfter(60_000, 19 * 365 * DAY_MS);
  t.deepEqual(told(), [6_935, 1]);
  const [line] = s.log.filter(({ code }) => code === "date-not-believed");
  t.is(line?.level, "Warning");
  t.regex(logText(s.log), /date-not-believed\t.*6935 days ahead/);
  await startsAfter(60_000, 19 * 365 * DAY_MS);
  t.deepEqual(told(), [6_935, 1], "not said anew with each start");
  s.clock.setSntp("answered");
  await fleet.advance(5_000);
  t.deepEqual(told(), [undefined, 1], "put right while it is on");
  s.clock.setSntp("answered", 2 * 365 * DAY_MS);
  await fleet.advance(5_000);
  t.deepEqual(told(), [730, 2], "and wrong while it is on");
  t.is(s.status?.server?.state, "running");
});

test("M06 after more than seven days without an answer it waits for the clock, and goes on once it is answered", async (t) => {
  const fleet = await Fleet.start({ server: "s" });
  const s = fleet.at("s");
  s.powerOff();
  s.timeServer = "silent";
  await fleet.advance(8 * DAY_MS);
  await s.switchOn();
  await fleet.advance(30_000);
  t.is(s.status?.server?.state, "waiting-for-clock");
  const waiting = s.log.find(({ code }) => code === "clock-not-right");
  t.like(waiting, { level: "Error" });
  t.regex(waiting?.text ?? "", /SNTP.*goes on by itself/, "nobody is told to start what starts by itself");
  s.clock.setSntp("answered");
  await fleet.when(() => s.status?.server?.state === "running", 60_000, "the server function");
  t.pass();
});

test("M08 the client function takes effect after the machine is restarted; synchronisation begins then", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const a = fleet.at("a");
  t.is(await a.startClient(fleet.at("s").address), "done");
  await fleet.advance(60_000);
  t.is(a.status?.client?.state, "restart-needed");
  t.is(fleet.at("s").administration.machines().length, 0);
  await a.restart();
  await fleet.settle();
  t.is(a.status?.client?.state, "synchronized");
});

test("M09 the destination takes an address or a host name, with or without :8443; any other port is refused", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a", "b"] });
  for (const destination of [`${fleet.at("s").address}:9000`, "s:80", "http://s", "a b", "s:8443:1", "[::1"]) {
    const refusal = await fleet.at("a").startClient(destination);
    t.like(refusal, { word: "destination-malformed" }, destination);
  }
  t.is(fleet.at("a").status?.client, undefined, "a refused start changes nothing");
  t.is(await fleet.at("a").startClient(`${fleet.at("s").address}:8443`), "done");
  t.is(await fleet.at("b").startClient("s"), "done");
  await fleet.at("a").restart();
  await fleet.at("b").restart();
  await fleet.settle();
  t.deepEqual(
    ["a", "b"].map((name) => fleet.at(name).status?.client?.state),
    ["synchronized", "synchronized"],
  );
});

test("M09 an account without administrator rights, or a wrong password, is refused at the first contact", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const s = fleet.at("s");
  const start = (account: string, password: string) =>
    fleet.until(fleet.at("a").administration.synchronize({ client: { destination: s.address, account, password, trust: "first-answer" } }));
  t.like(await start("Administrator", "guess"), { word: "account-refused" });
  t.like(await start("alice", ""), { word: "account-refused" });
  t.like(await start("nobody", "desk"), { word: "account-refused" });
  t.is(await start("Administrator", "desk"), "done");
});

test("M32 who proves no account at the first contact is an Error in the server machine's log, with the address and without what was typed", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  const client = { destination: s.address, account: "typed-by-mistake", password: "guess", trust: "first-answer" } as const;
  await fleet.until(a.administration.synchronize({ client }));
  const noted = s.log.find(({ code }) => code === "account-refused");
  t.like(noted, { level: "Error", note: { kind: "refused", refused: { of: "visitor", address: a.address } } });
  t.false(/guess|typed-by-mistake/.test(logText(s.log)));
});

test("M11 stopping the client function leaves the machine's data as it is", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(await fleet.at("b").stopClient(), "done");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "fr");
  t.is(fleet.at("b").status?.client, undefined);
});

test("M11 stopping the server function is announced; the clients go on from their own copy", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.settle();
  t.is(await fleet.at("s").stopServer(), "done");
  await fleet.when(() => ["a", "b"].every((name) => fleet.at(name).status?.client?.state === "offline"), 3_000, "the announcement");
  const line = () => fleet.at("b").hal.panel.screen()?.status;
  t.is(line(), "The server function does not run", "not one that is not reached");
  t.is(fleet.at("b").status?.client?.reason, "server-not-running");
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(60_000);
  t.is(await fleet.at("a").read(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "de");
  t.is(line(), "The server function does not run; 1 change saved here", "nobody has to look at it");
  t.is(await fleet.at("s").startServer(), "done");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("M05 the server manages 1,000 users at most, warns from 900 on, and refuses the rest with a clear reason", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["b"], others: ["a"] });
  fleet.at("s").chooseMaxUsersPolicy("discard-new");
  const users = Array.from({ length: 1_003 }, (_, n) => ({
    owner: ownerNamed(`user:u${String(n).padStart(4, "0")}`),
    item: "display-language",
    key: "",
    value: "fr",
  }));
  await fleet.at("a").editAll(users);
  await fleet.at("a").startClient(fleet.at("s").address);
  await fleet.at("a").restart();
  await fleet.when(() => fleet.at("s").status?.server?.users === 1_000, 600_000, "1,000 users");
  await fleet.advance(30_000);
  t.is(fleet.at("s").status?.server?.users, 1_000);
  t.is(fleet.at("s").log.filter(({ level, code }) => level === "Warning" && code === "users-near-limit").length, 1, "once");
  t.true(fleet.at("s").log.some(({ level, code }) => level === "Error" && code === "too-many-users"));
  t.is((await fleet.at("b").owners()).length, 1_000);
  t.is((await fleet.at("a").owners()).length, 1_003, "what the server has no room for stays where it is");
});

test("M11 P21 a stop of the client function that the storage does not take leaves it started: it goes on, and can be stopped again", async (t) => {
  for (const joined of [false, true]) {
    const fleet = await Fleet.start({ server: "s", clients: ["a"], joined });
    const [s, a] = [fleet.at("s"), fleet.at("a")];
    if (!joined) {
      // It waits for its first contact.
      s.powerOff();
      t.is(await a.startClient(s.address), "done");
      await a.restart();
    }
    a.moduleDisk.failingWrites = 1;
    await t.throwsAsync(a.stopClient(), { instanceOf: SyncError });
    if (!joined) await s.switchOn();
    await fleet.when(() => a.status?.client?.state === "synchronized", 60_000, "going on");
    t.is(await a.stopClient(), "done");
    t.is(a.status?.client, undefined);
  }
});

test("P20 P21 what was edited while the client function was stopped is data of the next join: its start calls nothing unsent", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  t.is(await a.stopClient(), "done");
  await a.edit(ALICE, ...LANGUAGE, "fr");
  const unsent = () => a.log.filter(({ code }) => code === "stopped").length;
  const before = unsent();
  t.is(await a.startClient(s.address), "done");
  await a.edit(ownerNamed("user:bob"), ...LANGUAGE, "de");
  t.is(await a.startClient(s.address), "done", "nor does a second start before the restart");
  await a.restart();
  await fleet.settle();
  t.is(unsent(), before);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere("user:bob", ...LANGUAGE), "de");
});

test("M32 M04 a start of a server machine with its own client that goes well is no Warning: the client waits for its server", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  await s.startClient("localhost");
  const before = s.log.length;
  await s.restart();
  await fleet.settle();
  t.deepEqual(
    s.log.slice(before).filter(({ level }) => level !== "Information"),
    [],
  );
  t.is(s.status?.client?.state, "synchronized");
});
