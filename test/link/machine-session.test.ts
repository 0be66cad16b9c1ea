/** How a server machine writes to one machine: whole packets, a turn's together, and to nobody who takes nothing. */
import { Duplex } from "node:stream";
import test from "ava";
import { MachineSession } from "../../src/link/machine-session.ts";
import { publish } from "../../src/link/mqtt-framing.ts";
import type { DeviceId } from "../../src/model/ids.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { OWN_TOPICS } from "../../src/protocol/topics.ts";
import { ManualClock } from "../contract/manual-clock.ts";

interface Fixture {
  readonly session: MachineSession;
  readonly clock: ManualClock;
  /** What was written at once; nothing of it leaves before `take`. */
  readonly writes: Buffer[];
  take(): void;
}

function fixture(): Fixture {
  const writes: Buffer[] = [];
  const leaving: (() => void)[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write(bytes: Buffer, _encoding, done) {
      writes.push(bytes);
      leaving.push(done);
    },
    writev(pieces, done) {
      writes.push(Buffer.concat(pieces.map(({ chunk }) => chunk)));
      leaving.push(done);
    },
  });
  stream.on("error", () => undefined);
  const clock = new ManualClock();
  const session = new MachineSession({ device: "d" as DeviceId, stream, admitted: () => undefined, clock, topics: OWN_TOPICS });
  return { session, clock, writes, take: () => leaving.splice(0).forEach((done) => void done()) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const HELLO = publish("topic", Buffer.from("hello"));

test("what is said in one turn leaves together, in its order", async (t) => {
  const { session, writes, take } = fixture();
  const next = publish("topic", Buffer.from("next"));
  session.send(HELLO);
  session.send(next);
  t.is(session.queued, HELLO.length + next.length);
  await turn();
  t.deepEqual(writes, [Buffer.concat([HELLO, next])]);
  take();
  await turn();
  t.is(session.queued, 0);
  session.send(HELLO);
  await turn();
  t.is(writes.length, 2);
});

test("what comes while a write is under way leaves with the next, whole packets and no more than a write may have", async (t) => {
  const { session, writes, take } = fixture();
  const large = publish("topic", Buffer.alloc(60_000));
  for (const packet of [HELLO, large, large, HELLO]) {
    session.send(packet);
    await turn();
  }
  t.deepEqual(writes, [HELLO]);
  const lengths: number[] = [];
  for (let step = 0; step < 3; step += 1) {
    take();
    await turn();
    lengths.push(writes.at(-1)?.length ?? 0);
  }
  t.deepEqual(lengths, [large.length, large.length + HELLO.length, large.length + HELLO.length]);
  t.is(writes.length, 3);
  t.is(session.queued, 0);
});

test("a machine that takes nothing is cut, one that is slow is not", async (t) => {
  const { session, clock, take } = fixture();
  const half = LIMITS.slowReaderMs / 2 + 1;
  for (let step = 0; step < 6; step += 1) {
    session.send(HELLO);
    await turn();
    await clock.advance(half);
    take();
    await turn();
    session.send(HELLO);
    await clock.advance(half);
  }
  t.false(session.over, "something left between two of them");
  session.send(HELLO);
  t.false(session.over, "not for long enough");
  await clock.advance(half);
  session.send(HELLO);
  t.true(session.over);
});

test("whoever was idle for long is not slow", async (t) => {
  const { session, clock, take } = fixture();
  session.send(HELLO);
  await turn();
  take();
  await turn();
  await clock.advance(100 * LIMITS.slowReaderMs);
  session.send(HELLO);
  await turn();
  session.send(HELLO);
  t.false(session.over);
});
