/** Which figures of a workload are shown, and how. */

export type Form = (value: number) => string;

export interface Row {
  readonly title: string;
  readonly field: string;
  readonly unit: string;
  readonly form: Form;
}

const ms: Form = (value) => (Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0));
const tenths: Form = (value) => value.toFixed(1);
const bytesAsMb: Form = (value) => (value / 1e6).toFixed(3);
const bytesAsKb: Form = (value) => (value / 1e3).toFixed(2);
const hundredths: Form = (value) => value.toFixed(2);
const plain: Form = (value) => value.toFixed(0);

const row = (title: string, field: string, unit: string, form: Form): Row => ({ title, field, unit, form });

const MEMORY: readonly Row[] = ["server", "client"].flatMap((who) => [
  row(`${who} memory after it, RSS`, `${who}RssMb`, "MB", tenths),
  row(`${who} memory after it, private`, `${who}AnonMb`, "MB", tenths),
  row(`${who} memory at most, RSS`, `${who}PeakRssMb`, "MB", tenths),
  row(`${who} memory at most, private`, `${who}PeakAnonMb`, "MB", tenths),
]);
const CPU: readonly Row[] = [row("server CPU", "serverCpuMs", "ms", ms), row("CPU of a client", "clientCpuMs", "ms", ms)];
const FOREIGN = row("other processes meanwhile", "foreignCpuPercent", "% of a core", plain);
const SYSTEM = [...CPU, ...MEMORY, FOREIGN];

const JOIN: readonly Row[] = [
  row("connect to up to date", "upToDateMs", "ms", ms),
  row("connect to durable in the replica", "replicaMs", "ms", ms),
  row("the machine's own stores on top", "ownStoresMs", "ms", ms),
  row("process start to up to date", "fromProcessStartMs", "ms", ms),
];

const joinOf = (unit: "MB" | "kB", form: Form): readonly Row[] => [
  ...JOIN,
  row("TCP payload received", "bytesReceived", unit, form),
  row("TCP payload sent", "bytesSent", unit, form),
];

const EDITS: readonly Row[] = [
  row("edit to durable on all, p50", "durableP50Ms", "ms", ms),
  row("edit to durable on all, p99", "durableP99Ms", "ms", ms),
  row("edit to durable on all, slowest", "durableMaxMs", "ms", ms),
  row("edit to durable on the server, p50", "serverP50Ms", "ms", ms),
  row("edit to durable on the server, p99", "serverP99Ms", "ms", ms),
  row("edit to shown by all printers, p50", "shownP50Ms", "ms", ms),
  row("edit to shown by all printers, p99", "shownP99Ms", "ms", ms),
  row("edit to saved where it was made, p50", "savedP50Ms", "ms", ms),
  row("edit to saved where it was made, p99", "savedP99Ms", "ms", ms),
  row("edits made a second", "editsPerSecond", "", tenths),
  row("TCP payload received, a client and edit", "receivedBytesPerEdit", "B", plain),
  row("given to the replica's database, same", "storedBytesPerEdit", "B", plain),
  row("writes of the server's database", "serverWritesPerEdit", "an edit", hundredths),
  row("writes of the author's database", "authorWritesPerEdit", "an edit", hundredths),
  row("writes of every other client's", "receiverWritesPerEdit", "an edit", hundredths),
  row("CPU an edit, all machines", "cpuMsPerEdit", "ms", tenths),
  row("CPU an edit, author", "authorCpuMsPerEdit", "ms", hundredths),
  ...SYSTEM,
];

const BURST: readonly Row[] = [
  row("first edit to all durable on all", "convergedMs", "ms", ms),
  row("edits a second, durable on all", "editsPerSecond", "", plain),
  row("first edit to all acknowledged", "acknowledgedMs", "ms", ms),
  row("first edit to all saved where made", "savedMs", "ms", ms),
  row("writes of the server's database", "serverWrites", "", plain),
  row("writes of a client's database", "clientWrites", "", plain),
  row("CPU an edit, all machines", "cpuMsPerEdit", "ms", hundredths),
  ...SYSTEM,
];

const BY_WORKLOAD: Readonly<Record<string, readonly Row[]>> = {
  W1: [...joinOf("MB", bytesAsMb), ...SYSTEM],
  W1x9: [...joinOf("MB", bytesAsMb), ...SYSTEM],
  W2: EDITS,
  W2max: BURST,
  W3: [
    ...joinOf("kB", bytesAsKb),
    row("JSON of what has changed", "changedBytes", "kB", bytesAsKb),
    row("received of that", "receivedShare", "x", hundredths),
    ...SYSTEM,
  ],
  W5: [...joinOf("kB", bytesAsKb), ...SYSTEM],
};

/** S1.W2 has the rows of W2. */
export const rowsOf = (workload: string): readonly Row[] => BY_WORKLOAD[workload.slice(workload.lastIndexOf(".") + 1)] ?? [];
