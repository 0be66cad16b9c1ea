import test from "ava";
import { Cable, PLAIN_CABLE, type Parcel } from "../../hal/sim/cable.ts";
import { FakeTime } from "./fake-time.ts";

/** Chance as the test says: each call takes the next number, 1 (no loss) when there are no more. */
function cableWith(chances: readonly number[] = []) {
  const time = new FakeTime();
  const left = [...chances];
  const cable = new Cable({ nowMs: time.nowMs, after: time.after, chance: () => left.shift() ?? 0.999 });
  const arrived: string[] = [];
  const strand = cable.strand((parcel: Parcel) =>
    arrived.push(parcel.kind === "bytes" ? Buffer.from(parcel.bytes).toString() : parcel.kind),
  );
  const send = (text: string) => strand.send({ kind: "bytes", bytes: Buffer.from(text) });
  return { time, cable, strand, arrived, send };
}

test("a plain cable delivers within the call", (t) => {
  const { arrived, send } = cableWith();
  send("a");
  t.deepEqual(arrived, ["a"]);
});

test("a delay holds every parcel for the same time, and keeps their order", (t) => {
  const { time, cable, strand, arrived, send } = cableWith();
  cable.set({ ...PLAIN_CABLE, delayMs: 100 });
  send("a");
  time.advance(50);
  send("b");
  strand.send({ kind: "end" });
  t.deepEqual(arrived, []);
  time.advance(50);
  t.deepEqual(arrived, ["a"]);
  time.advance(49);
  t.deepEqual(arrived, ["a"]);
  time.advance(1);
  t.deepEqual(arrived, ["a", "b", "end"]);
});

test("a pulled cable is silence: what was sent, an end and a reset included, arrives when it is back", (t) => {
  const { time, cable, strand, arrived, send } = cableWith();
  cable.set({ ...PLAIN_CABLE, connected: false });
  send("a");
  strand.send({ kind: "end" });
  strand.send({ kind: "reset" });
  time.advance(3_600_000);
  t.deepEqual(arrived, []);
  t.is(strand.bytesUnderWay, 1);
  cable.set(PLAIN_CABLE);
  t.deepEqual(arrived, ["a", "end", "reset"]);
  t.is(strand.bytesUnderWay, 0);
});

test("what was under way when the cable was pulled does not arrive either", (t) => {
  const { time, cable, arrived, send } = cableWith();
  cable.set({ ...PLAIN_CABLE, delayMs: 100 });
  send("a");
  cable.set({ connected: false, delayMs: 100, lossPercent: 0 });
  time.advance(1_000);
  t.deepEqual(arrived, []);
  cable.set(PLAIN_CABLE);
  t.deepEqual(arrived, ["a"]);
});

test("a lost segment comes 200 ms later, one lost twice 600 ms, and what follows waits for it", (t) => {
  const { time, cable, arrived, send } = cableWith([0.1, 0.9, 0.9, 0.1, 0.1, 0.9]);
  cable.set({ ...PLAIN_CABLE, lossPercent: 30 });
  send("lost once");
  send("not lost");
  t.deepEqual(arrived, []);
  time.advance(199);
  t.deepEqual(arrived, []);
  time.advance(1);
  t.deepEqual(arrived, ["lost once", "not lost"]);
  send("lost twice");
  time.advance(599);
  t.is(arrived.length, 2);
  time.advance(1);
  t.is(arrived.length, 3);
});

test("a loss of 30 percent strikes 30 percent of the segments, not of the writes", (t) => {
  let drawn = 0;
  const time = new FakeTime();
  const cable = new Cable({ ...time, chance: () => ((drawn += 1) % 10) / 10 });
  cable.set({ ...PLAIN_CABLE, lossPercent: 30 });
  cable.travelMs(14_480);
  t.true(drawn >= 10);
});

test("a loss of 100 percent is a pulled cable", (t) => {
  const { time, cable, arrived, send } = cableWith();
  cable.set({ ...PLAIN_CABLE, lossPercent: 100 });
  send("a");
  time.advance(3_600_000);
  t.deepEqual(arrived, []);
  t.true(cable.dropsDatagram());
  cable.set(PLAIN_CABLE);
  t.deepEqual(arrived, ["a"]);
  t.false(cable.dropsDatagram());
});

test("a closed strand delivers nothing more, and the cable forgets it", (t) => {
  const { time, cable, strand, arrived, send } = cableWith();
  cable.set({ ...PLAIN_CABLE, delayMs: 10 });
  send("a");
  strand.close();
  send("b");
  time.advance(100);
  cable.set(PLAIN_CABLE);
  t.deepEqual(arrived, []);
});

test("a strand that is closed by what it delivers stops there", (t) => {
  const time = new FakeTime();
  const cable = new Cable({ ...time, chance: () => 0.9 });
  const arrived: string[] = [];
  cable.set({ ...PLAIN_CABLE, connected: false });
  const strand = cable.strand((parcel) => {
    arrived.push(parcel.kind);
    strand.close();
  });
  strand.send({ kind: "end" });
  strand.send({ kind: "reset" });
  cable.set(PLAIN_CABLE);
  t.deepEqual(arrived, ["end"]);
});
