/** The numbers to reach: mostly multiples of `raw` in the same run, which has no TLS while we do. */
import type { PeerFigures } from "./peers/peers.ts";
import { OURS } from "./peers/peers.ts";
import { spreadOf } from "./statistics.ts";
import type { Growth } from "./growth.ts";

/** What all targets are measured by. */
export interface Reached {
  readonly peers: readonly PeerFigures[];
  readonly growth: Growth | undefined;
  readonly bundleBytes: number;
  readonly bundleGzipBytes: number;
}

export interface Target {
  readonly what: string;
  readonly unit: string;
  readonly digits: number;
  readonly value: (reached: Reached) => number;
  readonly must: number;
  readonly aim: number | undefined;
  /** Less is better, unless it says otherwise. */
  readonly more?: true;
}

export type Verdict = "met" | "aim met" | "NOT MET" | "not measured";

export function verdictOf({ must, aim, more }: Target, value: number): Verdict {
  const holds = (bound: number): boolean => (more === true ? value >= bound : value <= bound);
  if (!Number.isFinite(value)) return "not measured";
  if (aim !== undefined && holds(aim)) return "aim met";
  return holds(must) ? "met" : "NOT MET";
}

/** The median of the runs; NaN where it was not measured. */
export function medianOf(peers: readonly PeerFigures[], peer: string, workload: string, field: string): number {
  const cells = peers.find((each) => each.peer === peer)?.cells[workload] ?? [];
  return spreadOf(cells.map((cell) => cell[field] ?? Number.NaN)).median;
}

const ours =
  (workload: string, field: string, scale = 1): Target["value"] =>
  ({ peers }) =>
    medianOf(peers, OURS, workload, field) * scale;

const times =
  (peer: string, workload: string, field: string): Target["value"] =>
  ({ peers }) =>
    medianOf(peers, OURS, workload, field) / medianOf(peers, peer, workload, field);

const most =
  (...values: readonly Target["value"][]): Target["value"] =>
  (reached) =>
    Math.max(...values.map((value) => value(reached)));

const ratio = (what: string, peer: string, at: readonly [workload: string, field: string], must: number, aim?: number): Target => ({
  what,
  unit: `x ${peer}`,
  digits: 2,
  value: times(peer, ...at),
  must,
  aim,
});
const absolute = (what: string, unit: string, value: Target["value"], must: number, aim?: number): Target => ({
  what,
  unit,
  digits: unit === "ms" ? 0 : 2,
  value,
  must,
  aim,
});

const memory = (who: "server" | "client", kind: "Rss" | "Anon"): Target["value"] =>
  most(ours("W1x9", `${who}Peak${kind}Mb`), ours("W4", `${who}Peak${kind}Mb`));

const FLOOR: readonly Target[] = [
  ratio("W1, time to durable in the replica", "raw", ["W1", "replicaMs"], 1, 0.4),
  ratio("W1, bytes received", "raw", ["W1", "bytesReceived"], 1.1, 0.9),
  ratio("W1x9, time to durable in all replicas", "raw", ["W1x9", "replicaMs"], 1, 0.35),
  absolute("W1x9, server CPU", "s", ours("W1x9", "serverCpuMs", 1e-3), 0.5, 0.1),
  ratio("W2, edit to durable on all, p50", "raw", ["W2", "durableP50Ms"], 1.6, 1.2),
  ratio("W2, edit to durable on all, p99", "raw", ["W2", "durableP99Ms"], 2, 1.3),
  { ...ratio("W2max, edits a second durable on all", "raw", ["W2max", "editsPerSecond"], 0.9, 1.3), more: true },
  absolute("W3, received of the JSON that changed", "x", ours("W3", "receivedShare"), 0.3, 0.22),
  absolute("W3, connect to up to date", "ms", ours("W3", "upToDateMs"), 80, 25),
  absolute("W5, process start to up to date", "ms", ours("W5", "fromProcessStartMs"), 300, 200),
  absolute("W5, bytes after the TLS handshake", "kB", ours("W5", "bytesBeyondHandshake", 1e-3), 1, 0.3),
];

const MEMORY: readonly Target[] = [
  absolute("W4, server memory at most, RSS", "MB", memory("server", "Rss"), 110, 95),
  absolute("W4, client memory at most, RSS", "MB", memory("client", "Rss"), 90, 75),
  absolute("W4, server memory at most, private", "MB", memory("server", "Anon"), 55, 40),
  absolute("W4, client memory at most, private", "MB", memory("client", "Anon"), 45, 30),
  absolute("W4, private memory grew over the edits", "MB", most(ours("W4", "serverAnonGrowthMb"), ours("W4", "clientAnonGrowthMb")), 5),
];

const CONDITIONED: readonly Target[] = [
  ratio("S1, W2 p50 with 5 ms more a sync", "raw", ["S1.W2", "durableP50Ms"], 1.3, 1),
  absolute("F1, a lone edit, receiver", "kB", ours("F1", "receiverWrittenPerEdit", 1e-3), 4.5),
  absolute("F1, a lone edit, author", "kB", ours("F1", "authorWrittenPerEdit", 1e-3), 9),
  absolute("F1, W1, of the data as JSON", "x", ours("F1", "joinWrittenShare"), 1.3),
  absolute(
    "P1, key to screen, p99, also with edits and joins",
    "ms",
    most(ours("P1", "idleP99Ms"), ours("P1", "editsP99Ms"), ours("P1", "joinP99Ms")),
    50,
  ),
  absolute("O1, steady edits under overload, p99", "ms", ours("O1", "steadyP99Ms"), 2_000),
  absolute("bundle, minified, as a start reads it", "KiB", ({ bundleBytes }) => bundleBytes / 1024, 400),
  absolute("bundle, gzipped, as a start reads it", "KiB", ({ bundleGzipBytes }) => bundleGzipBytes / 1024, 130),
  absolute("server, process start to serving", "ms", ours("W1", "serverStartMs"), 300),
];

const GROWTH: readonly Target[] = [
  absolute("growth, W1 for each entry, most users against 100", "x", ({ growth }) => growth?.joinAnEntry ?? Number.NaN, 1.2),
  absolute("growth, W2 p50, most users against 10", "x", ({ growth }) => growth?.editMs ?? Number.NaN, 1.2),
  absolute("growth, client memory, most users against 10", "MB", ({ growth }) => growth?.clientMemoryMb ?? Number.NaN, 10),
];

const OTHERS: readonly Target[] = ["retained", "redis"].flatMap((peer) => [
  ratio("W1, time to up to date", peer, ["W1", "upToDateMs"], 1),
  ratio("W1, bytes received", peer, ["W1", "bytesReceived"], 1),
  ratio("W1x9, time to up to date", peer, ["W1x9", "upToDateMs"], 1),
  ratio("W2, edit to durable on all, p50", peer, ["W2", "durableP50Ms"], peer === "retained" ? 1.5 : 1.2, 1),
  { ...ratio("W2max, edits a second durable on all", peer, ["W2max", "editsPerSecond"], 1), more: true as const },
  ratio("W3, connect to up to date", peer, ["W3", "upToDateMs"], 1),
  ratio("W3, bytes received", peer, ["W3", "bytesReceived"], 1),
  ratio("W5, process start to up to date", peer, ["W5", "fromProcessStartMs"], 1),
]);

export const TARGETS: readonly Target[] = [...FLOOR, ...MEMORY, ...CONDITIONED, ...GROWTH, ...OTHERS];

/** As lines of a table. */
export const judged = (
  reached: Reached,
): readonly (readonly [what: string, value: string, must: string, aim: string, verdict: Verdict])[] =>
  TARGETS.map((target) => {
    const value = target.value(reached);
    const sign = target.more === true ? ">=" : "<=";
    const text = (figure: number): string => `${figure.toFixed(target.digits)} ${target.unit}`;
    const bound = (figure: number): string => `${sign} ${figure} ${target.unit}`;
    return [
      target.what,
      Number.isFinite(value) ? text(value) : "-",
      bound(target.must),
      target.aim === undefined ? "" : bound(target.aim),
      verdictOf(target, value),
    ];
  });
