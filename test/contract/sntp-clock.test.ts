import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { SntpState } from "../../hal/clock.ts";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import { RealClock } from "../../hal/parts/real-clock.ts";
import { SntpClock, agreedTime } from "../../hal/parts/sntp-clock.ts";
import { ManualSource } from "./manual-source.ts";
import { TimeNetwork, type TimeServer, answerOf, stamp } from "./time-server.ts";

/** What the servers call now: years away from what the machine believes. */
const TRUE_MS = Date.UTC(2031, 2, 4, 5, 6, 7);
const HOUR_MS = 3_600_000;

interface Bench {
  readonly source: ManualSource;
  readonly clock: RealClock;
  readonly sntp: SntpClock;
  readonly network: TimeNetwork;
  readonly states: SntpState["kind"][];
}

function bench(t: ExecutionContext, servers: Readonly<Record<string, TimeServer>>, pollHours = 24): Bench {
  const source = new ManualSource();
  const clock = new RealClock({ boot: "boot", source });
  const network = new TimeNetwork(servers);
  const sntp = new SntpClock({ clock, network, random: randomBytes, settings: { servers: Object.keys(servers), pollHours } });
  const states: SntpState["kind"][] = [];
  clock.onSntp(({ kind }) => states.push(kind));
  const ending = new AbortController();
  const run = sntp.run(ending.signal);
  t.teardown(async () => {
    ending.abort();
    await run;
    if (network.open !== 0) throw new Error(`${network.open} sockets were left open`);
  });
  return { source, clock, sntp, network, states };
}

const honest =
  (source: () => ManualSource): TimeServer =>
  (question) => [answerOf(question, trueMs(source()))];
/** True time passes as the machine's does; the manual source begins at 5 s. */
const trueMs = (source: ManualSource): number => TRUE_MS + source.monotonicMs() - 5_000;

test("an honest server sets the date, once a day", async (t) => {
  const b: Bench = bench(t, { good: honest(() => b.source) });
  await b.source.advance(100);
  t.deepEqual(b.states, ["asking", "answered"]);
  t.true(Math.abs(b.clock.wallMs() - trueMs(b.source)) <= 1);
  await b.source.advance(23 * HOUR_MS);
  t.is(b.network.questions.length, 1);
  b.source.stepWall(-7 * 86_400_000);
  await b.source.advance(2 * HOUR_MS);
  t.is(b.network.questions.length, 2);
  t.true(Math.abs(b.clock.wallMs() - trueMs(b.source)) <= 1, "set right again");
});

test("a question names no time and never the same nonce twice", async (t) => {
  const b: Bench = bench(t, { silent: () => [] });
  await b.source.advance(60_000);
  const nonces = b.network.questions.map(({ packet }) => packet.subarray(40).toString("hex"));
  t.true(nonces.length >= 3);
  t.is(new Set(nonces).size, nonces.length);
  for (const { packet } of b.network.questions) {
    t.is(packet.length, 48);
    t.is(packet[0], 0x23);
    t.true(packet.subarray(1, 40).every((byte) => byte === 0));
  }
});

const HOSTILE: Readonly<Record<string, (question: Buffer) => Buffer>> = {
  "another origin": (question) => answerOf(question, TRUE_MS, (packet) => packet.fill(1, 24, 32)),
  "the origin of all zeros": (question) => answerOf(question, TRUE_MS, (packet) => packet.fill(0, 24, 32)),
  "a kiss of death": (question) => answerOf(question, TRUE_MS, (packet) => packet.fill(0, 1, 2).write("RATE", 12, "latin1")),
  "a client's mode": (question) => answerOf(question, TRUE_MS, (packet) => packet.writeUInt8((4 << 3) | 3, 0)),
  "the mode of a broadcast": (question) => answerOf(question, TRUE_MS, (packet) => packet.writeUInt8((4 << 3) | 5, 0)),
  "version 7": (question) => answerOf(question, TRUE_MS, (packet) => packet.writeUInt8((7 << 3) | 4, 0)),
  "version 0": (question) => answerOf(question, TRUE_MS, (packet) => packet.writeUInt8(4, 0)),
  "one byte": () => Buffer.of(0x24),
  "nothing at all": () => Buffer.alloc(0),
  "47 bytes": (question) => answerOf(question, TRUE_MS).subarray(0, 47),
  "48 zeros": () => Buffer.alloc(48),
  "stratum 16": (question) => answerOf(question, TRUE_MS, (packet) => packet.writeUInt8(16, 1)),
  "stratum 255": (question) => answerOf(question, TRUE_MS, (packet) => packet.writeUInt8(255, 1)),
  "a clock that is not set": (question) => answerOf(question, TRUE_MS, (packet) => packet.writeUInt8((3 << 6) | (4 << 3) | 4, 0)),
  "no times": (question) => answerOf(question, TRUE_MS, (packet) => packet.fill(0, 32, 48)),
  "an answer sent before the question was heard": (question) => answerOf(question, TRUE_MS, (packet) => stamp(packet, 40, TRUE_MS - 1_000)),
  "a root distance of a minute": (question) => answerOf(question, TRUE_MS, (packet) => packet.writeUInt32BE(60 * 65_536, 8)),
  "a date before this firmware": (question) => answerOf(question, Date.UTC(1999, 0, 1)),
};

for (const [what, make] of Object.entries(HOSTILE)) {
  test(`not believed: ${what}`, async (t) => {
    const b: Bench = bench(t, { bad: (question) => [make(question)] });
    const before = b.clock.wallMs() - b.source.wallMs();
    await b.source.advance(9_500);
    t.deepEqual(b.states, ["asking", "silent"]);
    t.is(b.clock.wallMs() - b.source.wallMs(), before, "the date is as it was");
    const checking = b.sntp.check();
    await b.source.advance(9_500);
    const [check] = await checking;
    t.is(check?.result, "error");
    t.true((check?.text.length ?? 0) > 20, check?.text ?? "a sentence");
  });
}

test("packets that answer another question do not hide the one that answers this", async (t) => {
  const b: Bench = bench(t, { busy: (question) => [Buffer.alloc(48), Buffer.of(1), answerOf(question, trueMs(b.source))] });
  await b.source.advance(100);
  t.deepEqual(b.states, ["asking", "answered"]);
});

test("whoever asks to be left alone is not asked again in that poll", async (t) => {
  const b: Bench = bench(t, { tired: (question) => [answerOf(question, TRUE_MS, (packet) => packet.writeUInt8(0, 1))] });
  await b.source.advance(14_000);
  t.is(b.network.questions.length, 1);
});

test("one liar among three is outvoted", async (t) => {
  const b: Bench = bench(t, {
    good1: honest(() => b.source),
    liar: (question) => [answerOf(question, trueMs(b.source) + HOUR_MS)],
    good2: honest(() => b.source),
  });
  await b.source.advance(100);
  t.deepEqual(b.states, ["asking", "answered"]);
  t.true(Math.abs(b.clock.wallMs() - trueMs(b.source)) <= 1);
});

test("a liar is not believed because the two others were silenced", async (t) => {
  const b: Bench = bench(t, { mute1: () => [], liar: (question) => [answerOf(question, trueMs(b.source) + HOUR_MS)], mute2: () => [] });
  await b.source.advance(9_500);
  t.deepEqual(b.states, ["asking", "silent"]);
});

test("two servers that contradict each other are believed neither", async (t) => {
  const b: Bench = bench(t, { one: honest(() => b.source), other: (question) => [answerOf(question, trueMs(b.source) - 5_000)] });
  await b.source.advance(100);
  t.deepEqual(b.states, ["asking", "silent"]);
});

test("agreement is of most who answered and of half who were asked", (t) => {
  const at = (wallMs: number, atMs = 0) => ({ wallMs, atMs });
  t.is(agreedTime([], 0), undefined);
  t.is(agreedTime([], 1), undefined);
  t.deepEqual(agreedTime([at(5)], 1), at(5));
  t.deepEqual(agreedTime([at(5)], 2), at(5));
  t.is(agreedTime([at(5)], 3), undefined);
  t.is(agreedTime([at(0), at(90_000)], 2), undefined);
  t.deepEqual(agreedTime([at(0), at(800), at(90_000)], 3), at(800));
  t.is(agreedTime([at(0), at(10), at(90_000), at(90_010)], 4), undefined);
  t.deepEqual(agreedTime([at(-9e9), at(0), at(10), at(20)], 4), at(0));
  t.deepEqual(
    agreedTime([at(1_000, 1_000), at(90_000, 90_000)], 2),
    at(1_000, 1_000),
    "answers of different moments are compared as of one",
  );
});

test("a silent server is asked again soon, and then less and less often; an answer ends that", async (t) => {
  let speaks = false;
  const b: Bench = bench(t, { moody: (question) => (speaks ? [answerOf(question, trueMs(b.source))] : []) }, 1);
  await b.source.advance(10_000);
  t.is(b.network.questions.length, 3, "each poll asks three times");
  await b.source.advance(24 * HOUR_MS);
  const before = b.network.questions.length;
  t.true(before < 3 * 110, `${before} questions in a day without an answer`);
  speaks = true;
  await b.source.advance(16 * 60_000);
  t.is(b.states.at(-1), "answered");
  const answered = b.network.questions.length;
  await b.source.advance(3 * HOUR_MS);
  t.is(b.network.questions.length, answered + 3, "then every hour, as it is set");
});

test("new settings count at once, and off is off", async (t) => {
  const b: Bench = bench(t, { mute: () => [] });
  b.network.servers.set(
    "good",
    honest(() => b.source),
  );
  await b.source.advance(1_000);
  b.sntp.set({ servers: ["good:1123"], pollHours: 1 });
  await b.source.advance(100);
  t.deepEqual(b.states, ["asking", "asking", "answered"]);
  t.is(b.network.questions.at(-1)?.port, 1123);
  b.sntp.set({ servers: [], pollHours: 1 });
  await b.source.advance(3 * HOUR_MS);
  t.is(b.states.at(-1), "off");
  t.deepEqual(await b.sntp.check(), []);
  t.is(b.network.questions.length, 2);
});

test("a check says what is the matter, and sets nothing", async (t) => {
  const b: Bench = bench(t, {});
  b.network.servers
    .set(
      "good",
      honest(() => b.source),
    )
    .set("mute", () => []);
  const before = b.clock.wallMs() - b.source.wallMs();
  b.sntp.set({ servers: ["good", "mute"], pollHours: 48 });
  const fresh = new SntpClock({
    clock: b.clock,
    network: b.network,
    random: randomBytes,
    settings: { servers: ["good", "mute"], pollHours: 48 },
  });
  b.sntp.set({ servers: [], pollHours: 48 });
  const checking = fresh.check();
  await b.source.advance(10_000);
  const checks = await checking;
  t.deepEqual(
    checks.map(({ server, result }) => `${server} ${result}`),
    ["good ok", "mute error"],
  );
  t.regex(checks[1]?.text ?? "", /mute port 123 did not answer within 3000 ms/);
  t.is(b.clock.wallMs() - b.source.wallMs(), before);
});

test("settings that cannot be meant are refused", (t) => {
  const sntp = (servers: readonly string[], pollHours: number): SntpClock =>
    new SntpClock({
      clock: new RealClock({ boot: "b", source: new ManualSource() }),
      network: new TimeNetwork({}),
      random: randomBytes,
      settings: { servers, pollHours },
    });
  for (const server of ["", "a b", "host:0", "host:65536", "host:x", "[::1", "a]:1"])
    t.throws(() => sntp([server], 24), { instanceOf: RangeError }, server);
  for (const server of ["pool.example", "192.0.2.7:123", "::1", "[2001:db8::1]:1123"]) t.notThrows(() => sntp([server], 1), server);
  for (const hours of [0, 49, 1.5, Number.NaN]) t.throws(() => sntp(["a"], hours), { instanceOf: RangeError });
});

/** A real machine's clock and sockets. */
function realBench(t: ExecutionContext, port: number): { clock: RealClock; sntp: SntpClock } {
  const clock = new RealClock({ boot: "boot" });
  t.teardown(() => clock.stop());
  const network = new NodeNetwork({ address: "127.0.0.1" });
  return {
    clock,
    sntp: new SntpClock({ clock, network, random: randomBytes, settings: { servers: [`127.0.0.1:${port}`], pollHours: 24 } }),
  };
}

test("over real sockets: an answer from another socket is not heard, the server's own is", async (t) => {
  const server = createSocket("udp4");
  const stranger = createSocket("udp4");
  t.teardown(() => {
    server.close();
    stranger.close();
  });
  server.bind(0, "127.0.0.1");
  stranger.bind(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), once(stranger, "listening")]);
  let questions = 0;
  server.on("message", (question, { port, address }) => {
    questions += 1;
    stranger.send(answerOf(question, TRUE_MS + HOUR_MS), port, address, () => server.send(answerOf(question, TRUE_MS), port, address));
  });
  const { clock, sntp } = realBench(t, server.address().port);
  const ending = new AbortController();
  const answered = new Promise<void>((resolve) => void clock.onSntp(({ kind }) => kind === "answered" && resolve()));
  const run = sntp.run(ending.signal);
  await answered;
  t.true(Math.abs(clock.wallMs() - TRUE_MS) < 60_000, "the stranger was an hour off");
  t.is(questions, 1);
  ending.abort();
  await run;
});

const hasChrony = spawnSync("chronyd", ["--version"]).status === 0;

(hasChrony ? test : test.skip)("chrony's server is understood (chronyd -x, which sets no clock)", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "chrony-"));
  const port = await freeUdpPort();
  const config = [
    `port ${port}`,
    "bindaddress 127.0.0.1",
    "local stratum 5",
    "allow 127.0.0.0/8",
    "cmdport 0",
    `pidfile ${dir}/pid`,
    "bindcmdaddress /",
  ];
  writeFileSync(join(dir, "chrony.conf"), `${config.join("\n")}\n`);
  const chronyd = spawn("chronyd", ["-x", "-d", "-U", "-f", join(dir, "chrony.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  t.teardown(async () => {
    await ended(chronyd);
    rmSync(dir, { recursive: true, force: true });
  });
  await started(chronyd);
  const { clock, sntp } = realBench(t, port);
  clock.setWallKnobs({ offsetMs: -5 * HOUR_MS });
  const ending = new AbortController();
  const answered = new Promise<void>((resolve) => void clock.onSntp(({ kind }) => kind === "answered" && resolve()));
  const run = sntp.run(ending.signal);
  await answered;
  t.true(Math.abs(clock.wallMs() - Date.now()) < 10_000, `${clock.wallMs() - Date.now()} ms off`);
  t.deepEqual(await sntp.check(), [{ server: `127.0.0.1:${port}`, result: "ok", text: "" }]);
  ending.abort();
  await run;
});

async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

async function started(chronyd: ChildProcess): Promise<void> {
  let said = "";
  for await (const chunk of chronyd.stderr ?? []) {
    said += String(chunk);
    if (said.includes("Using") || said.includes("Disabled control of system clock")) return;
  }
  throw new Error(`chronyd did not start: ${said}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
