import test from "ava";
import { Fleet } from "../fleet/fleet.ts";
import { decodeQuestion, encodeAnswer } from "../../src/link/dns-message.ts";
import { SEARCH } from "../../src/link/searching.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import type { VirtualMachine } from "../fleet/machine.ts";

const search = (fleet: Fleet, name: string, depth = 1) => fleet.until(fleet.at(name).administration.search(depth));
const ACCOUNT = { account: "Administrator", password: "desk", trust: "first-answer" } as const;
const foundAt = ({ address, deviceName, identity }: VirtualMachine) => ({ address, deviceName, server: identity });

test("M09 exactly one server machine answers: it is found, with its address, name and identity", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  t.deepEqual(await search(fleet, "b"), { kind: "found", found: foundAt(fleet.at("s")) });
  t.is(fleet.at("b").status?.client, undefined, "nothing is set by it");
});

test("M09 no server machine answers: said plainly, and nothing is set", async (t) => {
  const fleet = await Fleet.start({ others: ["a", "b"] });
  t.deepEqual(await search(fleet, "a"), { kind: "none" });
  const outcome = await fleet.until(fleet.at("a").administration.synchronize({ client: { destination: "", ...ACCOUNT } }));
  t.deepEqual(outcome, { word: "server-not-found", searchDepth: 1 });
  t.is(fleet.at("a").status?.client, undefined);
});

test("M09 more than one server machine answers: all are listed, and none is taken, but the one that is trusted by name", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["r", "a"] });
  await fleet.serve("r");
  const [s, r, a] = [fleet.at("s"), fleet.at("r"), fleet.at("a")];
  t.deepEqual(await search(fleet, "a"), { kind: "several", found: [foundAt(s), foundAt(r)] });
  t.deepEqual(await fleet.until(a.administration.synchronize({ client: { destination: "", ...ACCOUNT } })), {
    word: "several-servers",
    addresses: [s.address, r.address],
  });
  t.is(a.status?.client, undefined);
  const trusted = { ...ACCOUNT, destination: "", trust: { server: r.identity } };
  t.is(await fleet.until(a.administration.synchronize({ client: trusted })), "done");
});

test("M09 an empty destination is searched for, and from there on it is like one that was written", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  t.is(await fleet.at("a").startClient(""), "done");
  await fleet.at("a").restart();
  await fleet.settle();
  await fleet.at("a").edit("user:alice", "display-language", "", "de");
  await fleet.settle();
  t.is(fleet.at("a").status?.client?.state, "synchronized");
  t.is(fleet.server?.status?.server?.users, 1);
});

for (const depth of [1, 2, 3, 8]) {
  test(`M09 search depth ${depth} crosses ${depth - 1} routers and not one more`, async (t) => {
    const fleet = await Fleet.start({ server: "s", others: ["near", "far"] });
    fleet.network.putInSegment("near", depth - 1);
    fleet.network.putInSegment("far", depth);
    t.deepEqual(await search(fleet, "near", depth), { kind: "found", found: foundAt(fleet.at("s")) });
    t.deepEqual(await search(fleet, "far", depth), { kind: "none" });
  });
}

test("M09 a search depth that is no number from 1 to 8 is refused", async (t) => {
  const fleet = await Fleet.start({ others: ["a"] });
  const refusal = { word: "search-depth", depthMax: 8 };
  for (const depth of [0, -1, 9, 1.5, Number.NaN]) {
    t.deepEqual(await search(fleet, "a", depth), { kind: "refused", refusal });
    const client = { destination: "", searchDepth: depth, ...ACCOUNT };
    t.deepEqual(await fleet.until(fleet.at("a").administration.synchronize({ client })), refusal);
  }
});

test("M09 the own server function counts, and is reached as localhost", async (t) => {
  const fleet = await Fleet.start({ server: "s" });
  const { identity, deviceName } = fleet.at("s");
  t.deepEqual(await search(fleet, "s"), { kind: "found", found: { address: "localhost", deviceName, server: identity } });
});

test("M09 a server function that waits for its clock, or was stopped, is not found", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const s = fleet.at("s");
  s.timeServer = "off";
  s.clock.setWall(9 * 24 * 3600_000);
  await s.restart();
  t.is(s.status?.server?.state, "waiting-for-clock");
  t.deepEqual(await search(fleet, "a"), { kind: "none" });
  await s.stopServer();
  t.deepEqual(await search(fleet, "a"), { kind: "none" });
});

test("M09 a cable that is out is silence, and a datagram that got lost is asked again", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  fleet.at("s").unplug();
  t.deepEqual(await search(fleet, "a"), { kind: "none" });
  fleet.at("s").plug();
  fleet.network.cut("a", "s");
  const searching = fleet.at("a").administration.search(1);
  await fleet.advance(500);
  fleet.network.heal("a", "s");
  t.like(await fleet.until(searching), { kind: "found" });
});

test("M09 M37 a server machine in full sleep is woken by a search, found, and sleeps again", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const s = fleet.at("s");
  await s.sleepFully();
  await fleet.when(() => s.asleep, 120_000, "the server's sleep");
  t.like(await search(fleet, "a"), { kind: "found" });
  t.false(s.asleep);
  await fleet.when(() => s.asleep, 120_000, "the server's sleep");
});

test("M09 a machine without the server function is not woken by a search", async (t) => {
  const fleet = await Fleet.start({ others: ["a", "b"] });
  await fleet.at("b").sleepFully();
  await fleet.when(() => fleet.at("b").asleep, 120_000, "its sleep");
  t.deepEqual(await search(fleet, "a"), { kind: "none" });
  t.true(fleet.at("b").asleep);
});

test("M09 a server machine that was found by a search is followed to another address; one that was written is not", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["searched", "written"] });
  const s = fleet.at("s");
  const before = s.address;
  await fleet.at("searched").startClient("");
  await fleet.at("written").startClient(s.address);
  for (const name of ["searched", "written"]) await fleet.at(name).restart();
  await fleet.settle();
  s.moveTo("10.0.0.99");
  await s.restart();
  await fleet.at("searched").edit("user:alice", "display-language", "", "de");
  const upToDate = () => fleet.at("searched").status?.client?.state === "synchronized" && fleet.server?.status?.server?.users === 1;
  t.like(fleet.at("searched").status?.client, { destination: before, searched: true }, "until it is found");
  await fleet.when(upToDate, 600_000, "being found again");
  t.like(fleet.at("searched").status?.client, { destination: "10.0.0.99", searched: true });
  t.like(fleet.at("written").status?.client, { state: "offline", destination: before, searched: undefined });
  await fleet.at("searched").restart();
  await fleet.when(() => fleet.at("searched").status?.client?.state === "synchronized", 20_000, "the new address is kept");
});

test("M09 a machine whose medium fails when it finds its server machine elsewhere goes on, and finds it again", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await a.startClient("");
  await a.restart();
  await fleet.settle();
  s.moveTo("10.0.0.99");
  await s.restart();
  a.moduleDisk.failingWrites = Number.POSITIVE_INFINITY;
  await fleet.advance(600_000);
  t.not(a.status?.client?.state, "synchronized");
  a.moduleDisk.failingWrites = 0;
  await fleet.when(() => a.status?.client?.state === "synchronized", 600_000, "being found again");
});

test("M09 M10 a machine that was refused when the server machine went to another address finds it there, and is told anew", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const [s, a] = [fleet.at("s"), fleet.at("a")];
  await a.startClient("");
  await a.restart();
  await fleet.settle();
  a.chooseSettings({ domains: ["SALES"] });
  await fleet.when(() => a.status?.client?.state === "refused", 20_000, "it differs");
  s.moveTo("10.0.0.99");
  await s.restart();
  await fleet.when(() => a.status?.client?.state === "offline", 120_000, "nobody refuses it any more");
  t.is(a.status?.client?.reason, "settings-differ", "and what was the matter is known");
  await fleet.when(() => a.status?.client?.state === "refused", 300_000, "it is found, and refuses again");
  a.chooseSettings({ domains: [] });
  await fleet.when(() => a.status?.client?.state === "synchronized", 20_000, "and lets it in");
});

for (const trust of ["first-answer", "the identity"] as const) {
  test(`M09 a server machine that was found by a search and went elsewhere before it was met is found there (${trust}); one that was written is not`, async (t) => {
    const fleet = await Fleet.start({ server: "s", others: ["searched", "written", "r"] });
    const s = fleet.at("s");
    const set = { ...ACCOUNT, destination: s.address, trust: trust === "first-answer" ? trust : { server: s.identity } };
    s.powerOff();
    await fleet.until(fleet.at("searched").administration.synchronize({ client: { ...set, searchDepth: 1 } }));
    await fleet.until(fleet.at("written").administration.synchronize({ client: set }));
    for (const name of ["searched", "written"]) await fleet.at(name).restart();
    if (trust === "the identity") await fleet.serve("r");
    await fleet.advance(150_000);
    t.false(
      fleet.at("searched").log.some(({ code }) => code === "server-found"),
      "another one is not taken for it",
    );
    s.moveTo("10.0.0.99");
    await s.switchOn();
    await fleet.when(() => fleet.at("searched").status?.client?.state === "synchronized", 300_000, "being met at last");
    t.is(fleet.at("written").status?.client?.state, "offline");
  });
}

test("M09 while its server machine is away, a client follows no other that answers", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a", "r"] });
  await fleet.at("a").startClient("");
  await fleet.at("a").restart();
  await fleet.settle();
  fleet.at("s").powerOff();
  await fleet.serve("r");
  await fleet.advance(10 * 60_000);
  t.is(fleet.at("a").status?.client?.state, "offline");
  t.false(fleet.at("a").log.some(({ code }) => code === "server-found"));
});

/** Answers every search in the name of another machine. */
async function claim(machine: VirtualMachine, server: DeviceId): Promise<void> {
  const member = await machine.hal.network.joinGroup(SEARCH, { wakes: false });
  member.onMessage((bytes, from) => {
    const question = decodeQuestion(bytes, from);
    if (question !== undefined) member.answer(encodeAnswer({ ...question, server, deviceName: "false", port: 8443 }), from);
  });
}

test("M09 whoever only claims the identity of the server is not believed: the certificate is insisted on", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a", "impostor"] });
  const { identity } = fleet.at("s");
  await fleet.at("a").edit("user:alice", "display-language", "", "de");
  await fleet.at("a").startClient("");
  await fleet.at("a").restart();
  await fleet.settle();
  fleet.at("s").powerOff();
  await fleet.serve("impostor");
  await claim(fleet.at("impostor"), identity);
  await fleet.when(() => fleet.at("a").status?.client?.reason === "another-server", 20 * 60_000, "the way to the impostor");
  t.is(await fleet.at("a").read("user:alice", "display-language", ""), "de");
  await fleet.at("s").switchOn();
  await fleet.when(() => fleet.at("a").status?.client?.state === "synchronized", 20 * 60_000, "being back");
});
