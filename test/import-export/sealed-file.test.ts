import { createHash } from "node:crypto";
import test from "ava";
import { type Opened, openFile, type SealedKind, sealFile } from "../../src/import-export/sealed-file.ts";
import { scryptStretcher } from "../../src/import-export/stretching.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { seededDice } from "../fleet/random.ts";
import { quickStretcher } from "./quick-stretcher.ts";

const PASSPHRASE = "correct horse";
const PRELUDE = 58;
const stretcher = quickStretcher;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

async function sealed(chunks: readonly Uint8Array[], kind: SealedKind = "backup", tools = { stretcher }): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const { bytes: random } = seededDice(7);
  for await (const piece of sealFile(kind, PASSPHRASE, chunks, { random, ...tools })) pieces.push(piece);
  return Uint8Array.from(Buffer.concat(pieces));
}

const opened = (bytes: Uint8Array, passphrase = PASSPHRASE, kind: SealedKind = "backup"): Promise<Opened> =>
  openFile(kind, passphrase, bytes, { stretcher });

/** The chunks, or why there are none. */
async function read(bytes: Uint8Array, passphrase = PASSPHRASE, kind: SealedKind = "backup"): Promise<string[] | string> {
  const outcome = await opened(bytes, passphrase, kind);
  return outcome.kind === "unusable" ? outcome.fault : [...outcome.chunks()].map((chunk) => new TextDecoder().decode(chunk));
}

/** Where the frames of a file begin, and its end. */
function frames(file: Uint8Array): number[] {
  const starts = [PRELUDE];
  for (let at = PRELUDE; at < file.length; ) starts.push((at += 4 + Buffer.from(file).readUInt32BE(at)));
  return starts;
}

test("M34 what was sealed is read again, chunk by chunk, and as often as it is asked for", async (t) => {
  const words = ["one", "", "three ".repeat(5_000)];
  const outcome = await opened(await sealed(words.map(text)));
  if (outcome.kind === "unusable") return t.fail(outcome.fault);
  for (let time = 0; time < 2; time += 1)
    t.deepEqual(
      [...outcome.chunks()].map((chunk) => new TextDecoder().decode(chunk)),
      words,
    );
  t.deepEqual(await read(await sealed([])), [""]);
});

test("B08 nothing of the content and of the passphrase stands in the file, and repetition is deflated away", async (t) => {
  const file = Buffer.from(await sealed([text("Alice's secret ".repeat(1_000))]));
  t.false(file.includes("Alice"));
  t.false(file.includes(PASSPHRASE));
  t.true(file.length < 500);
});

test("M34 another passphrase is told from a damaged file; letters typed in two ways are the same", async (t) => {
  const file = await sealed([text("data")]);
  t.is(await read(file, "correct hors"), "passphrase");
  t.is(await read(file, ""), "passphrase");
  const pieces: Uint8Array[] = [];
  for await (const piece of sealFile("backup", "M\u00fcller", [text("data")], { random: seededDice(1).bytes, stretcher }))
    pieces.push(piece);
  t.deepEqual(await read(Buffer.concat(pieces), "Mu\u0308ller"), ["data"]);
});

test("M33 a file with any bit changed is damaged", async (t) => {
  const file = await sealed([text("one"), text("two")]);
  for (let bit = 0; bit < file.length * 8; bit += 1) {
    const changed = Uint8Array.from(file);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    t.is(await read(changed), "damaged", `bit ${bit}`);
  }
});

test("M33 a file that was cut anywhere, or that something was added to, is damaged", async (t) => {
  const file = await sealed([text("one"), text("two"), text("three")]);
  for (let length = 0; length < file.length; length += 1) t.is(await read(file.subarray(0, length)), "damaged", `${length} bytes`);
  t.is(await read(Buffer.concat([file, Buffer.of(0)])), "damaged");
});

test("M33 frames in another order, left out, or twice are damage", async (t) => {
  const file = await sealed(["1", "2", "3", "4"].map(text));
  const starts = frames(file);
  const of = (...order: number[]) =>
    Buffer.concat([file.subarray(0, PRELUDE), ...order.map((index) => file.subarray(starts[index], starts[index + 1]))]);
  t.deepEqual(await read(of(0, 1, 2, 3)), ["1", "2", "3", "4"]);
  for (const order of [[1, 0, 2, 3], [0, 2, 3], [0, 1, 2], [0, 1, 1, 2, 3], [3], [0, 1, 2, 3, 3]])
    t.is(await read(of(...order)), "damaged");
});

test("M33 a file of one kind is none of the other, and a newer version's file is told as one", async (t) => {
  t.is(await read(await sealed([text("data")], "user-data")), "damaged");
  t.deepEqual(await read(await sealed([text("data")], "user-data"), PASSPHRASE, "user-data"), ["data"]);

  const newer = Buffer.from(await sealed([text("data")]));
  newer[6] = 2;
  createHash("sha256")
    .update(newer.subarray(0, PRELUDE - 8))
    .digest()
    .copy(newer, PRELUDE - 8, 0, 8);
  t.is(await read(newer), "newer");
});

test("a file may not ask for more time and memory than a printer has", async (t) => {
  const costs = [
    { logN: 16, r: 8, p: 1 },
    { logN: 10, r: 9, p: 1 },
    { logN: 10, r: 8, p: 17 },
    { logN: 0, r: 8, p: 1 },
  ];
  for (const cost of costs) {
    const costly = { ...stretcher, cost, key: async () => new Uint8Array(32) };
    t.is(await read(await sealed([text("data")], "backup", { stretcher: costly })), "damaged", JSON.stringify(cost));
  }
});

test("a file that would pass its limit is not written", async (t) => {
  const chunk = Uint8Array.from(seededDice(3).bytes(LIMITS.sealedChunkBytesMax));
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield chunk;
    },
  };
  await t.throwsAsync(
    async () => {
      for await (const piece of sealFile("backup", PASSPHRASE, endless, { random: seededDice(1).bytes, stretcher }))
        t.true(piece.length > 0);
    },
    { message: /more than 67108864 bytes/ },
  );
});

test("M33 a file of the first version stays readable: its bytes are these", async (t) => {
  t.is(Buffer.from(await sealed([text("data")])).toString("hex"), GOLDEN);
  t.deepEqual(await read(Buffer.from(GOLDEN, "hex")), ["data"]);
});

test("M33 the product's own stretching opens what it has sealed", async (t) => {
  const file = await sealed([text("data")], "backup", { stretcher: scryptStretcher });
  const outcome = await openFile("backup", PASSPHRASE, file, { stretcher: scryptStretcher });
  t.is(outcome.kind, "opened");
});

const GOLDEN =
  "435353594e430101010101d0f3c7aeafa30d69d92d068d8833b9cc5423d0c362c5192e69ddef01e25a3c37dadb902024bdbdff874d1957a5e85400000015599e9db790ac183f122ac0521d6542210b9fc2f8ac";

test("M34 a passphrase is the same in either form of Unicode", async (t) => {
  const cost = { logN: 1, r: 1, p: 1 };
  const [salt, keyOf] = [new Uint8Array(16), (word: string) => scryptStretcher.key(word, salt, cost)];
  t.deepEqual(await keyOf("Gr\u00fc\u00dfe"), await keyOf("Gru\u0308\u00dfe"));
  t.notDeepEqual(await keyOf("Gr\u00fc\u00dfe"), await keyOf("Gruesse"));
});
