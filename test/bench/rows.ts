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
const DISK: readonly Row[] = [
  row("written to disk by the server machine", "serverWrittenBytes", "kB", bytesAsKb),
  row("written to disk by a client machine", "clientWrittenBytes", "kB", bytesAsKb),
];
const FOREIGN = row("other processes meanwhile", "foreignCpuPercent", "% of a core", plain);
const SYSTEM = [...CPU, ...DISK, ...MEMORY, FOREIGN];

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
  W1: [...joinOf("MB", bytesAsMb), row("server process start to serving", "serverStartMs", "ms", ms), ...SYSTEM],
  W1x9: [...joinOf("MB", bytesAsMb), ...SYSTEM],
  W2: EDITS,
  W2max: BURST,
  W3: [
    ...joinOf("kB", bytesAsKb),
    row("JSON of what has changed", "changedBytes", "kB", bytesAsKb),
    row("received of that", "receivedShare", "x", hundredths),
    ...SYSTEM,
  ],
  W5: [
    ...joinOf("kB", bytesAsKb),
    row("  a bare handshake of that, received", "handshakeReceived", "kB", bytesAsKb),
    row("  a bare handshake of that, sent", "handshakeSent", "kB", bytesAsKb),
    row("both ways, without the handshake", "bytesBeyondHandshake", "kB", bytesAsKb),
    ...SYSTEM,
  ],
  W4: [
    row("edits made meanwhile", "edits", "", plain),
    row("server memory grew, RSS", "serverRssGrowthMb", "MB", tenths),
    row("server memory grew, private", "serverAnonGrowthMb", "MB", tenths),
    row("client memory grew, RSS", "clientRssGrowthMb", "MB", tenths),
    row("client memory grew, private", "clientAnonGrowthMb", "MB", tenths),
    ...SYSTEM,
  ],
  F1: [
    row("written for a lone edit: receiver", "receiverWrittenPerEdit", "kB", bytesAsKb),
    row("written for a lone edit: author", "authorWrittenPerEdit", "kB", bytesAsKb),
    row("written for a lone edit: server", "serverWrittenPerEdit", "kB", bytesAsKb),
    row("written for W1", "joinWrittenBytes", "MB", bytesAsMb),
    row("of the data as JSON", "joinWrittenShare", "x", hundredths),
    FOREIGN,
  ],
  P1: [
    row("key to screen, nothing else, p50", "idleP50Ms", "ms", ms),
    row("key to screen, nothing else, p99", "idleP99Ms", "ms", ms),
    row("key to screen, while edits arrive, p50", "editsP50Ms", "ms", ms),
    row("key to screen, while edits arrive, p99", "editsP99Ms", "ms", ms),
    row("key to screen, while it joins, p50", "joinP50Ms", "ms", ms),
    row("key to screen, while it joins, p99", "joinP99Ms", "ms", ms),
    FOREIGN,
  ],
  O1: [
    row("steady edits to durable on all, p50", "steadyP50Ms", "ms", ms),
    row("steady edits to durable on all, p99", "steadyP99Ms", "ms", ms),
    row("steady edits to durable on all, slowest", "steadyMaxMs", "ms", ms),
    row("... durable on the server, p50", "steadyServerP50Ms", "ms", ms),
    row("... durable on the server, p99", "steadyServerP99Ms", "ms", ms),
    row("... durable on the importing machine, p50", "steadyImporterP50Ms", "ms", ms),
    row("the burst durable on all", "burstMs", "ms", ms),
    row("the import durable on all", "importMs", "ms", ms),
    row("the joiner up to date", "joinMs", "ms", ms),
    row("everything on the slow reader", "slowMs", "ms", ms),
    ...SYSTEM,
  ],
};

/** S1.W2 has the rows of W2. */
export const rowsOf = (workload: string): readonly Row[] => BY_WORKLOAD[workload.slice(workload.lastIndexOf(".") + 1)] ?? [];
