/** The simulated world keeps its own promises: what it gets wrong would be taken for the product's fault. */
import test from "ava";
import type { ProxySettings } from "../../hal/network.ts";
import { deviceId } from "../../src/model/ids.ts";
import type { Up } from "../../src/protocol/up.ts";
import { GroupSockets } from "../../hal/sim/group-sockets.ts";
import { SimUsers } from "../../hal/sim/sim-users.ts";
import { Fleet } from "./fleet.ts";
import { seededDice } from "./random.ts";
import { FAST_DISK, SLOW_DISK, VirtualDisk } from "./virtual-disk.ts";
import { PROXY } from "./virtual-proxy.ts";
import { FAIR_WEATHER, groupsOf, type Node, VirtualNetwork } from "./virtual-network.ts";
import { ClockHardware, Life, World } from "./virtual-time.ts";

const run = async (world: World, ms: number): Promise<void> => {
  const endMs = world.nowMs + ms;
  await world.settleNow();
  while (await world.step(endMs));
};

test("time passes in order; events of one moment in the order they were asked for", async (t) => {
  const world = new World();
  const seen: string[] = [];
  for (const [ms, name] of [
    [5, "c"],
    [1, "a"],
    [5, "d"],
    [3, "b"],
  ] as const)
    world.after(ms, name, () => seen.push(`${name}${world.nowMs}`));
  const callOff = world.after(4, "x", () => seen.push("x"));
  callOff();
  await run(world, 100);
  t.deepEqual(seen, ["a1", "b3", "c5", "d5"]);
  t.is(world.nowMs, 100);
});

test("a clock that runs fast sleeps at least as long as it was asked to, by its own count", async (t) => {
  for (const driftPpm of [-100, 0, 77, 100]) {
    const world = new World();
    const hardware = new ClockHardware(world, { offsetMs: 0, driftPpm });
    hardware.powerOn("not set");
    const clock = hardware.view(new Life(world, "m"));
    for (const ms of [0, 1, 999, 2_500, 86_400_000]) {
      const from = clock.monotonicMs();
      let woke = -1;
      void clock.sleep(ms, new AbortController().signal).then(() => (woke = clock.monotonicMs()));
      await run(world, ms + 20_000);
      t.true(woke >= from + ms && woke <= from + ms + 2, `${ms} ms at ${driftPpm} ppm: ${woke - from}`);
    }
  }
});

test("a killed life hears nothing more; a beginning of its writes may be durable, never a later one without an earlier one", async (t) => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const world = new World();
    const disk = new VirtualDisk(seededDice(seed));
    const life = new Life(world, "m");
    const storage = disk.mount(life);
    let answered = 0;
    for (let n = 1; n <= 5; n += 1) void storage.write([{ key: `k${n}`, value: Uint8Array.of(n) }]).then(() => (answered += 1));
    await run(world, 4);
    const before = answered;
    life.end();
    disk.kill(life);
    await run(world, 1_000);
    t.is(answered, before);
    const kept = await disk.peek().getMany(["k1", "k2", "k3", "k4", "k5"]);
    const durable = kept.indexOf(undefined);
    t.true(kept.slice(durable < 0 ? 5 : durable).every((value) => value === undefined));
    t.true((durable < 0 ? 5 : durable) >= answered, "what was answered is durable");
  }
});

test("a disk that was slow is quick again when what was called for until then is written", async (t) => {
  const world = new World();
  const disk = new VirtualDisk(seededDice("slow"));
  const storage = disk.mount(new Life(world, "m"));
  t.true(disk.isQuick);
  disk.speed = SLOW_DISK;
  t.false(disk.isQuick);
  let isWritten = false;
  void storage.write([{ key: "k", value: Uint8Array.of(1) }]).then(() => (isWritten = true));
  disk.speed = FAST_DISK;
  t.false(disk.isQuick);
  await run(world, 1_000);
  t.true(isWritten && disk.isQuick);
});

function pair(weather = FAIR_WEATHER, seed: number | string = "pair") {
  const world = new World();
  const network = new VirtualNetwork({ world, dice: seededDice(seed) });
  network.weather = weather;
  const node = (name: string, digit: string): Node & { proxy: ProxySettings } => ({
    name,
    address: name,
    identity: deviceId(digit.repeat(32)),
    identityEnds: false,
    endIdentity: async () => undefined,
    serialNumber: name,
    deviceName: name,
    powered: true,
    users: new SimUsers({ random: seededDice(1).bytes }),
    asleep: false,
    wallMs: 0,
    groups: new GroupSockets({ address: name, send: () => undefined }),
    wakeForConnection: () => true,
    proxy: { proxy: undefined, proxyExcludesLocalhost: true },
  });
  const [s, c] = [node("s", "a"), node("c", "b")];
  network.addNode(s);
  network.addNode(c);
  const links = (of: Node) => {
    const life = new Life(world, of.name);
    const clock = new ClockHardware(world, { offsetMs: 0, driftPpm: 0 }).view(life);
    return network.linksOf(of, life, { clock, network: groupsOf(of) });
  };
  return { world, network, server: links(s), client: links(c), s, c };
}

const beat = (counter: number): Up => ({
  envelope: { version: 1, fleet: undefined, epoch: undefined, from: deviceId("b".repeat(32)), session: undefined, counter },
  body: { kind: "client-beat", loggedIn: [], waiting: 0 },
});

test("a cut cable is silence; what was sent arrives in order when it is healed in time, or the link says that it is down", async (t) => {
  const { world, network, server, client, s } = pair({ ...FAIR_WEATHER, latencyMsMax: 300 });
  const heard: number[] = [];
  const states: string[] = [];
  const serving = await server.serve({ isPinned: () => true, differing: () => [], pin: async () => ({ word: "put-out" }) });
  serving.onMessage((_from, message) => heard.push(message.envelope.counter));
  const link = client.connect({ host: "s", port: 8443 }, s.identity);
  link.onState((state) => states.push(state));
  await run(world, 2_000);
  t.deepEqual(states, ["up"]);
  network.partition("c", "s");
  for (let n = 1; n <= 20; n += 1) link.send(beat(n));
  await run(world, 1_000);
  t.deepEqual(heard, []);
  network.heal("c", "s");
  await run(world, 4_000);
  t.deepEqual(
    heard,
    Array.from({ length: 20 }, (_, n) => n + 1),
  );
  network.partition("c", "s");
  link.send(beat(21));
  await run(world, 60_000);
  t.is(states.at(-1), "down");
  network.heal("c", "s");
  await run(world, 20_000);
  t.is(states.at(-1), "up");
  t.false(heard.includes(21));
});

test("on a way that flaps what was sent arrives within the silence that a broker bears, or not at all", async (t) => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { world, network, server, client, s } = pair({ ...FAIR_WEATHER, latencyMsMax: 700 }, seed);
    const lateMs: number[] = [];
    const serving = await server.serve({ isPinned: () => true, differing: () => [], pin: async () => ({ word: "put-out" }) });
    serving.onMessage((_from, { envelope }) => lateMs.push(world.nowMs - envelope.counter));
    const link = client.connect({ host: "s", port: 8443 }, s.identity);
    await run(world, 2_000);
    network.partition("c", "s");
    link.send(beat(world.nowMs));
    // It is open for less time than a sender takes to try again; whoever looks just then whether it is stuck finds it open.
    for (let times = 0; times < 10; times += 1) {
      await run(world, 1_950);
      network.heal("c", "s");
      await run(world, 49);
      network.partition("c", "s");
    }
    network.heal("c", "s");
    await run(world, 60_000);
    t.true(Math.max(0, ...lateMs) <= 15_700, `seed ${seed}: ${Math.max(...lateMs)} ms`);
  }
});

test("a way through a proxy lasts as long as the proxy lets through, and it is told why it does not", async (t) => {
  const { world, network, server, client, s, c } = pair();
  await server.serve({ isPinned: () => true, differing: () => [], pin: async () => ({ word: "put-out" }) });
  const states: string[] = [];
  client
    .connect({ host: "s", port: 8443 }, s.identity)
    .onState((state, why) => states.push(why === undefined || "word" in why ? state : why.code));
  await run(world, 100);
  network.proxy = "account";
  await run(world, 60_000);
  t.deepEqual(states, ["up"], "this machine has none");
  c.proxy = { proxy: PROXY, proxyExcludesLocalhost: true };
  network.breakConnections("c");
  await run(world, 60_000);
  network.proxy = "refuses";
  await run(world, 60_000);
  network.proxy = "works";
  await run(world, 60_000);
  network.proxy = "silent";
  await run(world, 60_000);
  t.deepEqual(states, ["up", "link-lost", "authentication-failed", "server-unreachable", "up", "link-lost", "server-unreachable"]);
});

test("a machine that is not pinned is told so, and one that insists on another certificate as well", async (t) => {
  const { world, server, client, s } = pair();
  await server.serve({ isPinned: () => false, differing: () => [], pin: async () => ({ word: "put-out" }) });
  const whys: unknown[] = [];
  client.connect({ host: "s", port: 8443 }, s.identity).onState((_state, why) => whys.push(...(why === undefined ? [] : [why])));
  client.connect({ host: "s", port: 8443 }, deviceId("c".repeat(32))).onState((_state, why) => whys.push(why));
  await run(world, 100);
  t.deepEqual(whys, [{ word: "another-server" }, { word: "not-paired" }], "the certificate is looked at before anything is asked");
});

test("what a machine held before it was restarted and gives up later does not put it to sleep", async (t) => {
  const fleet = await Fleet.start({ server: "s", others: ["a"] });
  const a = fleet.at("a");
  const before = a.hal.restrictions.beginImportExport();
  if (before === "locked") return t.fail();
  await a.sleepFully();
  t.is(a.hal.power.state, "active", "an import keeps it awake (M30)");
  await fleet.join("a");
  before.end();
  await fleet.advance(1_000);
  t.is(a.hal.power.state, "active");
  await a.edit("user:alice", "display-language", "", "de");
  await fleet.advance(1_000);
  t.is((await a.why("user:alice", "display-language", "")).state, "standing");
});
