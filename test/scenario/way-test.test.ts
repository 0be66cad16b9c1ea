import test from "ava";
import type { Way, WayPart, WayReport } from "../../hal/services/finding.ts";
import type { Key } from "../../src/model/screen.ts";
import { Fleet } from "../fleet/fleet.ts";
import { Finger } from "./finger.ts";

const ACCOUNT = { account: "Administrator", password: "desk" } as const;
const ORDER: readonly WayPart[] = ["address", "port", "service", "clock", "account", "settings"];

const tested = (fleet: Fleet, name: string, way: Way): Promise<WayReport> => fleet.until(fleet.at(name).administration.testWay(way));

/** What is the matter: the parts that passed, and the word or code of the one that did not. */
function verdict({ steps }: WayReport): string {
  const failed = steps.find(({ outcome }) => outcome === "failed");
  const passed = steps.filter(({ outcome }) => outcome === "passed").length;
  const why = failed?.outcome !== "failed" ? "nothing" : "refusal" in failed ? failed.refusal.word : failed.code;
  return `${passed} passed, ${failed?.part ?? "none"} fails: ${why}`;
}

test("M36 a way without a fault: every part passes, in its order, and nothing is set, kept or pinned by the test", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  const [writesHere, writesThere] = [a.moduleDisk.writes, s.moduleDisk.writes];
  const report = await tested(fleet, "a", { destination: s.address, ...ACCOUNT });
  t.deepEqual(
    report.steps,
    ORDER.map((part) => ({ part, outcome: "passed" })),
  );
  t.is(report.server, s.identity);
  t.is(a.status?.client, undefined);
  t.deepEqual(s.administration.machines(), []);
  t.false(fleet.network.serverAt(s)?.link.admits(a.identity), "it was not pinned");
  t.is(a.moduleDisk.writes, writesHere);
  t.true(s.moduleDisk.writes <= writesThere + 1, "but for journal time");
});

test("M36 without an account the way is tested as far as it goes without one", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const { steps } = await tested(fleet, "a", { destination: fleet.at("s").address });
  t.deepEqual(
    steps.map(({ outcome }) => outcome),
    ["passed", "passed", "passed", "passed", "not-reached", "not-reached"],
  );
});

for (const [name, destination, word] of [
  ["is none", "10.0.0.1:80", "destination-malformed"],
  ["is a name that nobody has", "nobody.example", "address-unusable"],
  ["is empty, and no server answers the search", "", "server-not-found"],
] as const) {
  test(`M36 an address that ${name} fails as the address`, async (t) => {
    const fleet = await Fleet.start({ others: ["a"] });
    t.is(verdict(await tested(fleet, "a", { destination, ...ACCOUNT })), `0 passed, address fails: ${word}`);
  });
}

test("M36 a machine that is off, unplugged or does not serve fails as the port", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a", "idle"] });
  const s = fleet.at("s");
  const way = { destination: s.address, ...ACCOUNT };
  const fails = "1 passed, port fails: server-unreachable";
  t.is(verdict(await tested(fleet, "a", { ...way, destination: fleet.at("idle").address })), fails);
  s.unplug();
  t.is(verdict(await tested(fleet, "a", way)), fails);
  s.plug();
  s.powerOff();
  t.is(verdict(await tested(fleet, "a", way)), fails);
});

test("M36 M06 a server machine that waits for the right time fails as the clock, and passes once it has it", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const s = fleet.at("s");
  s.timeServer = "silent";
  s.clock.setWall(9 * 24 * 3600_000);
  await s.restart();
  await fleet.when(() => s.clock.sntp().kind === "silent", 10_000);
  await fleet.advance(1_000);
  t.is(s.status?.server?.state, "waiting-for-clock");
  const way = { destination: s.address, ...ACCOUNT };
  t.is(verdict(await tested(fleet, "a", way)), "3 passed, clock fails: clock-not-right");
  t.is(verdict(await tested(fleet, "s", { destination: "localhost" })), "3 passed, clock fails: clock-not-right");
  s.clock.setSntp("answered");
  await fleet.when(() => s.status?.server?.state === "running");
  t.is(verdict(await tested(fleet, "a", way)), "6 passed, none fails: nothing");
});

test("M36 a date that is off fails nothing, and is told", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"], clocks: { a: { offsetMs: -3600_000, driftPpm: 0 } } });
  const report = await tested(fleet, "a", { destination: fleet.at("s").address, ...ACCOUNT });
  t.is(verdict(report), "6 passed, none fails: nothing");
  t.true(Math.abs((report.aheadMs ?? 0) + 3600_000) < 1_000);
});

test("M36 a wrong password, and an account without administrator rights, fail as the account", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const destination = fleet.at("s").address;
  for (const account of ["Administrator", "nobody", "alice"])
    t.is(verdict(await tested(fleet, "a", { destination, account, password: "wrong" })), "4 passed, account fails: account-refused");
});

test("M36 M10 settings that differ fail as the settings, and are named", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const users = fleet.at("a").hal.users;
  users.setPolicy({ loginService: "another", departments: { on: true, ids: ["7"] } });
  const { steps } = await tested(fleet, "a", { destination: fleet.at("s").address, ...ACCOUNT });
  t.deepEqual(steps.at(-1), {
    part: "settings",
    outcome: "failed",
    refusal: { word: "settings-differ", parts: ["login-service", "departments"] },
  });
});

test("B08 M36 where the login service wants the password itself, it is told to no machine whose fingerprint nobody compared", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const s = fleet.at("s");
  const told: string[] = [];
  s.hal.users.prove = async () => ({
    kind: "password",
    check: async (password) => {
      told.push(password);
      return "administrator";
    },
  });
  const way = { destination: s.address, ...ACCOUNT };
  for (const trust of [undefined, { server: "f".repeat(32) }]) {
    const { steps, server } = await tested(fleet, "a", { ...way, ...(trust === undefined ? {} : { trust }) });
    t.deepEqual(steps.slice(4), [
      { part: "account", outcome: "not-reached", because: "unconfirmed" },
      { part: "settings", outcome: "not-reached" },
    ]);
    t.is(server, s.identity, "whose fingerprint it is to be compared");
    t.deepEqual(told, []);
  }
  t.is(verdict(await tested(fleet, "a", { ...way, trust: { server: s.identity } })), "6 passed, none fails: nothing");
  t.deepEqual(told, ["desk"]);
});

test("M36 this very machine: its own server function is tested without a wire", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  t.is(verdict(await tested(fleet, "s", { destination: "localhost:8443" })), "6 passed, none fails: nothing");
  for (const destination of ["localhost", fleet.at("a").address])
    t.is(verdict(await tested(fleet, "a", { destination })), "2 passed, service fails: server-not-running", destination);
});

test("M36 M09 an address that is left empty is searched for, and told", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const report = await tested(fleet, "a", { destination: "", ...ACCOUNT });
  t.is(verdict(report), "6 passed, none fails: nothing");
  t.is(report.destination, fleet.at("s").address);
});

test("M36 M29 a proxy on the way is named, without its account, for it may be what is at fault", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const way = { destination: fleet.at("s").address };
  fleet.at("a").setProxy({ proxy: "http://joe:secret@proxy:3128", proxyExcludesLocalhost: true });
  t.is((await tested(fleet, "a", way)).proxy, "proxy:3128");
  fleet.at("a").setProxy({ proxy: undefined, proxyExcludesLocalhost: true });
  t.is((await tested(fleet, "a", way)).proxy, undefined);
});

test("M36 with keys alone: the test of the way says what to put right in the form behind it", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const finger = new Finger(fleet, "a");
  await finger.toFunction("Client");
  await finger.choose("Start the client", "Go on");
  const tested = async (...fields: readonly string[]): Promise<readonly string[]> => {
    await finger.choose("Server address");
    for (const text of fields) {
      await finger.press("clear", ...Array<Key>(20).fill("clear"));
      await finger.type(text);
      await finger.press("ok");
    }
    await finger.choose("Test the way");
    await finger.answered();
    const { lines } = finger;
    await finger.press("back");
    return lines;
  };
  const nobody = await tested("nobody.example");
  t.deepEqual(nobody.slice(1, 3), ["Address: failed", "No machine can be found under it."]);
  const wrong = await tested(fleet.at("s").address, "Administrator", "wrong");
  const failed = wrong.indexOf("Administrator of the server: failed");
  t.regex(wrong[failed + 2] ?? "", /^Press Back and correct them/);
});

test("B05 M09 while the proxy on the way wants another account a client says so; what is edited waits, and goes when it is put right", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const a = fleet.at("a");
  const settings = { proxy: "http://proxy:3128", proxyExcludesLocalhost: true };
  fleet.network.proxy = "account";
  a.setProxy(settings);
  await a.restart();
  await a.edit("user:alice", "display-language", "", "fr");
  await fleet.advance(15_000);
  t.like(a.status?.client, { state: "offline", away: "authentication-failed", pending: 1 });
  fleet.network.proxy = "silent";
  await fleet.when(() => a.status?.client?.away === undefined, 60_000, "silence is told as silence");
  fleet.network.proxy = "works";
  await fleet.settle();
  t.like(a.status?.client, { state: "synchronized", away: undefined, pending: 0 });
  t.is(fleet.at("s").status?.server?.users, 1);
});
