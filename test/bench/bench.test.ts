/** The bench in small, for what it says to be true: no times are looked at, they are those of a busy computer. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { once } from "node:events";
import { type Server, connect, createServer } from "node:net";
import { join, resolve } from "node:path";
import test, { type ExecutionContext } from "ava";
import { itemOf } from "../../src/model/item.ts";
import { bundles } from "./bench.ts";
import { compare, isFor } from "./compare.ts";
import { dataSet, factsOf } from "./data-set.ts";
import { editOf, editsIn, editsOf } from "./edits.ts";
import { BadBenchOption, type BenchOptions, readOptions } from "./options.ts";
import { FLOOR, OURS, PEERS } from "./peers/peers.ts";
import { EditWatch } from "./probes.ts";
import { lastLives } from "./profile.ts";
import { byFunction, cpuCosts, heapCosts } from "./profile-costs.ts";
import { ShapingProxy } from "./surroundings/shaping-proxy.ts";
import { verdictOf } from "./targets.ts";
import { quantile, spreadOf } from "./statistics.ts";
import { WORKLOADS, workloadNamed } from "./workloads/all.ts";
import type { Cell } from "./workloads/cell.ts";
import { freePort } from "../free-port.ts";

const SHARED = 50;
const SMALL = { users: 12, seed: 7 };
const DEFAULTS = optionsOf([]);
let bundling: Promise<string> | undefined;
/** What is around the machines is the same for all: the quickest of them goes through slow flash, networks and overload. */
const ON_THE_FLOOR_ALONE = /\.|^O1$/;

for (const peer of [OURS, ...PEERS.map(({ name }) => name)]) {
  test.serial(`${peer} goes through every workload and ends with the same data on every machine`, async (t) => {
    const missing = PEERS.find(({ name }) => name === peer)?.missing();
    if (missing !== undefined || !(await hasAddress("127.0.9.1"))) {
      t.log(missing ?? "this system has only 127.0.0.1: each machine of the bench needs an address of its own");
      t.pass();
      return;
    }
    const folder = await built();
    const workDir = join(folder, `fleet-${peer}`);
    try {
      const workloads = WORKLOADS.map(({ name }) => name).filter((name) => peer === FLOOR || !ON_THE_FLOOR_ALONE.test(name));
      const options = {
        ...DEFAULTS,
        workloads,
        soak: 60,
        users: [1],
        runs: 1,
        clients: 2,
        edits: 20,
        perSecond: 200,
        burst: 30,
        peers: [peer],
      };
      // `compare` itself looks at what the machines hold: that one lacks an entry is trouble.
      const place = { users: 1, distDir: join(folder, "dist"), workDir, progress: () => undefined, settleMs: 0, sharedAddresses: SHARED };
      const { data, peers } = await compare(options, place);
      t.is(peers[0]?.trouble, undefined);
      t.is(data.entries, factsOf({ users: 1, seed: 1, sharedAddresses: SHARED }).entries);
      t.deepEqual(
        Object.keys(peers[0]?.cells ?? {}),
        workloads.filter((name) => isFor(peer, workloadNamed(name))),
      );
      holdsTogether(t, peers[0]?.cells ?? {}, data.jsonBytes);
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
  });
}

/** No time is looked at but against another one of the same machine. */
function holdsTogether(t: ExecutionContext, cells: Readonly<Record<string, readonly Cell[]>>, jsonBytes: number): void {
  const figure = (workload: string, field: string): number => cells[workload]?.[0]?.[field] ?? Number.NaN;
  t.true(figure("W1", "replicaMs") > 0 && figure("W1", "replicaMs") <= figure("W1", "upToDateMs"), "the replica is complete first");
  t.true(figure("W1", "upToDateMs") < figure("W1", "fromProcessStartMs"), "a process starts before it connects");
  const received = figure("W1", "bytesReceived");
  t.true(received > jsonBytes / 20, `all of it was received, ${received} bytes`);
  t.true(figure("W1", "bytesSent") < received / 2, "what arrives is not sent back");
  t.true(figure("W1x9", "bytesReceived") > received * 1.5, "two machines receive more than one");
  t.true(figure("W2", "durableP50Ms") > 0 && figure("W2", "shownP99Ms") > 0 && figure("W2", "savedP50Ms") > 0);
  t.true(figure("W2max", "editsPerSecond") > 0 && figure("W2max", "acknowledgedMs") > 0);
  t.true(figure("W3", "bytesReceived") > 0 && figure("W3", "changedBytes") > 0);
  t.true(figure("W5", "bytesReceived") <= received * 1.1, "who was up to date receives no more than who has nothing");
  if (process.platform === "linux") {
    t.true(figure("W1", "clientPeakAnonMb") > 5 && figure("W1", "clientPeakRssMb") >= figure("W1", "clientPeakAnonMb"));
  }
}

test("the data set is the same for the same seed, and another for another", (t) => {
  t.deepEqual([...dataSet(SMALL)], [...dataSet(SMALL)]);
  t.notDeepEqual([...dataSet(SMALL)], [...dataSet({ ...SMALL, seed: 8 })]);
});

test("every entry of the data set is one that a printer takes, and no two have the same name", (t) => {
  const names = new Set<string>();
  for (const { owner, item, key, value } of [...dataSet(SMALL)].flat()) {
    const definition = itemOf(item);
    t.is(definition?.fault(value), undefined, `${item} ${JSON.stringify(value)}`);
    names.add(JSON.stringify([owner, item, key]));
  }
  t.is(names.size, factsOf(SMALL).entries);
});

test("a thousand users have about fifty thousand entries of the sizes that are asked for", (t) => {
  const { entries, jsonBytes, p5, p50, max } = factsOf({ users: 1_000, seed: 1 });
  t.true(entries > 45_000 && entries < 55_000, `${entries}`);
  t.true(jsonBytes > 13e6 && jsonBytes < 17e6, `${jsonBytes}`);
  t.true(p5 > 170 && p50 > 270 && p50 < 340 && max <= 407, `${p5} ${p50} ${max}`);
});

test("edits change entries that are there, each another one, and are recognised again", (t) => {
  const names = new Set([...dataSet(SMALL)].flat().map(({ owner, item, key }) => JSON.stringify([owner, item, key])));
  const edits = editsOf(SMALL, { first: 40, count: 50 });
  t.is(new Set(edits.map(({ owner, item, key }) => JSON.stringify([owner, item, key]))).size, 50);
  for (const [index, edit] of edits.entries()) {
    t.true(names.has(JSON.stringify([edit.owner, edit.item, edit.key])));
    t.is(editOf(edit), 40 + index);
    t.is(itemOf(edit.item)?.fault(edit.value ?? ""), undefined);
  }
  t.deepEqual(editsIn(Buffer.from(JSON.stringify(edits.slice(0, 3)))), [40, 41, 42]);
  t.deepEqual(editsIn(Buffer.from("nothing of the kind, edit-1 @edi")), []);
});

test("a watch takes the first sighting of each of its edits, and no others", (t) => {
  const watch = new EditWatch();
  watch.durable([5], 1);
  watch.start({ first: 5, count: 2 });
  watch.durable([4, 6, 7], 10);
  watch.durable([6], 11);
  watch.shown([5], 12);
  t.deepEqual(watch.seen, { durable: 1, shown: 1 });
  t.deepEqual(watch.stop(), { durableAtMs: [Number.NaN, 10], shownAtMs: [12, Number.NaN] });
  t.false(watch.active);
});

test("a quantile is one of the values, and unknown when one of them is", (t) => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  t.is(quantile(hundred, 0.5), 50);
  t.is(quantile(hundred, 0.99), 99);
  t.is(quantile([3], 0.99), 3);
  t.is(quantile([1, Number.NaN], 0.5), Number.NaN);
  t.deepEqual(spreadOf([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
});

test("a target is judged by its bounds, and what was not measured is said to be so", (t) => {
  const less = { what: "", unit: "", digits: 0, value: () => 0, must: 10, aim: 5 };
  t.deepEqual(
    [4, 5, 6, 10, 11, Number.NaN].map((value) => verdictOf(less, value)),
    ["aim met", "aim met", "met", "met", "NOT MET", "not measured"],
  );
  t.is(verdictOf({ ...less, more: true, must: 0.9, aim: undefined }, 0.8), "NOT MET");
  t.is(verdictOf({ ...less, more: true, must: 0.9, aim: undefined }, 0.9), "met");
});

test("costs are added up by function, and only the last process of a machine counts", (t) => {
  const frame = (functionName: string) => ({ functionName, url: "file:///x/module.mjs", lineNumber: 6 });
  const nodes = [
    { id: 1, callFrame: frame("encode") },
    { id: 2, callFrame: frame("(idle)") },
    { id: 3, callFrame: frame("encode") },
  ];
  const profile = { nodes, samples: [1, 2, 3, 1], timeDeltas: [1_000, 50_000, 2_000, 500] };
  t.deepEqual(byFunction(cpuCosts(profile)), [{ where: "encode  module.mjs:7", cost: 3.5 }]);
  const leaf = { callFrame: frame("read"), selfSize: 3_000, children: [] };
  t.deepEqual(byFunction(heapCosts({ head: { callFrame: frame("main"), selfSize: 1_000, children: [leaf, leaf] } })), [
    { where: "read  module.mjs:7", cost: 6 },
    { where: "main  module.mjs:7", cost: 1 },
  ]);
  const files = ["machine-1-10.cpuprofile", "machine-1-20.cpuprofile", "machine-1-20.heapprofile", "machine-3-15.cpuprofile"];
  t.deepEqual(lastLives(files), ["machine-1-20", "machine-3-15"]);
});

test("a shaping proxy passes on every byte in its order, and the end after them", async (t) => {
  const host = "127.0.0.1";
  const sent = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251));
  const echo = createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)).listen(0, host);
  await once(echo, "listening");
  const [from, to] = [await freePort(host), portOf(echo)];
  const proxy = await ShapingProxy.open({ at: { host, port: from }, to: { host, port: to }, link: { bitsPerSecond: 4e6, delayMs: 5 } });
  const socket = connect({ host, port: from }).end(sent);
  const received = Buffer.concat(await socket.toArray());
  t.true(received.equals(sent));
  await proxy.close();
  echo.close();
});

test("options that make no sense are told apart and said", (t) => {
  t.false(optionsOf([]).report);
  const { users, runs, peers, workloads } = optionsOf(["--users", "10,100", "--runs", "1", "--peers", "raw,ours", "--workloads", "W2,W1"]);
  t.deepEqual({ users, runs, peers, workloads }, { users: [10, 100], runs: 1, peers: ["ours", "raw"], workloads: ["W1", "W2"] });
  t.is(readOptions(["--help"]), "help");
  for (const args of [
    ["--users", "0"],
    ["--users", "1001"],
    ["--clients", "10"],
    ["--clients", "1"],
    ["--runs", "x"],
    ["--peers", "us"],
    ["--fast"],
  ]) {
    t.throws(() => readOptions(args), { instanceOf: BadBenchOption }, args.join(" "));
  }
});

function hasAddress(host: string): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(0, host, () => probe.close(() => resolve(true)));
  });
}

function optionsOf(args: readonly string[]): BenchOptions {
  const options = readOptions(args);
  if (options === "help") throw new Error("options were asked for");
  return options;
}

/** All bundles, made once. Below the repository: the peers' programs find their packages from there. */
function built(): Promise<string> {
  bundling ??= (async () => {
    const parent = resolve(".build");
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, "bench-test-"));
    await bundles(folder);
    return folder;
  })();
  return bundling;
}

test.after.always(async () => {
  if (bundling !== undefined) await rm(await bundling, { recursive: true, force: true });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
