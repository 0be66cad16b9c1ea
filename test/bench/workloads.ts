/** What is measured: joins from nothing, and edits until every machine has them. */
import { must } from "../../src/model/assert.ts";
import { type BenchMachine, BenchTrouble } from "./bench-machine.ts";
import type { DataSetOptions } from "./data-set.ts";
import { editsOf } from "./edits.ts";
import type { Fleet } from "./fleet.ts";
import { type Counters, type JoinTimes, monotonicMs } from "./orders.ts";
import { quantile } from "./statistics.ts";
import { type Memory, SystemWatch, type Watched, memoryOf } from "./system.ts";

/** One figure a name. */
export type Cell = Readonly<Record<string, number>>;

/** One empty client machine joins; nobody else is connected. The server was just restarted, and has made no snapshot part yet. */
export async function coldJoin(fleet: Fleet): Promise<Cell> {
  const client = must(fleet.clients[1], "a second client");
  await fleet.prepare(client);
  await fleet.freshServer();
  const { times, watched } = await watchedJoin(fleet, [client]);
  const [joined] = times;
  const { connectAtMs, replicaAtMs, upToDateAtMs, bytes } = must(joined, "one client, one time");
  await settled(fleet);
  return {
    upToDateMs: upToDateAtMs - connectAtMs,
    replicaMs: replicaAtMs - connectAtMs,
    fromProcessStartMs: upToDateAtMs - client.startedAtMs,
    bytesReceived: bytes.received,
    bytesSent: bytes.sent,
    clientCpuMs: watched.cpuMs.get(client.pid) ?? Number.NaN,
    serverCpuMs: watched.cpuMs.get(fleet.server.pid) ?? Number.NaN,
    ...memoryCell("client", [client], watched),
    ...memoryCell("server", [fleet.server], watched),
    foreignCpuPercent: watched.foreignCpuPercent,
  };
}

/** All client machines, empty, join at the same moment, by a server that was just restarted. */
export async function joinTogether(fleet: Fleet): Promise<Cell> {
  for (const client of fleet.clients) await fleet.prepare(client);
  await fleet.freshServer();
  const { times, watched } = await watchedJoin(fleet, fleet.clients);
  const startMs = Math.min(...times.map(({ connectAtMs }) => connectAtMs));
  await settled(fleet);
  return {
    upToDateMs: Math.max(...times.map(({ upToDateAtMs }) => upToDateAtMs)) - startMs,
    replicaMs: Math.max(...times.map(({ replicaAtMs }) => replicaAtMs)) - startMs,
    bytesReceived: times.reduce((sum, { bytes }) => sum + bytes.received, 0),
    serverCpuMs: watched.cpuMs.get(fleet.server.pid) ?? Number.NaN,
    ...memoryCell("client", fleet.clients, watched),
    ...memoryCell("server", [fleet.server], watched),
    foreignCpuPercent: watched.foreignCpuPercent,
  };
}

async function watchedJoin(fleet: Fleet, clients: readonly BenchMachine[]): Promise<{ times: readonly JoinTimes[]; watched: Watched }> {
  let watch: SystemWatch | undefined;
  try {
    const times = await fleet.join(clients, () => {
      const fresh = clients.map(({ pid }) => pid);
      watch = new SystemWatch([fleet.server.pid, ...fresh], fresh);
    });
    return { times, watched: must(watch, "the machines were started").stop() };
  } catch (cause) {
    watch?.stop();
    throw cause;
  }
}

export interface EditOptions {
  readonly data: DataSetOptions;
  /** Number of the first edit: no two runs have one in common. */
  readonly first: number;
  readonly count: number;
  readonly perSecond: number;
}

/** The first client machine makes edits at a steady rate; all machines are connected and up to date. */
export async function edits(fleet: Fleet, { data, first, count, perSecond }: EditOptions): Promise<Cell> {
  const { server, clients } = fleet;
  const author = must(clients[0], "a client");
  const others = clients.slice(1);
  const receivers = [server, ...others];
  const made = editsOf(data, { first, count });
  if (made.length < count) throw new BenchTrouble(`the data set has only ${made.length} entries that can be edited; ask for fewer --edits`);
  await Promise.all(receivers.map((machine) => machine.ask("watch", { first, count })));
  const before = await countersOf([server, author, ...others]);
  const watch = new SystemWatch([server.pid, ...clients.map(({ pid }) => pid)]);
  let watched: Watched;
  let times: { readonly calledAtMs: readonly number[]; readonly savedAtMs: readonly number[] };
  try {
    times = await author.ask("edit", { edits: made, perSecond }, 60_000 + (count * 1_000) / perSecond);
    await everywhere(server, others, count);
  } finally {
    watched = watch.stop();
  }
  const grown = growth(before, await countersOf([server, author, ...others]));
  const sightings = await Promise.all(receivers.map((machine) => machine.ask("sightings", undefined)));
  const { calledAtMs, savedAtMs } = times;
  const latest = (of: readonly (readonly number[])[]): number[] =>
    calledAtMs.map((calledMs, index) => Math.max(...of.map((each) => each[index] ?? Number.NaN)) - calledMs);
  const durable = latest(sightings.map(({ durableAtMs }) => durableAtMs));
  const onServer = latest(sightings.slice(0, 1).map(({ durableAtMs }) => durableAtMs));
  const shown = latest(sightings.slice(1).map(({ shownAtMs }) => shownAtMs));
  const saved = calledAtMs.map((calledMs, index) => (savedAtMs[index] ?? Number.NaN) - calledMs);
  const [ofServer = NOTHING, ofAuthor = NOTHING, ...ofOthers] = grown;
  const perEdit = (of: readonly Counters[], figure: (counters: Counters) => number): number =>
    of.reduce((sum, each) => sum + figure(each), 0) / of.length / count;
  await settled(fleet);
  return {
    durableP50Ms: quantile(durable, 0.5),
    durableP99Ms: quantile(durable, 0.99),
    durableMaxMs: Math.max(...durable),
    serverP50Ms: quantile(onServer, 0.5),
    serverP99Ms: quantile(onServer, 0.99),
    shownP50Ms: quantile(shown, 0.5),
    shownP99Ms: quantile(shown, 0.99),
    savedP50Ms: quantile(saved, 0.5),
    savedP99Ms: quantile(saved, 0.99),
    editsPerSecond: ((count - 1) * 1_000) / ((calledAtMs.at(-1) ?? Number.NaN) - (calledAtMs[0] ?? Number.NaN)),
    receivedBytesPerEdit: perEdit(ofOthers, ({ tcp }) => tcp.received),
    storedBytesPerEdit: perEdit(ofOthers, ({ storedBytes }) => storedBytes),
    serverWritesPerEdit: perEdit([ofServer], ({ storedWrites }) => storedWrites),
    authorWritesPerEdit: perEdit([ofAuthor], ({ storedWrites }) => storedWrites),
    receiverWritesPerEdit: perEdit(ofOthers, ({ storedWrites }) => storedWrites),
    cpuMsPerEdit: [...watched.cpuMs].filter(([pid]) => pid !== process.pid).reduce((sum, [, ms]) => sum + ms, 0) / count,
    ...memoryCell("client", clients, watched),
    ...memoryCell("server", [server], watched),
    foreignCpuPercent: watched.foreignCpuPercent,
  };
}

const NOTHING: Counters = { tcp: { received: Number.NaN, sent: Number.NaN }, storedBytes: Number.NaN, storedWrites: Number.NaN };

const countersOf = (machines: readonly BenchMachine[]): Promise<readonly Counters[]> =>
  Promise.all(machines.map((machine) => machine.ask("counters", undefined)));

const growth = (before: readonly Counters[], after: readonly Counters[]): readonly Counters[] =>
  after.map((now, index) => {
    const { tcp, storedBytes, storedWrites } = before[index] ?? NOTHING;
    return {
      tcp: { received: now.tcp.received - tcp.received, sent: now.tcp.sent - tcp.sent },
      storedBytes: now.storedBytes - storedBytes,
      storedWrites: now.storedWrites - storedWrites,
    };
  });

/** Asked every now and then, not for each edit: the answers are no times. */
async function everywhere(server: BenchMachine, others: readonly BenchMachine[], count: number): Promise<void> {
  const limitMs = monotonicMs() + 60_000;
  for (;;) {
    const seen = await Promise.all([server, ...others].map((machine) => machine.ask("seen", undefined)));
    if (seen.every(({ durable, shown }, index) => durable === count && (index === 0 || shown === count))) return;
    if (monotonicMs() > limitMs)
      throw new BenchTrouble(`of ${count} edits these came (server first, durable and shown): ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Of several machines the one that takes the most. */
function memoryCell(name: string, machines: readonly BenchMachine[], { peaks }: Watched): Cell {
  const now = machines.flatMap(({ pid }) => memoryOf(pid) ?? []);
  const most = machines.flatMap(({ pid }) => peaks.get(pid) ?? []);
  const largest = (of: readonly Memory[], field: keyof Memory): number =>
    of.length === 0 ? Number.NaN : Math.max(...of.map((each) => each[field]));
  return {
    [`${name}RssMb`]: largest(now, "rssMb"),
    [`${name}AnonMb`]: largest(now, "anonMb"),
    [`${name}PeakRssMb`]: largest(most, "rssMb"),
    [`${name}PeakAnonMb`]: largest(most, "anonMb"),
  };
}

const settled = ({ settleMs }: Fleet): Promise<void> => new Promise((resolve) => setTimeout(resolve, settleMs));

/** Whether all machines show the same data, and all of it; a benchmark of a fleet that lost something is worth nothing. */
export async function verify(fleet: Fleet, entries: number): Promise<void> {
  const digests = await Promise.all(fleet.clients.map((client) => client.ask("digest", undefined)));
  const wrong = digests.findIndex((each) => each.entries !== entries || each.digest !== digests[0]?.digest);
  if (wrong < 0) return;
  const all = digests.map((each, index) => `machine ${index + 2} has ${each.entries} entries (${each.digest.slice(0, 8)})`);
  throw new BenchTrouble(`the machines do not have the same ${entries} entries: ${all.join(", ")}`);
}
