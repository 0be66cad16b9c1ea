/** The bench in small, for what it says to be true: no times are looked at, they are those of a busy computer. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { tmpdir } from "node:os";
import test from "ava";
import { itemOf } from "../../src/model/item.ts";
import { bundles, measureFleet } from "./bench.ts";
import { dataSet, factsOf } from "./data-set.ts";
import { editOf, editsIn, editsOf } from "./edits.ts";
import { BadBenchOption, readOptions } from "./options.ts";
import { EditWatch } from "./probes.ts";
import { quantile, spreadOf } from "./statistics.ts";

const SMALL = { users: 12, seed: 7 };

test("a fleet joins, takes edits and ends with the same data on every machine", async (t) => {
  if (!(await hasAddress("127.0.9.1"))) {
    t.log("this system has only 127.0.0.1: each machine of the bench needs an address of its own");
    t.pass();
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const distDir = await bundles(folder);
    const options = { users: [1], runs: 1, clients: 2, edits: 20, perSecond: 200, seed: 1, json: undefined, profile: undefined };
    // measureFleet itself compares what the machines hold, and rejects when one lacks an entry.
    const { data, coldJoin, together, edits } = await measureFleet(options, {
      users: 1,
      distDir,
      workDir: join(folder, "fleet"),
      progress: () => undefined,
      settleMs: 0,
    });
    t.is(data.entries, factsOf({ users: 1, seed: 1 }).entries);
    const [join1, all, made] = [coldJoin[0] ?? {}, together[0] ?? {}, edits[0] ?? {}];
    t.true(
      (join1.replicaMs ?? -1) > 0 && (join1.replicaMs ?? 0) <= (join1.upToDateMs ?? 0),
      "the replica is complete before the printer is",
    );
    t.true((join1.upToDateMs ?? 0) < (join1.fromProcessStartMs ?? 0), "a process starts before it connects");
    // The data compresses, but not to nothing; and what arrives is not sent back.
    t.true((join1.bytesReceived ?? 0) > data.jsonBytes / 20 && (join1.bytesReceived ?? 0) < data.jsonBytes, `${join1.bytesReceived}`);
    t.true((join1.bytesSent ?? Number.MAX_VALUE) < (join1.bytesReceived ?? 0) / 2, `${join1.bytesSent}`);
    t.true((all.bytesReceived ?? 0) > (join1.bytesReceived ?? 0) * 1.5, "two machines receive more than one");
    t.true(
      (made.serverP50Ms ?? 0) > 0 && (made.durableP50Ms ?? 0) >= (made.serverP50Ms ?? 0),
      "all machines are not quicker than one of them",
    );
    t.true((made.shownP99Ms ?? 0) > 0 && (made.savedP50Ms ?? 0) > 0);
    if (process.platform === "linux") {
      t.true(
        (join1.clientPeakRssMb ?? 0) >= (join1.clientPeakAnonMb ?? 0) && (join1.clientPeakAnonMb ?? 0) > 5,
        "private memory is a part of the resident one",
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

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

test("options that make no sense are told apart and said", (t) => {
  t.deepEqual(readOptions(["--users", "10,100", "--runs", "1"]), {
    users: [10, 100],
    runs: 1,
    clients: 9,
    edits: 500,
    perSecond: 50,
    seed: 1,
    json: undefined,
    profile: undefined,
  });
  t.is(readOptions(["--help"]), "help");
  for (const args of [["--users", "0"], ["--users", "1001"], ["--clients", "10"], ["--clients", "1"], ["--runs", "x"], ["--fast"]]) {
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
