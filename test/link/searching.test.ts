/** The search on real sockets, and what hostile datagrams can do to it: nothing. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import test from "ava";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import { decodeAnswer, decodeQuestion, encodeAnswer, encodeQuestion } from "../../src/link/dns-message.ts";
import { answerSearches } from "../../src/link/search-answerer.ts";
import { SEARCH, searchServers } from "../../src/link/searching.ts";
import { deviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { RealClock } from "../../hal/parts/real-clock.ts";
import { seededDice } from "../fleet/random.ts";
import { Lan, seededRandom, TestAdmission } from "./lan.ts";

const SERVER = deviceId("00112233445566778899aabbccddeeff");
const ANSWER = { id: 0xbeef, server: SERVER, deviceName: "Büro 1. OG", port: 8443 };
const QUESTION = { id: 0xbeef };
/** A port that asks for itself alone, as ours do. */
const ASKER = { port: 50_000 };

test("M09 question and answer are read as they were written", (t) => {
  t.deepEqual(decodeQuestion(encodeQuestion(QUESTION), ASKER), QUESTION);
  t.deepEqual(decodeAnswer(encodeAnswer(ANSWER), QUESTION), ANSWER);
  t.is(encodeQuestion(QUESTION).length, 50);
  t.true(encodeAnswer({ ...ANSWER, deviceName: "ü".repeat(100) }).length <= 512, "no answer is much larger than its question");
});

test("M09 a name that is too long is cut between characters, and one that is empty is a dash", (t) => {
  const named = (deviceName: string) => decodeAnswer(encodeAnswer({ ...ANSWER, deviceName }), QUESTION)?.deviceName;
  t.is(named("ü".repeat(40)), "ü".repeat(31));
  t.is(named("👩‍🚒".repeat(30)), `${"👩‍🚒".repeat(5)}👩‍`);
  t.is(named(""), "-");
  t.is(named("one\ntwo\u001b[31m"), "one two [31m");
});

test("M09 an answer to another question, of another service, or a question back is none", (t) => {
  const bytes = encodeAnswer(ANSWER);
  t.is(decodeAnswer(bytes, { id: 1 }), undefined);
  t.is(decodeAnswer(Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("_tcp", "_udp"), "latin1"), QUESTION), undefined);
  t.is(decodeAnswer(encodeQuestion(QUESTION), QUESTION), undefined);
  t.is(decodeQuestion(bytes, ASKER), undefined);
});

test("M09 mDNS: a question by another resolver is answered when it asks for an answer to itself, in any letter case", (t) => {
  const bytes = Buffer.from(encodeQuestion(QUESTION));
  t.deepEqual(decodeQuestion(bytes, { port: 5353 }), QUESTION);
  const toAll = Buffer.from(bytes);
  toAll[toAll.length - 2] = 0;
  t.is(decodeQuestion(toAll, { port: 5353 }), undefined);
  t.deepEqual(decodeQuestion(toAll, ASKER), QUESTION, "a one-shot question (RFC 6762, 6.7)");
  t.deepEqual(decodeQuestion(Buffer.from(bytes.toString("latin1").replace("custom", "CuStOm"), "latin1"), ASKER), QUESTION);
});

test("M09 hostile datagrams: cut, twisted, with pointers in circles and counts that lie; none does harm", (t) => {
  const dice = seededDice("datagrams");
  const good = [encodeQuestion(QUESTION), encodeAnswer(ANSWER)];
  const read = (bytes: Uint8Array): void => {
    decodeQuestion(bytes, ASKER);
    const answer = decodeAnswer(bytes, QUESTION);
    if (answer !== undefined) t.true(answer.deviceName.length <= 63 && /^[0-9a-f]{32}$/.test(answer.server));
  };
  for (const bytes of good) for (let length = 0; length <= bytes.length; length += 1) read(bytes.subarray(0, length));
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Buffer.from(good[round % 2] ?? []);
    for (let twists = dice.between(1, 6); twists > 0; twists -= 1) bytes[dice.between(0, bytes.length - 1)] = dice.between(0, 255);
    read(bytes);
  }
  const header = Buffer.from("beef84000000ffffffffffff", "hex");
  for (const name of ["c00c", "c00cc00c", "01c00c", "c00e", "c0ff", "3f", "40", "ff"])
    read(Buffer.concat([header, Buffer.from(name, "hex")]));
  read(Buffer.concat([header, Buffer.alloc(LIMITS.searchDatagramBytesMax, "0161".repeat(8))]));
  read(Buffer.alloc(65_507, 0xc0));
  t.pass();
});

test("M09 a name never refers to itself or forward: a chain of pointers ends", (t) => {
  // 12: "\1a" and a pointer to itself; 16: a pointer to 12, where the question's name is.
  const looped = Buffer.concat([Buffer.from("beef00000001000000000000", "hex"), Buffer.from("0161c00c000c8001", "hex")]);
  t.is(decodeQuestion(looped, ASKER), undefined);
});

test("M09 questions are answered to their bound, whoever asks", async (t) => {
  const lan = new Lan("streams");
  const network = lan.network("s");
  const end = answerSearches({ network, clock: lan.clock, server: SERVER, deviceName: "s", port: 8443, log: () => undefined });
  t.teardown(end);
  await turns();
  const asker = await lan.network("a").askGroup(SEARCH, { hops: 1 });
  let answers = 0;
  asker.onMessage(() => {
    answers += 1;
  });
  for (let asked = 0; asked < 500; asked += 1) asker.ask(encodeQuestion(QUESTION));
  await turns();
  t.is(answers, LIMITS.searchAnswersPerSecond);
});

test("M09 an answer that names another port is not taken: 8443 is the only one", async (t) => {
  const lan = new Lan("streams");
  const end = answerSearches({
    network: lan.network("s"),
    clock: lan.clock,
    server: SERVER,
    deviceName: "s",
    port: 443,
    log: () => undefined,
  });
  t.teardown(end);
  const searching = searchServers({ network: lan.network("a"), clock: lan.clock, random: seededRandom("a"), port: 8443 }, 1, SOON);
  t.deepEqual(await whileTimePasses(lan, searching), []);
});

test("M09 a server machine is found while it serves, and not before or after", async (t) => {
  const lan = new Lan();
  const [s, a] = [lan.machine("s"), lan.machine("a")];
  const search = () => whileTimePasses(lan, a.links.search(1, SOON));
  t.deepEqual(await search(), []);
  const link = await s.links.serve(new TestAdmission());
  t.deepEqual(await search(), [{ address: "s", deviceName: "Printer s", server: await s.links.identity() }]);
  await link.close();
  t.deepEqual(await search(), []);
});

test("M09 real sockets: machines of one system find each other by multicast", async (t) => {
  if (!(await hasMulticast())) return t.pass("this system carries no multicast on its loopback");
  const clock = new RealClock({ boot: "b" });
  t.teardown(() => clock.stop());
  const network = new NodeNetwork({ address: "127.0.0.1" });
  t.teardown(answerSearches({ network, clock, server: SERVER, deviceName: "real", port: 8443, log: (text) => t.log(text) }));
  const giveUp = new AbortController();
  const found = await searchServers({ network, clock, random: seededRandom("real"), port: 8443 }, 1, giveUp.signal);
  t.deepEqual(
    found.filter(({ server }) => server === SERVER),
    [{ address: "127.0.0.1", deviceName: "real", server: SERVER }],
  );
});

const SOON = new AbortController().signal;

async function turns(): Promise<void> {
  for (let count = 0; count < 20; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The clock of a Lan stands still by itself. */
async function whileTimePasses<T>(lan: Lan, promise: Promise<T>): Promise<T> {
  let over = false;
  const done = promise.finally(() => {
    over = true;
  });
  while (!over) {
    await turns();
    await lan.clock.advance(200);
  }
  return await done;
}

async function hasMulticast(): Promise<boolean> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  try {
    socket.setMulticastInterface("127.0.0.1");
    socket.addMembership("239.255.84.44", "127.0.0.1");
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
