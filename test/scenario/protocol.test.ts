import test from "ava";
import { type DeviceId, epochId, sessionId, runId } from "../../src/model/ids.ts";
import { decodeEdit, encodeEdit } from "../../src/protocol/edit.ts";
import type { Tap } from "../fleet/virtual-network.ts";
import { Fleet } from "../fleet/fleet.ts";
import { ALICE, BOB, LANGUAGE, button } from "./entries.ts";
import { editOf, newerModule, revisionOf, RUN } from "./newer-module.ts";

const count = (taps: readonly Tap[], from: string, kind: string): number =>
  taps.filter((tap) => tap.from === from && tap.message.body.kind === kind).length;

/** Every journal time that the server machine told, oldest first. */
const toldTimes = (taps: readonly Tap[]): number[] =>
  taps.flatMap(({ message: { body } }) => (body.kind === "server-beat" || body.kind === "welcome" ? [body.journalTime] : []));

const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? 0));

test("P1 an edit is never older than what its author had seen, however little the author knows of the time", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b", "c"] });
  fleet.at("c").unplug();
  await fleet.advance(20_000);
  await fleet.at("c").edit(ALICE, ...LANGUAGE, "earlier");
  await fleet.advance(20_000);
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  await fleet.advance(2_000);
  t.is(await fleet.at("a").read(BOB, ...LANGUAGE), "it", "a knows what was there 20 s after c's edit");
  fleet.at("a").powerOff();
  fleet.at("a").unplug();
  await fleet.at("a").switchOn();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "later");
  fleet.at("c").plug();
  await fleet.settle();
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "earlier");
  fleet.at("a").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "later");
});

test("P1 an edit is never older than its author's previous one, however little the author knows of the time", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "c"] });
  for (const name of ["a", "c"]) fleet.at(name).unplug();
  await fleet.advance(20_000);
  await fleet.at("c").edit(ALICE, ...LANGUAGE, "earlier");
  await fleet.advance(20_000);
  await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
  await fleet.advance(1_000);
  fleet.at("a").powerOff();
  await fleet.at("a").switchOn();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "later");
  fleet.at("c").plug();
  await fleet.settle();
  fleet.at("a").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "later");
});

test("P3 a stamp from the future is cut to the server's now: the later edit of another machine wins all the same", async (t) => {
  // Its clock runs much too fast: between two beats it is most of a second ahead.
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"], clocks: { a: { offsetMs: 0, driftPpm: 400_000 } } });
  fleet.at("b").unplug();
  await fleet.advance(3_000);
  const beats = () => count(fleet.wiretap.messages, "s", "server-beat");
  const before = beats();
  await fleet.when(() => beats() > before, 10_000, "a beat");
  await fleet.advance(2_200);
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "earlier");
  await fleet.advance(200);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "later");
  fleet.at("b").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "later");
});

test("P4 journal time never goes back, and goes on over restarts and power-offs of the server machine", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  await fleet.advance(15_000);
  s.kill();
  await fleet.advance(5_000);
  await s.switchOn();
  await fleet.advance(30_000);
  const beforeMs = fleet.world.nowMs;
  const before = toldTimes(fleet.wiretap.messages).at(-1) ?? 0;
  s.powerOff();
  await fleet.advance(600_000);
  await s.switchOn();
  await fleet.advance(30_000);
  const after = toldTimes(fleet.wiretap.messages).at(-1) ?? 0;
  const ranMs = fleet.world.nowMs - beforeMs;
  t.true(Math.abs(after - before - ranMs) < 15_000, `${after - before} ms of journal time in ${ranMs} ms`);
  t.true(isRising(toldTimes(fleet.wiretap.messages)));
});

test("P4 a wall clock that is set back over a power-off takes journal time back by nothing, and a client's estimate raises it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  const s = fleet.at("s");
  s.clock.setWall(3_600_000);
  await fleet.advance(15_000);
  const before = toldTimes(fleet.wiretap.messages).at(-1) ?? 0;
  s.powerOff();
  await fleet.advance(120_000);
  // The time server puts its clock right again: back by an hour.
  await s.switchOn();
  await fleet.advance(30_000);
  const times = toldTimes(fleet.wiretap.messages);
  t.true(isRising(times));
  t.true((times.at(-1) ?? 0) - before > 120_000, "the client counted on while the server was off");
});

test("P7 an edit that has to wait holds back those after it", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await b.edit(BOB, ...LANGUAGE, "it");
  await b.startClient(fleet.at("s").address);
  fleet.network.loses = ({ message }) => message.body.kind === "offer";
  void b.restartSoon();
  await fleet.when(() => count(fleet.wiretap.messages, "b", "offer") > 0, 20_000, "an offer");
  await b.edit(BOB, "personal-button", "x", button("x"));
  await b.edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(3_000);
  t.is(count(fleet.wiretap.messages, "b", "push"), 0);
  fleet.network.loses = undefined;
  fleet.network.breakConnections("b");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.deepEqual(await fleet.everywhere(BOB, "personal-button", "x"), button("x"));
});

test("P10 a welcome answers what was decided already: it is not sent again", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.network.loses = ({ to, message }) => to === "a" && (message.body.kind === "answers" || message.body.kind === "changes");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.when(() => count(fleet.wiretap.messages, "s", "answers") > 0, 10_000, "the answer");
  fleet.network.loses = undefined;
  fleet.wiretap.clear();
  fleet.network.breakConnections("a");
  await fleet.settle();
  t.is(count(fleet.wiretap.messages, "a", "push"), 0);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
});

test("P10 a welcome says which edits have lost: they are not sent again, and are in the history once", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.at("a").unplug();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(30_000);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(1_000);
  fleet.network.loses = ({ to, message }) => to === "a" && message.body.kind === "answers";
  fleet.at("a").plug();
  await fleet.when(() => count(fleet.wiretap.messages, "s", "answers") > 1, 60_000, "the answer");
  fleet.network.loses = undefined;
  fleet.wiretap.clear();
  fleet.network.breakConnections("a");
  await fleet.settle();
  t.is(count(fleet.wiretap.messages, "a", "push"), 0);
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
  t.is((await fleet.until(fleet.at("a").administration.history())).length, 1);
});

test("P6 an edit has seen what its machine showed, not what its module had heard by then", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const a = fleet.at("a");
  const shown = a.hal.settings.appliedPosition()?.revision;
  // At the moment when the module has the change, and before it shows it.
  a.moduleDisk.onDurable = () => {
    a.moduleDisk.onDurable = undefined;
    void a.changeSoon(ALICE, ...LANGUAGE, "fr");
  };
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  const edits = fleet.wiretap.messages.flatMap(({ from, message: { body } }) => (from === "a" && body.kind === "push" ? body.edits : []));
  t.deepEqual(
    edits.map((bytes) => decodeEdit(bytes).seen),
    [shown],
  );
});

test("P11 what somebody sets while a change arrives is not overwritten by it", async (t) => {
  for (let delayMs = 20; delayMs <= 70; delayMs += 2) {
    const fleet = await Fleet.start({ seed: delayMs, server: "s", clients: ["a", "b"] });
    const a = fleet.at("a");
    // Slow enough that edits are often in the machine's store and not in the module's.
    a.moduleDisk.speed = { writeMsMin: 10, writeMsMax: 30, lateReads: 0.5 };
    await fleet.at("b").edit(ALICE, ...LANGUAGE, "de");
    await fleet.advance(delayMs);
    await a.edit(ALICE, ...LANGUAGE, "fr");
    for (let look = 0; look < 60; look += 1) {
      t.is(await a.read(ALICE, ...LANGUAGE), "fr", `${delayMs} ms after b, look ${look}`);
      await fleet.advance(5);
    }
    await fleet.settle();
    t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  }
});

test("P13 a machine that comes back pushes nothing before it has caught up", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.at("a").unplug();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  for (let n = 1; n <= 5; n += 1) await fleet.at("b").edit(BOB, "personal-button", `${n}`, button(`${n}`));
  await fleet.advance(30_000);
  fleet.wiretap.clear();
  fleet.at("a").plug();
  await fleet.settle();
  const said = fleet.wiretap.transcript().filter((line) => line.startsWith("a>s") || line.startsWith("s>a"));
  const first = said.lastIndexOf("a>s hello");
  t.deepEqual(said.slice(first, first + 4), ["a>s hello", "s>a welcome", "s>a changes", "a>s push"]);
});

test("P13 P17 a machine that joins offers nothing before its copy is visible", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  await fleet.at("s").restart();
  await fleet.settle();
  fleet.wiretap.clear();
  await fleet.join("b");
  const said = fleet.wiretap.transcript().filter((line) => line.startsWith("b>s") || line === "s>b part");
  t.deepEqual(said.slice(0, 4), ["b>s hello", "b>s pull-part", "s>b part", "b>s offer"]);
});

test("P14 what comes from a session that is over changes nothing, and its machine says hello", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.at("a").unplug();
  await fleet.advance(60_000);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  fleet.at("a").plug();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "de");
});

test("P15 a change that is lost without a word is noticed at the second beat that names it, not at the first", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.network.loses = ({ to, message }) => to === "b" && message.body.kind === "changes";
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(200);
  fleet.network.loses = undefined;
  fleet.wiretap.clear();
  const beats = () => fleet.wiretap.messages.filter(({ to, message }) => to === "b" && message.body.kind === "server-beat").length;
  await fleet.when(() => beats() === 1, 10_000, "a beat");
  await fleet.advance(1_000);
  t.is(count(fleet.wiretap.messages, "b", "hello"), 0);
  await fleet.when(() => beats() === 2, 10_000, "a second beat");
  await fleet.advance(1_000);
  t.is(count(fleet.wiretap.messages, "b", "hello"), 1);
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "fr");
});

test("P15 a change that is lost without a word is missed when the next one comes", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  fleet.network.loses = ({ to, message }) => to === "b" && message.body.kind === "changes";
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(200);
  fleet.network.loses = undefined;
  await fleet.at("a").edit(BOB, ...LANGUAGE, "it");
  await fleet.advance(500);
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "fr", "before any beat");
  t.is(await fleet.at("b").read(BOB, ...LANGUAGE), "it");
});

test("P15 changes that overtake the welcome are not forgotten", async (t) => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const fleet = await Fleet.start({ seed, server: "s", clients: ["a"], others: ["b"] });
    await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
    fleet.network.weather = { latencyMsMin: 1, latencyMsMax: 700, loss: 0, duplicates: 0 };
    void fleet.at("b").startClientSoon(fleet.at("s").address);
    await fleet.advance(8_000);
    void fleet.at("b").restartSoon();
    for (let n = 1; n <= 60; n += 1) {
      await fleet.at("a").edit(ALICE, ...LANGUAGE, `x-${n}`);
      await fleet.advance(100);
      const copy = fleet.at("b").running ? fleet.at("b").status?.client : undefined;
      if (copy?.state === "synchronized") break;
    }
    await fleet.settle();
    t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it", `seed ${seed}`);
  }
});

/** The server machine's storage as it was before a's last edit is put back: two histories with one name. */
async function twoHistories(): Promise<Fleet> {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { medium } = fleet.at("s").moduleDisk;
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  const before = medium.content;
  await fleet.at("b").edit(BOB, "personal-button", "x", button("one history"));
  await fleet.settle();
  fleet.at("a").unplug();
  fleet.at("s").powerOff();
  medium.content = before;
  await fleet.at("s").switchOn();
  await fleet.settle();
  await fleet.at("b").edit(BOB, "personal-button", "y", button("another history"));
  await fleet.settle();
  return fleet;
}

test("P20 M12 what is edited between the start of a client function and its join is data of the join", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  const b = fleet.at("b");
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "fr");
  await b.startClient(fleet.at("s").address);
  b.unplug();
  await b.restart();
  await b.edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(30_000);
  fleet.network.loses = ({ to, message }) => to === "b" && message.body.kind === "part";
  b.plug();
  await fleet.when(() => count(fleet.wiretap.messages, "s", "part") > 0, 60_000, "a snapshot under way");
  // It knows the time by now, and shows its own data still.
  await b.edit(ALICE, ...LANGUAGE, "es");
  await b.edit(BOB, ...LANGUAGE, "it");
  await fleet.advance(500);
  fleet.network.loses = undefined;
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "fr");
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it");
  const history = await fleet.until(b.administration.history());
  t.deepEqual(
    history.map(({ value }) => value),
    ["es"],
  );
});

test("P20 data that are adopted count from their adoption: an edit that was made apart before it loses", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "c"], others: ["b"] });
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  fleet.at("c").unplug();
  await fleet.at("c").edit(BOB, ...LANGUAGE, "es");
  await fleet.advance(30_000);
  await fleet.join("b");
  t.is(await fleet.at("a").read(BOB, ...LANGUAGE), "it");
  fleet.at("c").plug();
  await fleet.settle();
  t.is(await fleet.everywhere(BOB, ...LANGUAGE), "it");
});

test("P24 a deletion that reaches a machine with a snapshot erases its history as well", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  // a's edit loses: its history has something of Alice.
  fleet.at("a").unplug();
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "lost");
  await fleet.advance(1_000);
  await fleet.at("b").edit(ALICE, ...LANGUAGE, "fr");
  await fleet.advance(1_000);
  fleet.at("a").plug();
  await fleet.settle();
  t.is((await fleet.until(fleet.at("a").administration.history())).length, 1);
  const { medium } = fleet.at("s").moduleDisk;
  const before = medium.content;
  await fleet.at("b").edit(BOB, ...LANGUAGE, "it");
  await fleet.settle();
  fleet.at("a").unplug();
  fleet.at("s").powerOff();
  medium.content = before;
  await fleet.at("s").switchOn();
  await fleet.settle();
  t.is(await fleet.at("s").deleteOwner(ALICE), "done");
  fleet.wiretap.clear();
  fleet.at("a").plug();
  await fleet.settle();
  t.true(count(fleet.wiretap.messages, "s", "part") > 0, "a is given a snapshot");
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), undefined);
  t.deepEqual(await fleet.until(fleet.at("a").administration.history()), []);
});

test("P29 a copy with another history is replaced, by a snapshot that is no older than it", async (t) => {
  const fleet = await twoHistories();
  const own = fleet.at("a").status?.client?.revision ?? 0;
  fleet.wiretap.clear();
  fleet.at("a").plug();
  await fleet.settle();
  t.deepEqual(await fleet.everywhere(BOB, "personal-button", "y"), button("another history"));
  t.is(await fleet.everywhere(BOB, "personal-button", "x"), undefined);
  const starts = fleet.wiretap.messages.flatMap(({ to, message: { body } }) =>
    to === "a" && body.kind === "welcome" && body.way.kind === "snapshot" ? [body.way.start.revision] : [],
  );
  t.true(starts.length > 0 && starts.every((revision) => revision >= own), `${starts.join(", ")} for a copy at ${own}`);
});

test("P29 a transfer that was cut off goes on from where it was, and only from its own start", async (t) => {
  const large = (n: number) => ({ name: `large ${n}`, function: "copy", settings: { text: `${n}`.padEnd(15_000, "x") } });
  const fleet = await Fleet.start({ server: "s", clients: ["a"], others: ["b"] });
  for (let n = 1; n <= 30; n += 1) await fleet.at("a").edit(ALICE, "personal-button", `${n}`, large(n));
  await fleet.settle();
  await fleet.at("s").restart();
  await fleet.settle();
  await fleet.at("b").startClient(fleet.at("s").address);
  let parts = 0;
  fleet.network.loses = ({ message }) => message.body.kind === "part" && (parts += 1) > 1;
  void fleet.at("b").restartSoon();
  await fleet.when(() => parts > 1, 20_000, "a second part");
  fleet.network.loses = undefined;
  await fleet.at("a").edit(ALICE, "personal-button", "1", button("changed"));
  fleet.at("s").kill();
  await fleet.advance(1_000);
  await fleet.at("s").switchOn();
  fleet.wiretap.clear();
  await fleet.settle();
  const ways = fleet.wiretap.messages.flatMap(({ to, message: { body } }) => (to === "b" && body.kind === "welcome" ? [body.way] : []));
  t.like(ways.at(-1), { kind: "snapshot", resume: true });
  const asked = fleet.wiretap.messages.flatMap(({ from, message: { body } }) =>
    from === "b" && body.kind === "pull-part" ? [body.after] : [],
  );
  t.true(asked.length > 0 && asked.every((after) => after !== ""), "not from the beginning");
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "1"), button("changed"));
  t.deepEqual(await fleet.everywhere(ALICE, "personal-button", "30"), large(30));
});

/** An edit as the module speaks that stands in for a's. */
const pushed = (device: DeviceId, sequence: number, value: string): Uint8Array => encodeEdit(editOf(device, sequence, value));

test("P7 P10 an edit that comes in two pushes is applied once, and answered alike", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { device, push, answers } = await newerModule(fleet, "a");
  push(1, [pushed(device, 1_001, "de")]);
  await fleet.when(() => answers().length === 1);
  const revision = revisionOf(fleet);
  push(2, [pushed(device, 1_001, "de"), pushed(device, 1_002, "fr")]);
  await fleet.when(() => answers().length === 2);
  t.deepEqual(answers()[1]?.answers[0], answers()[0]?.answers[0]);
  t.is(revisionOf(fleet), (revision ?? 0) + 1);
  push(3, [pushed(device, 1_001, "de")]);
  await fleet.when(() => answers().length === 3);
  t.is(revisionOf(fleet), (revision ?? 0) + 1);
  await fleet.advance(1_000);
  t.is(await fleet.at("b").read(ALICE, ...LANGUAGE), "fr");
});

test("P13 P14 a push of another epoch, or of a session that is over, changes nothing and is answered with the session's end", async (t) => {
  for (const other of [{ session: sessionId("5".repeat(16)) }, { epoch: { number: 9, id: epochId("9".repeat(16)) } }] as const) {
    const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
    const { device, push, heardOf } = await newerModule(fleet, "a");
    const revision = revisionOf(fleet);
    push(1, [pushed(device, 1_001, "de")], other);
    await fleet.when(() => heardOf("server-end").length > 0);
    t.like(heardOf("server-end")[0]?.body, { reason: "unknown-session" });
    await fleet.advance(1_000);
    t.is(revisionOf(fleet), revision);
  }
});

test("P14 a hello that was overtaken by a later one opens no session", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  const { device, hello, say, push, heardOf, answers } = await newerModule(fleet, "a");
  say({ ...hello, run: RUN, number: 1 });
  await fleet.advance(1_000);
  t.is(heardOf("welcome").length, 1);
  push(1, [pushed(device, 1_001, "de")]);
  await fleet.when(() => answers().length === 1, 10_000, "the session that stands");
  t.is(heardOf("server-end").length, 0);
});

test("P14 to a server that has restarted, a late hello of a run that is gone keeps nobody out", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
  await fleet.at("s").restart();
  await fleet.settle();
  const { device, hello, say, push, heardOf, answers } = await newerModule(fleet, "a");
  say({ ...hello, run: runId("1".repeat(16)), number: 9 });
  await fleet.when(() => heardOf("welcome").length === 2, 10_000, "the server cannot know better");
  for (const number of [2, 3]) {
    say({ ...hello, run: RUN, number });
    await fleet.advance(1_000);
  }
  t.is(heardOf("welcome").length, 3, "the run that goes on is the newest");
  push(1, [pushed(device, 1_001, "de")], { session: heardOf("welcome")[2]?.envelope.session });
  await fleet.when(() => answers().length === 1, 10_000, "the session that stands");
});

test("P7 one push is under way, however long its answer takes", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.network.loses = ({ to, message }) => to === "a" && (message.body.kind === "answers" || message.body.kind === "changes");
  for (const language of ["de", "fr", "it"]) {
    await fleet.at("a").edit(ALICE, ...LANGUAGE, language);
    await fleet.advance(300);
  }
  const numbers = new Set(fleet.wiretap.messages.flatMap(({ message: { body } }) => (body.kind === "push" ? [body.number] : [])));
  t.deepEqual([...numbers], [1]);
  fleet.network.loses = undefined;
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "it");
});

test("P7 an edit that came back in a change is answered by it: the next push waits for no word more", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.network.loses = ({ to, message }) => to === "a" && message.body.kind === "answers";
  for (const language of ["de", "fr", "it"]) {
    await fleet.at("a").edit(ALICE, ...LANGUAGE, language);
    await fleet.advance(300);
  }
  const numbers = fleet.wiretap.messages.flatMap(({ message: { body } }) => (body.kind === "push" ? [body.number] : []));
  t.deepEqual(numbers, [1, 2, 3]);
  t.is(fleet.at("a").status?.client?.pending, 0);
  fleet.network.loses = undefined;
  await fleet.settle();
  t.is(await fleet.everywhere(ALICE, ...LANGUAGE), "it");
});

test("P9 an own edit that comes back in a change is in the base, before any answer has come", async (t) => {
  const fleet = await Fleet.start({ server: "s", clients: ["a"] });
  fleet.network.loses = ({ to, message }) => to === "a" && message.body.kind === "answers";
  await fleet.at("a").edit(ALICE, ...LANGUAGE, "de");
  await fleet.advance(500);
  t.is(fleet.at("a").status?.client?.pending, 0);
  fleet.network.loses = undefined;
  await fleet.settle();
});
