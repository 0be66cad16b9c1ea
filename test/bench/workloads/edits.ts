/** Edits, until every machine has them durably. */
import { must } from "../../../src/model/assert.ts";
import type { EntryChange } from "../../../src/model/entry.ts";
import { BenchTrouble } from "../asked-process.ts";
import type { DataSetOptions } from "../data-set.ts";
import { editsOf } from "../edits.ts";
import { type Counters, type Pace, type Sightings, monotonicMs } from "../orders.ts";
import { quantile } from "../statistics.ts";
import type { Machine, Subject } from "../subject.ts";
import { SystemWatch, type Watched } from "../system.ts";
import { type Cell, settled, systemCell } from "./cell.ts";

export interface EditOptions {
  readonly data: DataSetOptions;
  /** Number of the first edit: no two runs have one in common. */
  readonly first: number;
  readonly count: number;
}

/** W2: the first client makes edits at a steady rate; all machines are connected and up to date. */
export async function edits(subject: Subject, { perSecond, ...options }: EditOptions & { readonly perSecond: number }): Promise<Cell> {
  const author = must(subject.clients[0], "a client");
  const others = subject.clients.slice(1);
  const made = editsToMake(options);
  const { authors, seen, grown, watched } = await work(subject, [{ author, made }], { perSecond }, options);
  const { calledAtMs, savedAtMs } = must(authors[0], "one author");
  const witnesses = subject.serverWitnesses ? [subject.server, ...others] : others;
  const latest = (machines: readonly Machine[], when: (sightings: Sightings) => readonly number[]): number[] =>
    (machines.length === 0 ? [] : calledAtMs).map(
      (calledMs, index) =>
        Math.max(...machines.map((machine) => when(must(seen.get(machine), "it was watching"))[index] ?? Number.NaN)) - calledMs,
    );
  const durable = latest(witnesses, ({ durableAtMs }) => durableAtMs);
  const onServer = subject.serverWitnesses ? latest([subject.server], ({ durableAtMs }) => durableAtMs) : [];
  const shown = latest(others, ({ shownAtMs }) => shownAtMs);
  const saved = calledAtMs.map((calledMs, index) => (savedAtMs[index] ?? Number.NaN) - calledMs);
  const perEdit = (of: readonly Machine[], figure: (counters: Counters) => number): number =>
    of.reduce((sum, machine) => sum + figure(must(grown.get(machine), "it was counting")), 0) / of.length / options.count;
  await settled(subject);
  return {
    durableP50Ms: quantile(durable, 0.5),
    durableP99Ms: quantile(durable, 0.99),
    durableMaxMs: quantile(durable, 1),
    serverP50Ms: quantile(onServer, 0.5),
    serverP99Ms: quantile(onServer, 0.99),
    shownP50Ms: quantile(shown, 0.5),
    shownP99Ms: quantile(shown, 0.99),
    savedP50Ms: quantile(saved, 0.5),
    savedP99Ms: quantile(saved, 0.99),
    editsPerSecond: ((options.count - 1) * 1_000) / ((calledAtMs.at(-1) ?? Number.NaN) - (calledAtMs[0] ?? Number.NaN)),
    receivedBytesPerEdit: perEdit(others, ({ tcp }) => tcp.received),
    storedBytesPerEdit: perEdit(others, ({ storedBytes }) => storedBytes),
    serverWritesPerEdit: subject.serverWitnesses ? perEdit([subject.server], ({ storedWrites }) => storedWrites) : Number.NaN,
    authorWritesPerEdit: perEdit([author], ({ storedWrites }) => storedWrites),
    receiverWritesPerEdit: perEdit(others, ({ storedWrites }) => storedWrites),
    cpuMsPerEdit: totalCpuMs(watched) / options.count,
    authorCpuMsPerEdit: (watched.cpuMs.get(author.pid) ?? Number.NaN) / options.count,
    ...systemCell(subject, others, watched),
  };
}

/** W2max: every client makes edits at the same time, `inFlight` of them at once; until all machines have all, and nobody waits for the server's word. Fewer edits where the data set is small. */
export async function burst(subject: Subject, { inFlight, ...options }: EditOptions & { readonly inFlight: number }): Promise<Cell> {
  const { clients } = subject;
  const possible = editsOf(options.data, { ...options, count: options.count * clients.length }).length;
  const each = Math.floor(possible / clients.length);
  const total = each * clients.length;
  const all = editsToMake({ ...options, count: total });
  const works = clients.map((author, index) => ({ author, made: all.slice(index * each, (index + 1) * each) }));
  const { authors, seen, grown, watched, endedAtMs } = await work(subject, works, { inFlight }, { ...options, count: total });
  const startMs = Math.min(...authors.map(({ calledAtMs }) => calledAtMs[0] ?? Number.NaN));
  const lastMs = Math.max(...[...seen.values()].flatMap(({ durableAtMs }) => durableAtMs));
  await settled(subject);
  return {
    convergedMs: lastMs - startMs,
    editsPerSecond: (total * 1_000) / (lastMs - startMs),
    // Looked at every tenth of a second.
    acknowledgedMs: endedAtMs - startMs,
    savedMs: Math.max(...authors.flatMap(({ savedAtMs }) => savedAtMs)) - startMs,
    serverWrites: subject.serverWitnesses ? must(grown.get(subject.server), "it was counting").storedWrites : Number.NaN,
    clientWrites: clients.reduce((sum, client) => sum + must(grown.get(client), "it was counting").storedWrites, 0) / clients.length,
    cpuMsPerEdit: totalCpuMs(watched) / total,
    ...systemCell(subject, clients, watched),
  };
}

/** Throws BenchTrouble when the data set has too few entries. */
export function editsToMake({ data, first, count }: EditOptions): readonly EntryChange[] {
  const made = editsOf(data, { first, count });
  if (made.length < count) throw new BenchTrouble(`the data set has only ${made.length} entries that can be edited; ask for fewer edits`);
  return made;
}

interface Worked {
  readonly authors: readonly { readonly calledAtMs: readonly number[]; readonly savedAtMs: readonly number[] }[];
  readonly seen: ReadonlyMap<Machine, Sightings>;
  readonly grown: ReadonlyMap<Machine, Counters>;
  readonly watched: Watched;
  readonly endedAtMs: number;
}

/** All machines look for all edits. Resolves when all are everywhere, durable and shown, and the server has acknowledged them. */
export async function work(
  { server, clients, serverWitnesses, serverPids }: Pick<Subject, "server" | "clients" | "serverWitnesses" | "serverPids">,
  authors: readonly { readonly author: Machine; readonly made: readonly EntryChange[] }[],
  pace: Pace,
  { first, count }: Pick<EditOptions, "first" | "count">,
): Promise<Worked> {
  const machines = serverWitnesses ? [server, ...clients] : clients;
  await Promise.all(machines.map((machine) => machine.ask("watch", { first, count })));
  const before = await countersOf(machines);
  const watch = new SystemWatch([...serverPids, ...clients.map(({ pid }) => pid)]);
  try {
    const limitMs = 60_000 + ("perSecond" in pace ? (count * 1_000) / pace.perSecond : count * 50);
    const times = await Promise.all(authors.map(({ author, made }) => author.ask("edit", { edits: made, pace }, limitMs)));
    await everywhere(machines, clients, { count, limitMs: 120_000 });
    const endedAtMs = monotonicMs();
    const watched = watch.stop();
    const after = await countersOf(machines);
    const seen = new Map<Machine, Sightings>();
    for (const machine of machines) seen.set(machine, await machine.ask("sightings", undefined));
    const grown = new Map(machines.map((machine) => [machine, growth(before.get(machine), after.get(machine))]));
    return { authors: times, seen, grown, watched, endedAtMs };
  } finally {
    watch.stop();
  }
}

const totalCpuMs = ({ cpuMs }: Watched): number => [...cpuMs].filter(([pid]) => pid !== process.pid).reduce((sum, [, ms]) => sum + ms, 0);

const NOTHING: Counters = { tcp: { received: Number.NaN, sent: Number.NaN }, storedBytes: Number.NaN, storedWrites: Number.NaN };

async function countersOf(machines: readonly Machine[]): Promise<ReadonlyMap<Machine, Counters>> {
  const counters = await Promise.all(machines.map((machine) => machine.ask("counters", undefined)));
  return new Map(machines.map((machine, index) => [machine, counters[index] ?? NOTHING]));
}

const growth = (before = NOTHING, now = NOTHING): Counters => ({
  tcp: { received: now.tcp.received - before.tcp.received, sent: now.tcp.sent - before.tcp.sent },
  storedBytes: now.storedBytes - before.storedBytes,
  storedWrites: now.storedWrites - before.storedWrites,
});

/** Resolves when all edits are on all machines. Asked every now and then, not for each edit: the answers are no times. */
export async function everywhere(
  machines: readonly Machine[],
  clients: readonly Machine[],
  { count, limitMs }: { readonly count: number; readonly limitMs: number },
): Promise<void> {
  const untilMs = monotonicMs() + limitMs;
  for (;;) {
    const seen = await Promise.all(machines.map((machine) => machine.ask("seen", undefined)));
    const complete = seen.every(({ durable, shown, pending }, index) => {
      const isClient = machines[index] !== undefined && clients.includes(machines[index]);
      return durable === count && pending === 0 && (!isClient || shown === count);
    });
    if (complete) return;
    if (monotonicMs() > untilMs) throw new BenchTrouble(`of ${count} edits these came, by machine: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
