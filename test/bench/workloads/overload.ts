/** O1: a joiner, a slow reader, a burst and a huge import at the same time, while one client goes on making edits. */
import { assert, must } from "../../../src/model/assert.ts";
import type { Sightings } from "../orders.ts";
import { quantile } from "../statistics.ts";
import { type Machine, PLAIN } from "../subject.ts";
import { ShapingProxy } from "../surroundings/shaping-proxy.ts";
import { SystemWatch } from "../system.ts";
import { type Cell, systemCell } from "./cell.ts";
import type { Course } from "./course.ts";
import { editsOf } from "../edits.ts";
import { everywhere } from "./edits.ts";
import { verify } from "./verify.ts";

const SLOW = { bitsPerSecond: 1e6, delayMs: 50 };
const SLOW_WAY = 201;
const IMPORTED = 5_000;
const BURSTS = 9;
const IN_FLIGHT = 64;
const JOINER_MS_MAX = 60_000;

/** Who does what: with few clients one of them does several things, and nobody is slow. */
interface Parts {
  readonly author: Machine;
  readonly joiner: Machine;
  readonly importer: Machine;
  readonly bursting: readonly Machine[];
  readonly slow: Machine | undefined;
}

function partsOf(clients: readonly Machine[]): Parts {
  const [author, joiner, ...others] = clients;
  assert(author !== undefined && joiner !== undefined, "a fleet has two clients");
  const slow = others.length > 1 ? others.at(-1) : undefined;
  const free = others.filter((client) => client !== slow);
  return { author, joiner, slow, importer: free[0] ?? author, bursting: free.length > 1 ? free.slice(1) : [author] };
}

export async function overload(course: Course): Promise<Cell> {
  const { subject } = course;
  const at = subject.spare(SLOW_WAY);
  const proxy = await ShapingProxy.open({ at, to: subject.address, link: SLOW });
  const parts = partsOf(subject.clients);
  try {
    if (parts.slow !== undefined) {
      subject.conditions = { ...PLAIN, wayOf: (client) => (client === parts.slow?.number ? at : undefined) };
      await parts.slow.stop();
      await subject.join([parts.slow]);
    }
    await subject.prepare(parts.joiner);
    const cell = await allAtOnce(course, parts);
    // Edits that came after the joiner was up to date may still be on their way to it.
    await verify(subject, course.sizes.facts.entries, JOINER_MS_MAX);
    return cell;
  } finally {
    subject.conditions = PLAIN;
    await parts.slow?.stop();
    await proxy.close();
  }
}

async function allAtOnce({ subject, sizes, numbers }: Course, parts: Parts): Promise<Cell> {
  const { author, joiner, importer, bursting, slow } = parts;
  const { steady, burst, imported, first, count } = shared(sizes, numbers);
  const present = subject.clients.filter((client) => client !== joiner);
  const machines = subject.serverWitnesses ? [subject.server, ...present] : present;
  await Promise.all(machines.map((machine) => machine.ask("watch", { first, count })));
  const each = Math.ceil(burst.length / bursting.length);
  const limitMs = 300_000;
  let watch: SystemWatch | undefined;
  try {
    const joining = subject.join([joiner], () => {
      watch = new SystemWatch([...subject.serverPids, ...subject.clients.map(({ pid }) => pid)], [joiner.pid]);
    });
    const [times, importTimes, burstTimes, joined] = await Promise.all([
      author.ask("edit", { edits: steady, pace: { perSecond: sizes.perSecond } }, limitMs),
      importer.ask("import", { edits: imported }, limitMs),
      Promise.all(
        bursting.map((machine, index) =>
          machine.ask("edit", { edits: burst.slice(index * each, (index + 1) * each), pace: { inFlight: IN_FLIGHT } }, limitMs),
        ),
      ),
      joining,
    ]);
    await everywhere(machines, present, { count, limitMs });
    const watched = must(watch, "the joiner was started").stop();
    const sightings = new Map<Machine, Sightings>();
    for (const machine of machines) sightings.set(machine, await machine.ask("sightings", undefined));
    const quick = machines.filter((machine) => machine !== slow && machine !== author);
    const seenAtMs = (from: readonly Machine[], index: number): number =>
      Math.max(...from.map((machine) => sightings.get(machine)?.durableAtMs[index] ?? Number.NaN));
    const lastMs = (from: readonly Machine[], start: number, length: number): number =>
      Math.max(...Array.from({ length }, (_, index) => seenAtMs(from, start + index)));
    const latenciesOn = (from: readonly Machine[]): number[] =>
      from.length === 0 ? [] : times.calledAtMs.map((calledMs, index) => seenAtMs(from, index) - calledMs);
    const latencies = latenciesOn(quick);
    // Where they wait: at the server, or behind what a machine has to do for itself.
    const onServer = latenciesOn(subject.serverWitnesses ? [subject.server] : []);
    const onImporter = latenciesOn(quick.filter((machine) => machine === importer));
    const startMs = must(times.calledAtMs[0], "an edit was made");
    const [join] = joined;
    return {
      steadyP50Ms: quantile(latencies, 0.5),
      steadyP99Ms: quantile(latencies, 0.99),
      steadyMaxMs: Math.max(...latencies),
      steadyServerP50Ms: quantile(onServer, 0.5),
      steadyServerP99Ms: quantile(onServer, 0.99),
      steadyImporterP50Ms: quantile(onImporter, 0.5),
      burstMs: lastMs(quick, steady.length, burst.length) - Math.min(...burstTimes.flatMap(({ calledAtMs }) => calledAtMs)),
      importMs: lastMs(quick, steady.length + burst.length, imported.length) - (importTimes.calledAtMs[0] ?? Number.NaN),
      joinMs: (join?.upToDateAtMs ?? Number.NaN) - (join?.connectAtMs ?? Number.NaN),
      slowMs: slow === undefined ? Number.NaN : lastMs([slow], 0, count) - startMs,
      ...systemCell(subject, subject.clients, watched),
    };
  } finally {
    watch?.stop();
  }
}

/** Everybody's edits are of other entries: none loses against another one. Of a small data set each gets its share. */
function shared({ data, edits, burst }: Course["sizes"], numbers: Course["numbers"]) {
  const wanted = edits + burst * BURSTS + IMPORTED;
  const first = numbers(wanted);
  const made = editsOf(data, { first, count: wanted });
  const share = made.length / wanted;
  const steady = Math.max(1, Math.floor(edits * share));
  const bursts = Math.max(1, Math.floor(burst * BURSTS * share));
  return {
    first,
    count: made.length,
    steady: made.slice(0, steady),
    burst: made.slice(steady, steady + bursts),
    imported: made.slice(steady + bursts),
  };
}
