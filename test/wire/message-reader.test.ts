/** The reader of messages that begin alike beside the way without it: they never differ, whatever was read before. */
import test from "ava";
import fc from "fast-check";
import { SyncError } from "../../src/model/errors.ts";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "../../src/protocol/codec.ts";
import type { Envelope } from "../../src/protocol/envelope.ts";
import { MessageReader } from "../../src/protocol/message-reader.ts";
import { downBody, envelope, upBody } from "./arbitrary.ts";
import { DOWNS } from "./samples.ts";

const RUNS = { seed: 20_261_123, numRuns: 150 };

/** What becomes of bytes: a message, or the sentence that refuses them. */
function outcome(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    if (error instanceof SyncError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** One of three ways to be wrong at a place, or none. */
const damage = fc.option(fc.tuple(fc.nat(120), fc.constantFrom("byte", "out", "end"), fc.nat(255)));
type Damage = readonly [at: number, how: string, byte: number] | null;

function damaged(bytes: Uint8Array, how: Damage): Uint8Array {
  if (how === null) return bytes;
  const at = how[0] % bytes.length;
  if (how[1] === "out") return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]);
  if (how[1] === "end") return bytes.subarray(0, at);
  return bytes.map((byte, index) => (index === at ? how[2] : byte));
}

test("a reader that knows how messages begin gives what is given without it", (t) => {
  const said = <B>(body: fc.Arbitrary<B>) =>
    fc.tuple(fc.array(envelope, { minLength: 1, maxLength: 2 }), fc.array(fc.tuple(fc.nat(), fc.nat(9), body, damage), { maxLength: 6 }));
  const property = <B>(
    body: fc.Arbitrary<B>,
    write: (around: { envelope: Envelope; body: B }) => Uint8Array,
    read: (bytes: Uint8Array, reader?: MessageReader) => unknown,
  ) =>
    fc.property(said(body), ([around, messages]) => {
      const reader = new MessageReader();
      for (const [which, counter, one, how] of messages) {
        const of = around[which % around.length] as Envelope;
        const bytes = damaged(write({ envelope: { ...of, counter }, body: one }), how);
        t.deepEqual(
          outcome(() => read(bytes, reader)),
          outcome(() => read(bytes)),
        );
      }
    });
  fc.assert(property(downBody, encodeDown, decodeDown), RUNS);
  fc.assert(property(upBody, encodeUp, decodeUp), RUNS);
  t.pass();
});

test("what messages have in common is read once, and other messages between them change nothing", (t) => {
  const reader = new MessageReader();
  const [one, other] = Object.values(DOWNS);
  if (one === undefined || other === undefined) return t.fail("there are samples");
  const epochs: unknown[] = [];
  for (const counter of [1, 2, 70_000]) {
    const { envelope: read } = decodeDown(encodeDown({ ...one, envelope: { ...one.envelope, counter } }), reader);
    t.deepEqual(read, { ...one.envelope, counter });
    epochs.push(read.epoch);
  }
  t.is(new Set(epochs).size, 1, "the same, not only alike");
  t.deepEqual(decodeDown(encodeDown(other), reader), other);
  t.deepEqual(decodeDown(encodeDown(one), reader), one);
});
