/** The figures as people read them. */
import type { DataSetFacts } from "./data-set.ts";
import type { BenchOptions } from "./options.ts";
import { FLOOR, OURS, type PeerFigures } from "./peers/peers.ts";
import { type Form, type Row, rowsOf } from "./rows.ts";
import { spreadOf } from "./statistics.ts";
import { type Reached, judged } from "./targets.ts";
import { WORKLOADS } from "./workloads/all.ts";
import type { Cell } from "./workloads/cell.ts";

export interface Host {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly flags: readonly string[];
  readonly budgetMb: number;
}

/** All peers with the same data. */
export interface Comparison {
  readonly users: number;
  readonly data: DataSetFacts;
  readonly peers: readonly PeerFigures[];
}

const TITLE_WIDTH = 42;
const COLUMN_WIDTH = 26;

export const heading = (host: Host, { clients, runs, edits, perSecond, seed }: BenchOptions): string =>
  [
    `Node ${host.node}, ${host.platform}, ${host.cores} cores, ${new Date().toISOString()}`,
    `ours: the bundled module under the bundled runtime, a process each, ${host.flags.join(" ")}; TLS, synced writes, loopback`,
    `1 server machine, ${clients} client machines; ${runs} runs, ${edits} edits each at ${perSecond}/s; seed ${seed}`,
    `median (min-max) of the runs; the last column is ours as a multiple of ${FLOOR}`,
  ].join("\n");

export const dataLine = (users: number, { entries, owners, jsonBytes, p5, p50, p95, max }: DataSetFacts): string =>
  `${users} users: ${entries} entries of ${owners} owners, ${(jsonBytes / 1e6).toFixed(2)} MB as JSON (an entry: p5 ${p5}, p50 ${p50}, p95 ${p95}, at most ${max} B)`;

export function tables({ peers }: Comparison, { budgetMb }: Host): string {
  const measured = WORKLOADS.filter(({ name }) => peers.some(({ cells }) => cells[name] !== undefined));
  const ours = peers.filter(({ peer }) => peer === OURS);
  return [
    ...measured.map(({ name, title }) => table(`${name}: ${title}`, rowsOf(name), columnsOf(peers, name))),
    ...peers.flatMap(({ peer, trouble }) => (trouble === undefined ? [] : [`${peer} went no further: ${trouble}`])),
    ...ours.map(({ cells, warnings }) => [overBudget(Object.values(cells).flat(), budgetMb), warningLine(warnings)].join("\n")),
  ].join("\n\n");
}

/** What was to be reached, line by line. */
export function verdicts(reached: Reached): string {
  const rows = judged(reached);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd()).join("\n");
}

interface Column {
  readonly peer: string;
  readonly cells: readonly Cell[];
}

const columnsOf = (peers: readonly PeerFigures[], workload: string): readonly Column[] =>
  peers.flatMap(({ peer, cells }) => (cells[workload] === undefined ? [] : [{ peer, cells: cells[workload] }]));

function table(title: string, rows: readonly Row[], columns: readonly Column[]): string {
  const head = columns.map(({ peer }) => peer.padStart(10).padEnd(COLUMN_WIDTH)).join("");
  const lines = rows.flatMap((row) => {
    const values = columns.map(({ cells }) => cells.map((cell) => cell[row.field] ?? Number.NaN));
    if (values.flat().every(Number.isNaN)) return [];
    const texts = values.map((each) => spread(each, row.form).padEnd(COLUMN_WIDTH)).join("");
    return [`  ${row.title.padEnd(TITLE_WIDTH)}${texts}${ratio(columns, row.field)} ${row.unit}`.trimEnd()];
  });
  return [title, `  ${"".padEnd(TITLE_WIDTH)}${head}`.trimEnd(), ...lines].join("\n");
}

/** What could not be measured here is a dash. */
function spread(values: readonly number[], form: Form): string {
  if (values.length === 0 || values.some(Number.isNaN)) return "-".padStart(10);
  const { median, min, max } = spreadOf(values);
  return `${form(median).padStart(10)}${values.length === 1 ? "" : ` (${form(min)}-${form(max)})`}`;
}

function ratio(columns: readonly Column[], field: string): string {
  const medianOf = (name: string): number =>
    spreadOf(columns.find(({ peer }) => peer === name)?.cells.map((cell) => cell[field] ?? Number.NaN) ?? []).median;
  const value = medianOf(OURS) / medianOf(FLOOR);
  return Number.isFinite(value) ? `${value.toFixed(2)}x`.padStart(7) : "".padStart(7);
}

/** The manifest's budget is of private memory, for a whole process: the printer's simulation is part of it here. */
function overBudget(cells: readonly Cell[], budgetMb: number): string {
  const peaks = cells.flatMap(({ serverPeakAnonMb, clientPeakAnonMb }) => [serverPeakAnonMb ?? [], clientPeakAnonMb ?? []].flat());
  if (peaks.length === 0 || peaks.some(Number.isNaN)) return "ours: private memory could not be measured on this system";
  const most = Math.max(...peaks);
  const how = most > budgetMb ? "OVER" : "within";
  return `ours: private memory of a process at most: ${most.toFixed(1)} MB, ${how} the manifest's ${budgetMb.toFixed(0)} MB (looked at every 50 ms)`;
}

function warningLine(warnings: PeerFigures["warnings"]): string {
  const counted = Object.entries(warnings).map(([code, count]) => `${count} x ${code}`);
  return `ours: warnings and errors that the machines logged: ${counted.length === 0 ? "none" : counted.join(", ")}`;
}
