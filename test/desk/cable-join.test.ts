import { once } from "node:events";
import type { Duplex } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import test from "ava";
import { Cable, PLAIN_CABLE } from "../../hal/sim/cable.ts";
import { joinByCable } from "../../hal/sim/cable-join.ts";
import { streamPair } from "../../hal/sim/stream-pair.ts";
import { FakeTime } from "./fake-time.ts";

/** Two people with a stream each, and a cable between them. */
function joined() {
  const time = new FakeTime();
  const cable = new Cable({ ...time, chance: () => 0.9 });
  const [left, leftInside] = streamPair();
  const [rightInside, right] = streamPair();
  const part = joinByCable(cable, leftInside, rightInside);
  return { time, cable, left, right, part };
}

async function read(stream: Duplex): Promise<string> {
  const [bytes] = await once(stream, "data");
  return String(bytes);
}

/** Lets streams do what they put off. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await turn();
}

function heard(stream: Duplex): string[] {
  const events: string[] = [];
  stream.on("data", (bytes) => events.push(String(bytes)));
  for (const event of ["end", "close"] as const) stream.on(event, () => events.push(event));
  return events;
}

test("both directions pass", async (t) => {
  const { left, right } = joined();
  left.write("to the right");
  t.is(await read(right), "to the right");
  right.write("to the left");
  t.is(await read(left), "to the left");
});

test("an end is half a close: the other direction goes on", async (t) => {
  const { left, right } = joined();
  const events = heard(right);
  left.end("last word");
  await settle();
  t.deepEqual(events, ["last word", "end"]);
  right.write("answer");
  t.is(await read(left), "answer");
});

test("a stream that is destroyed takes the other end with it, after what was written before", async (t) => {
  const { left, right } = joined();
  const events = heard(right);
  left.write("last word");
  await settle();
  left.destroy();
  await settle();
  t.is(events[0], "last word");
  t.true(right.destroyed);
});

test("while the cable is out the other end hears nothing, not even the end", async (t) => {
  const { cable, left, right } = joined();
  const events = heard(right);
  cable.set({ ...PLAIN_CABLE, connected: false });
  left.write("a");
  left.destroy();
  await settle();
  t.deepEqual(events, []);
  t.false(right.destroyed);
  cable.set(PLAIN_CABLE);
  await settle();
  t.is(events[0], "a");
  t.true(right.destroyed);
});

test("a sender is made to wait while the cable is out", async (t) => {
  const { cable, left } = joined();
  cable.set({ ...PLAIN_CABLE, connected: false });
  const chunk = Buffer.alloc(64 * 1024);
  let written = 0;
  while (written < 100 && left.write(chunk)) written += 1;
  await settle();
  while (written < 100 && left.write(chunk)) {
    written += 1;
    await settle();
  }
  t.true(written < 20, `${written} chunks of 64 KiB were taken`);
});

test("a large transfer arrives whole and in order over a slow cable", async (t) => {
  const { time, cable, left, right } = joined();
  cable.set({ ...PLAIN_CABLE, delayMs: 20 });
  const sent = Buffer.alloc(1_500_000).map((_value, index) => index % 251);
  const parts: Buffer[] = [];
  right.on("data", (bytes: Buffer) => parts.push(bytes));
  left.end(sent);
  for (let step = 0; step < 400 && !right.readableEnded; step += 1) {
    await settle();
    time.advance(20);
  }
  t.true(Buffer.concat(parts).equals(sent));
});

test("a parted join is silent to both", async (t) => {
  const { left, right, part } = joined();
  const events = heard(right);
  part();
  left.write("a");
  left.destroy();
  await settle();
  t.deepEqual(events, []);
  t.false(right.destroyed);
});
