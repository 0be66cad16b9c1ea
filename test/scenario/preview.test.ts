import test from "ava";
import type { Preview } from "../../hal/services/preview.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { VirtualMachine } from "../fleet/machine.ts";
import { ALICE, BOB, COMMON, LANGUAGE, SALES, address, button } from "./entries.ts";

const SETTINGS = { account: "Administrator", password: "desk", trust: "first-answer" } as const;

/** a takes part; b has made its first contact and waits for its restart. */
async function fleetBeforeJoin(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await a.edit(ALICE, "personal-button", "x", button("theirs"));
  await a.edit(BOB, ...LANGUAGE, "it");
  await a.edit("user:carol", ...LANGUAGE, "es");
  await a.edit(COMMON, "common-address", "a1", address("from-a", "1"));
  await fleet.settle();
  await b.edit(ALICE, ...LANGUAGE, "de");
  await b.edit(ALICE, "personal-button", "y", button("own"));
  await b.edit(ALICE, "keychain", "k", { user: "alice", password: "geheim" });
  await b.edit(BOB, ...LANGUAGE, "it");
  await b.edit(SALES, "group-address", "g", address("shop"));
  await b.edit(COMMON, "common-address", "b1", address("from-b", "1"));
  await b.edit(COMMON, "common-address", "b2", address("from-b", "2"));
  await b.startClient(fleet.at("s").address);
  return fleet;
}

const rows = ({ holdings }: Preview) =>
  holdings.map(({ owner, list, outcome, here, there, lost }) => [owner, list, outcome, here, there, lost]);

test("B01 before a machine joins its administrator sees which owners would be replaced, supplied, received or unchanged, and then it is so", async (t) => {
  const fleet = await fleetBeforeJoin();
  const preview = await fleet.at("b").preview();
  t.deepEqual(rows(preview), [
    [COMMON, "1", "replaced", 1, 1, 1],
    [COMMON, "2", "supplied", 1, 0, 0],
    [SALES, undefined, "supplied", 1, 0, 0],
    [ALICE, undefined, "replaced", 3, 2, 3],
    [BOB, undefined, "unchanged", 1, 1, 0],
    ["user:carol", undefined, "received", 0, 1, 0],
  ]);
  t.deepEqual(preview.counts, { replaced: 2, supplied: 2, received: 1, unchanged: 1 });
  t.false(preview.joined);
  await fleet.at("b").restart();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.deepEqual(await fleet.everywhere(SALES, "group-address", "g"), address("shop"));
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "b2"), address("from-b", "2"));
  t.is((await fleet.at("b").history()).length, 4, "as many as were said to be lost");
  t.true((await fleet.at("b").preview()).joined, "nothing is going to happen any more");
});

test("B01 M12 an address that the server has in another list is not said to be supplied: the server's takes its place, and then it is so", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await fleet.at("a").edit(COMMON, "common-address", "k", address("of-a", "1"));
  await b.edit(COMMON, "common-address", "k", address("of-b", "2"));
  await b.edit(COMMON, "common-address", "l", address("of-b", "2"));
  await fleet.settle();
  await b.startClient(fleet.at("s").address);
  const shown = await b.preview(COMMON);
  t.deepEqual(
    shown.entries?.map(({ key, outcome }) => [key, outcome]),
    [
      ["k", "replaced"],
      ["l", "supplied"],
    ],
  );
  await b.restart();
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "k"), address("of-a", "1"));
  t.deepEqual(await fleet.everywhere(COMMON, "common-address", "l"), address("of-b", "2"));
  t.is(
    (await b.history()).length,
    shown.holdings.reduce((sum, { lost }) => sum + lost, 0),
  );
});

test("B01 of one owner it is shown entry by entry, here and there, without any secret", async (t) => {
  const fleet = await fleetBeforeJoin();
  const { entries = [] } = await fleet.at("b").preview(ALICE);
  const sorted = [...entries].sort((a, b) => `${a.item} ${a.key}`.localeCompare(`${b.item} ${b.key}`));
  t.deepEqual(sorted, [
    { item: "display-language", key: "", outcome: "replaced", here: "de", there: "fr" },
    { item: "keychain", key: "k", outcome: "removed", here: { set: true } },
    { item: "personal-button", key: "x", outcome: "received", there: button("theirs") },
    { item: "personal-button", key: "y", outcome: "removed", here: button("own") },
  ]);
  t.false(JSON.stringify(entries).includes("geheim"));
});

test("B01 a preview changes nothing on either side: no place, no session, no write on the server, nothing left on the machine", async (t) => {
  const fleet = await fleetBeforeJoin();
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  const contents = async (machine: VirtualMachine): Promise<string[]> => {
    const keys: string[] = [];
    for await (const [key, value] of machine.moduleDisk.peek().range({ from: "a", to: "z" }))
      keys.push(`${key} ${Buffer.from(value).toString("hex")}`);
    return keys.filter((line) => !line.startsWith("l/"));
  };
  await fleet.at("a").stopClient();
  await fleet.advance(30_000);
  const [onServer, here, revision] = [await contents(s), await contents(b), s.status?.server?.revision];
  const owners = await b.owners();
  for (let times = 0; times < 3; times += 1) await b.preview();
  t.is(s.status?.server?.revision, revision);
  t.deepEqual(await contents(s), onServer);
  t.deepEqual(await contents(b), here);
  t.deepEqual(await b.owners(), owners);
  t.is(await b.read(ALICE, ...LANGUAGE), "de");
  t.deepEqual(s.administration.machines(), []);
  t.false(s.heldAwake, "a look keeps no server awake");
  t.false(fleet.wiretap.messages.some(({ from, message }) => from === "b" && ["offer", "push", "client-beat"].includes(message.body.kind)));
  t.is(a.status?.client, undefined);
});

test("B01 while a machine looks, the server machine may sleep fully and scopes may change: it does not operate", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["b"] });
  const [s, b] = [fleet.at("s"), fleet.at("b")];
  await b.startClient(s.address);
  await fleet.advance(30_000);
  fleet.network.onMessage(({ to, message }) => {
    if (to === "b" && message.body.kind === "welcome") fleet.network.unplug("b");
  });
  const looking = b.administration.preview({}).then(
    () => "seen",
    (error: { code: string }) => error.code,
  );
  await fleet.when(() => fleet.wiretap.messages.some(({ message }) => message.body.kind === "welcome"), 10_000, "a welcome");
  await fleet.advance(100);
  t.false(s.heldAwake);
  t.is(await s.setSharing({ timeline: "device-specific" }), "done");
  t.is(await fleet.until(looking), "link-lost", "a look that is cut off is given up");
});

test("B01 it says when it has become stale, on the server's side or on the machine's, and only then", async (t) => {
  const fleet = await fleetBeforeJoin();
  const [s, a, b] = [fleet.at("s"), fleet.at("a"), fleet.at("b")];
  const { id } = await b.preview();
  await fleet.advance(60_000);
  t.is((await b.preview(ALICE)).id, id, "nothing has changed, and the drill-down is the same preview");
  await a.edit(ALICE, ...LANGUAGE, "es");
  await fleet.settle();
  const second = await b.preview();
  t.not(second.id, id);
  await b.edit(BOB, ...LANGUAGE, "de");
  const third = await b.preview();
  t.not(third.id, second.id);
  await s.deleteOwner(ALICE);
  t.not((await b.preview()).id, third.id);
});

test("B01 a start that names a preview is refused when the preview has become stale, and changes nothing", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await b.edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  const settings = { destination: fleet.at("s").address, ...SETTINGS };
  const first = await fleet.until(b.administration.preview({ settings }));
  t.true("id" in first);
  t.is(b.status?.client, undefined, "it is not set by a look");
  const id = "id" in first ? first.id : "";
  await a.edit(BOB, ...LANGUAGE, "fr");
  await fleet.settle();
  t.deepEqual(await fleet.until(b.administration.synchronize({ client: settings, preview: id })), { word: "preview-stale" });
  t.is(b.status?.client, undefined);
  const second = await fleet.until(b.administration.preview({ settings }));
  t.is(await fleet.until(b.administration.synchronize({ client: settings, preview: "id" in second ? second.id : "" })), "done");
  t.is(b.status?.client?.state, "restart-needed");
});

test("B01 it needs the first contact, and says what the server machine would say to this machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  t.deepEqual(await fleet.until(b.administration.preview({})), { word: "not-paired" });
  await b.startClient(fleet.at("s").address);
  b.hal.users.setPolicy({ loginService: "directory" });
  t.deepEqual(await fleet.until(b.administration.preview({})), { word: "settings-differ", parts: ["login-service"] });
  b.hal.users.setPolicy({ loginService: "local" });
  t.is((await b.preview()).joined, false);
  b.unplug();
  await t.throwsAsync(fleet.until(b.administration.preview({})), { code: "server-unreachable" });
});

test("B01 of a large server a preview is complete while others go on editing", async (t) => {
  const fleet = await Fleet.start({
    server: "s",
    clients: ["a"],
    others: ["b"],
    weather: { latencyMsMin: 20, latencyMsMax: 60, loss: 0, duplicates: 0 },
  });
  const [a, b] = [fleet.at("a"), fleet.at("b")];
  const entries = Array.from({ length: 40 }, (_, user) =>
    Array.from({ length: 20 }, (_, key) => ({
      owner: `user:u${user}` as never,
      item: "shortcut",
      key: `k${key}`,
      value: button(`${"x".repeat(90)}`),
    })),
  ).flat();
  await a.editAll(entries);
  await b.edit("user:u7", ...LANGUAGE, "de");
  await fleet.settle();
  await b.startClient(fleet.at("s").address);
  const looking = b.administration.preview({});
  for (let user = 0; user < 10; user += 1) {
    void a.changeSoon(`user:n${user}`, ...LANGUAGE, "fr");
    await fleet.advance(30);
  }
  const preview = await fleet.until(looking);
  t.true("counts" in preview && preview.counts.received >= 39 && preview.counts.replaced === 1);
});

test("B01 killed after any of its writes, a machine that looks has nothing left of it when it starts again", async (t) => {
  for (let writes = 1; writes <= 7; writes += 1) {
    const fleet = await fleetBeforeJoin();
    const b = fleet.at("b");
    let left = writes;
    b.moduleDisk.onDurable = () => {
      left -= 1;
      if (left === 0) b.kill();
    };
    void b.administration.preview({}).catch(() => undefined);
    await fleet.advance(5_000);
    b.moduleDisk.onDurable = undefined;
    if (!b.on) await b.switchOn();
    for await (const [key] of b.moduleDisk.peek().range({ from: "v/", to: "v0" })) t.fail(`${key} is left, killed after write ${writes}`);
    t.is((await b.preview()).counts.replaced, 2, `killed after write ${writes}`);
  }
});

test("B01 M04 the server machine's own client is previewed as well, without a wire", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await s.edit(ALICE, ...LANGUAGE, "de");
  await s.edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  await s.startClient("localhost");
  t.deepEqual((await s.preview()).counts, { replaced: 1, supplied: 1, received: 0, unchanged: 0 });
});

test("B01 M02 the eleventh machine is told so before it starts", async (t) => {
  const clients = Array.from({ length: 9 }, (_, index) => `c${index}`);
  const fleet = await Fleet.start({ server: "s", clients, others: ["b"] });
  await fleet.at("b").startClient(fleet.at("s").address);
  t.deepEqual(await fleet.until(fleet.at("b").administration.preview({})), { word: "too-many-machines", machinesMax: 10 });
});

test("B01 a machine that takes part is shown what another fleet would do to it, and goes on in its own; within its fleet nothing would happen", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["t", "c"] });
  await fleet.serve("t");
  const [a, c, other] = [fleet.at("a"), fleet.at("c"), fleet.at("t")];
  await c.edit(ALICE, ...LANGUAGE, "de");
  await c.startClient(other.address);
  await c.restart();
  await a.edit(ALICE, ...LANGUAGE, "fr");
  await a.edit(BOB, ...LANGUAGE, "it");
  await fleet.when(() => a.status?.client?.pending === 0 && c.status?.client?.state === "synchronized", 60_000, "both fleets");
  const previewed = (address: string) => fleet.until(a.administration.preview({ settings: { ...SETTINGS, destination: address } }));
  const elsewhere = await previewed(other.address);
  if ("word" in elsewhere) return t.fail(elsewhere.word);
  t.deepEqual(elsewhere.counts, { replaced: 1, supplied: 1, received: 0, unchanged: 0 });
  t.like(await previewed(fleet.at("s").address), { joined: true });
  t.is(a.status?.client?.state, "synchronized");
  t.is(await a.read(ALICE, ...LANGUAGE), "fr");
});

test("B01 M02 a machine that was taken out is not let in again by a look at what would happen", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const [s, b] = [fleet.at("s"), fleet.at("b")];
  t.is(await fleet.until(s.administration.removeMachine(b.identity)), "done");
  await fleet.when(() => b.status?.client?.state === "refused", 60_000, "b is told");
  t.like(await fleet.until(b.administration.preview({ settings: { ...SETTINGS, destination: s.address } })), { word: "put-out" });
  await fleet.advance(60_000);
  t.is(b.status?.client?.state, "refused");
});
