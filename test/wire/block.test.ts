import { deflateRawSync } from "node:zlib";
import test from "ava";
import fc from "fast-check";
import { LIMITS } from "../../src/model/limits.ts";
import { Assembly, deflateBlock, inflateBlock, packRecords, pieces, unpackRecords } from "../../src/protocol/block.ts";
import { packPart, unpackPart } from "../../src/protocol/part.ts";
import { bytesOf, fault } from "./faults.ts";

const noise = (length: number): Uint8Array => {
  let state = 12_345;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24);
};

test("records come out of a block as they went in, empty ones too", (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (records) => t.deepEqual(unpackRecords(packRecords(records)), records)),
    { seed: 7 },
  );
  t.deepEqual([...packRecords([Uint8Array.of(9), new Uint8Array()])], [0, 0, 0, 1, 9, 0, 0, 0, 0]);
});

test("a block whose lengths do not add up is refused", (t) => {
  for (const hex of ["00", "000000", "00000001", "00000002 09", "ffffffff 09", "00000001 09 00", "00000000 0000"]) {
    t.is(fault(t, () => unpackRecords(bytesOf(hex)), hex).code, "message-malformed", hex);
  }
});

test("millions of empty records are no block", (t) => {
  t.regex(fault(t, () => unpackRecords(new Uint8Array(6 * 1024 * 1024))).message, /more than 32768 records/);
  t.is(unpackRecords(new Uint8Array(4 * LIMITS.recordsMax)).length, LIMITS.recordsMax);
  t.is(fault(t, () => unpackRecords(new Uint8Array(4 * LIMITS.recordsMax + 4))).code, "message-malformed");
});

test("what is small, or does not become smaller, is sent as it is", (t) => {
  t.false(deflateBlock(new Uint8Array(1_024)).deflated);
  t.false(deflateBlock(noise(5_000)).deflated);
  const zeros = deflateBlock(new Uint8Array(5_000));
  t.true(zeros.deflated && zeros.bytes.length < 100);
  t.deepEqual(inflateBlock(zeros.bytes, true, 5_000), new Uint8Array(5_000));
  t.deepEqual(inflateBlock(noise(50), false, 50), noise(50));
});

test("a deflate bomb is stopped at the bound, deflated or not", (t) => {
  const bomb = deflateRawSync(new Uint8Array(64 * 1024 * 1024));
  t.true(bomb.length < LIMITS.pieceBytesMax);
  t.is(fault(t, () => inflateBlock(bomb, true, LIMITS.blockInflatedBytesMax)).code, "message-too-large");
  t.is(fault(t, () => unpackPart(bomb)).code, "message-too-large");
  t.is(fault(t, () => inflateBlock(new Uint8Array(11), false, 10)).code, "message-too-large");
  t.deepEqual(inflateBlock(deflateRawSync(new Uint8Array(10)), true, 10), new Uint8Array(10));
  t.is(fault(t, () => inflateBlock(deflateRawSync(new Uint8Array(11)), true, 10)).code, "message-too-large");
});

test("what does not inflate is malformed: noise, and the half of a block", (t) => {
  const whole = deflateRawSync(noise(1_000));
  for (const bytes of [noise(100), whole.subarray(0, 500), new Uint8Array()]) {
    t.is(fault(t, () => inflateBlock(bytes, true, 10_000)).code, "message-malformed");
  }
});

test("a block is cut into pieces that fit a message, and put together from them", (t) => {
  for (const length of [0, 1, LIMITS.pieceBytesMax, LIMITS.pieceBytesMax + 1, 3 * LIMITS.pieceBytesMax]) {
    const block = noise(length);
    const cut = pieces(block);
    t.is(cut.length, Math.max(1, Math.ceil(length / LIMITS.pieceBytesMax)));
    const assembly = new Assembly(length);
    const answers = cut.map((piece, part) => assembly.add(part, cut.length, piece));
    t.deepEqual(answers.slice(0, -1), new Array(cut.length - 1).fill("more"));
    t.true(Buffer.compare(answers.at(-1) as Uint8Array, block) === 0);
  }
});

test("a piece sent twice does no harm, a missing one spoils the block, the first begins it anew", (t) => {
  const [a, b, c] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
  const assembly = new Assembly(3);
  t.deepEqual(
    [assembly.add(0, 3, a), assembly.add(0, 3, a), assembly.add(1, 3, b), assembly.add(1, 3, b)],
    ["more", "more", "more", "more"],
  );
  t.deepEqual(assembly.add(2, 3, c), Uint8Array.of(1, 2, 3));
  t.is(assembly.add(1, 3, b), "out-of-order");
  t.is(assembly.add(0, 3, a), "more");
  t.is(assembly.add(2, 3, c), "out-of-order");
  t.is(assembly.add(1, 3, b), "out-of-order");
  t.is(assembly.add(0, 2, a), "more");
  t.is(assembly.add(1, 3, b), "out-of-order", "another count of pieces is another block");
  t.deepEqual([assembly.add(0, 2, a), assembly.add(1, 2, c)], ["more", Uint8Array.of(1, 3)]);
  t.is(assembly.add(1, 2, c), "out-of-order", "nothing is kept of a block that is whole");
  t.is(assembly.add(3, 2, c), "out-of-order");
  t.is(assembly.add(0, 0, a), "out-of-order");
  assembly.add(0, 2, a);
  t.is(assembly.add(0, 2, b), "more");
  t.deepEqual(assembly.add(1, 2, c), Uint8Array.of(2, 3), "the first piece began anew");
  assembly.add(0, 3, a);
  assembly.add(1, 3, b);
  t.is(assembly.add(1, 3, c), "out-of-order", "that is no copy of the piece before it");
});

test("pieces that together pass the bound are dropped at once", (t) => {
  const assembly = new Assembly(3);
  t.is(assembly.add(0, 3, Uint8Array.of(1, 2)), "more");
  t.is(fault(t, () => assembly.add(1, 3, Uint8Array.of(3, 4))).code, "message-too-large");
  t.is(assembly.add(2, 3, new Uint8Array()), "out-of-order", "nothing of it is kept");
  t.is(fault(t, () => assembly.add(0, LIMITS.piecesMax + 1, new Uint8Array())).code, "message-too-large");
});

test("a part keeps keys and values in their order", (t) => {
  const records = [
    ["e/user:M\u00fcller/k", Uint8Array.of(1)],
    ["e/z", new Uint8Array()],
    ["\u{1f5a8}", noise(2_000)],
  ] as const;
  t.deepEqual(
    unpackPart(packPart(records)),
    records.map(([key, value]) => [key, value]),
  );
  t.deepEqual(unpackPart(packPart([])), []);
});

test("a part with half a pair, an empty key, a key that is not text or an endless one is refused", (t) => {
  const key = (bytes: Uint8Array): Uint8Array => deflateRawSync(packRecords([bytes, new Uint8Array()]));
  const broken = [
    deflateRawSync(packRecords([Uint8Array.of(65)])),
    key(new Uint8Array()),
    key(Uint8Array.of(0xff)),
    key(new Uint8Array(1_025).fill(65)),
    noise(40),
  ];
  for (const bytes of broken) t.is(fault(t, () => unpackPart(bytes)).code, "message-malformed");
  t.is(unpackPart(key(new Uint8Array(1_024).fill(65))).length, 1);
});
