/** The figures as people read them. */
import type { BenchOptions } from "./options.ts";
import type { DataSetFacts } from "./data-set.ts";
import type { FleetFigures } from "./bench.ts";
import { spreadOf } from "./statistics.ts";
import type { Cell } from "./workloads.ts";

type Form = (value: number) => string;

const ms: Form = (value) => (Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0));
const megabytes: Form = (value) => value.toFixed(1);
const bytesAsMb: Form = (value) => (value / 1e6).toFixed(3);
const hundredths: Form = (value) => value.toFixed(2);
const plain: Form = (value) => value.toFixed(0);

interface Row {
  readonly title: string;
  readonly field: string;
  readonly unit: string;
  readonly form: Form;
}

const MEMORY: readonly Row[] = ["server", "client"].flatMap((who) => [
  { title: `${who} memory after it, RSS`, field: `${who}RssMb`, unit: "MB", form: megabytes },
  { title: `${who} memory after it, private`, field: `${who}AnonMb`, unit: "MB", form: megabytes },
  { title: `${who} memory at most, RSS`, field: `${who}PeakRssMb`, unit: "MB", form: megabytes },
  { title: `${who} memory at most, private`, field: `${who}PeakAnonMb`, unit: "MB", form: megabytes },
]);
const FOREIGN: Row = { title: "other processes meanwhile", field: "foreignCpuPercent", unit: "% of a core", form: plain };

const JOIN: readonly Row[] = [
  { title: "connect to up to date", field: "upToDateMs", unit: "ms", form: ms },
  { title: "connect to durable in the replica", field: "replicaMs", unit: "ms", form: ms },
  { title: "process start to up to date", field: "fromProcessStartMs", unit: "ms", form: ms },
  { title: "TCP payload received", field: "bytesReceived", unit: "MB", form: bytesAsMb },
  { title: "TCP payload sent", field: "bytesSent", unit: "MB", form: bytesAsMb },
  { title: "client CPU, with process start", field: "clientCpuMs", unit: "ms", form: ms },
  { title: "server CPU", field: "serverCpuMs", unit: "ms", form: ms },
  ...MEMORY,
  FOREIGN,
];

const TOGETHER: readonly Row[] = [
  { title: "first connect to last up to date", field: "upToDateMs", unit: "ms", form: ms },
  { title: "first connect to last replica durable", field: "replicaMs", unit: "ms", form: ms },
  { title: "TCP payload received by all", field: "bytesReceived", unit: "MB", form: bytesAsMb },
  { title: "server CPU", field: "serverCpuMs", unit: "ms", form: ms },
  ...MEMORY,
  FOREIGN,
];

const EDITS: readonly Row[] = [
  { title: "edit to durable on all, p50", field: "durableP50Ms", unit: "ms", form: ms },
  { title: "edit to durable on all, p99", field: "durableP99Ms", unit: "ms", form: ms },
  { title: "edit to durable on all, slowest", field: "durableMaxMs", unit: "ms", form: ms },
  { title: "edit to durable on the server, p50", field: "serverP50Ms", unit: "ms", form: ms },
  { title: "edit to durable on the server, p99", field: "serverP99Ms", unit: "ms", form: ms },
  { title: "edit to shown by all printers, p50", field: "shownP50Ms", unit: "ms", form: ms },
  { title: "edit to shown by all printers, p99", field: "shownP99Ms", unit: "ms", form: ms },
  { title: "edit to saved by its own printer, p50", field: "savedP50Ms", unit: "ms", form: ms },
  { title: "edit to saved by its own printer, p99", field: "savedP99Ms", unit: "ms", form: ms },
  { title: "edits made a second", field: "editsPerSecond", unit: "", form: megabytes },
  { title: "TCP payload received, a client and edit", field: "receivedBytesPerEdit", unit: "B", form: plain },
  { title: "given to the replica's database, same", field: "storedBytesPerEdit", unit: "B", form: plain },
  { title: "writes of the module's database: server", field: "serverWritesPerEdit", unit: "an edit", form: hundredths },
  { title: "  the author's", field: "authorWritesPerEdit", unit: "an edit", form: hundredths },
  { title: "  every other client's", field: "receiverWritesPerEdit", unit: "an edit", form: hundredths },
  { title: "CPU an edit, all machines", field: "cpuMsPerEdit", unit: "ms", form: megabytes },
  ...MEMORY,
  FOREIGN,
];

export interface Host {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly flags: readonly string[];
  readonly budgetMb: number;
}

export const heading = (host: Host, { clients, runs, edits, perSecond, seed }: BenchOptions): string =>
  [
    `Node ${host.node}, ${host.platform}, ${host.cores} cores, ${new Date().toISOString()}`,
    `the bundled module under the bundled runtime, a process each, ${host.flags.join(" ")}; TLS, synced writes, loopback`,
    `1 server machine, ${clients} client machines; ${runs} runs, ${edits} edits each at ${perSecond}/s; seed ${seed}`,
    "median (min-max) of the runs",
  ].join("\n");

export const dataLine = (users: number, { entries, owners, jsonBytes, p5, p50, p95, max }: DataSetFacts): string =>
  `${users} users: ${entries} entries of ${owners} owners, ${(jsonBytes / 1e6).toFixed(2)} MB as JSON (an entry: p5 ${p5}, p50 ${p50}, p95 ${p95}, at most ${max} B)`;

export function tables({ coldJoin, together, edits, warnings }: FleetFigures, { budgetMb }: Host): string {
  const last = [overBudget([...coldJoin, ...together, ...edits], budgetMb), warningLine(warnings)];
  return [
    table("one empty client joins", JOIN, coldJoin),
    table("all empty clients join at once", TOGETHER, together),
    table("edits of one client", EDITS, edits),
    last.join("\n"),
  ].join("\n\n");
}

function table(title: string, rows: readonly Row[], cells: readonly Cell[]): string {
  const lines = rows.map(
    ({ title: name, field, unit, form }) =>
      `  ${name.padEnd(42)}${spread(
        cells.map((cell) => cell[field] ?? Number.NaN),
        form,
      )} ${unit}`,
  );
  return [`${title} (${cells.length} ${cells.length === 1 ? "run" : "runs"})`, ...lines].join("\n");
}

/** What could not be measured here is a dash. */
function spread(values: readonly number[], form: Form): string {
  if (values.some(Number.isNaN)) return "-".padStart(10).padEnd(30);
  const { median, min, max } = spreadOf(values);
  return `${form(median).padStart(10)}${values.length === 1 ? "" : ` (${form(min)}-${form(max)})`}`.padEnd(30);
}

/** The manifest's budget is of private memory, for a whole process: the printer's simulation is part of it here. */
function overBudget(cells: readonly Cell[], budgetMb: number): string {
  const peaks = cells.flatMap((cell) => [cell.serverPeakAnonMb ?? Number.NaN, cell.clientPeakAnonMb ?? Number.NaN]);
  if (peaks.some(Number.isNaN)) return "private memory could not be measured on this system";
  const most = Math.max(...peaks);
  const how = most > budgetMb ? "OVER" : "within";
  return `private memory of a process at most: ${most.toFixed(1)} MB, ${how} the manifest's ${budgetMb.toFixed(0)} MB (looked at every 50 ms)`;
}

function warningLine(warnings: FleetFigures["warnings"]): string {
  const counted = Object.entries(warnings).map(([code, count]) => `${count} x ${code}`);
  return `warnings and errors that the machines logged: ${counted.length === 0 ? "none" : counted.join(", ")}`;
}
