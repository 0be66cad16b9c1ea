/** What stands in a file of users' data inside of its seal, how much of it, and what another version may add. */
import test from "ava";
import { readUserData, writeUserData, type UserDataHeader } from "../../src/import-export/user-data-file.ts";
import type { Entry } from "../../src/model/entry.ts";
import { SyncError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Owner } from "../../src/model/owner.ts";
import { packRecords, unpackRecords } from "../../src/protocol/block.ts";
import { decodeCbor, encodeCbor } from "../../src/protocol/cbor.ts";

const HEADER: UserDataHeader = {
  deviceName: "a printer",
  madeAt: "2026-11-23T00:00:00.000Z",
  networkPlaces: "places",
  groupManagement: { departments: { on: true, ids: ["7"] }, groups: [{ id: "1", name: "one" }] },
};
const entryOf = (key: string, value: Entry["value"]): Entry => ({ owner: "user:alice" as Owner, item: "shortcut", key, value });

async function chunksOf(entries: readonly Entry[]): Promise<Uint8Array[]> {
  async function* given() {
    yield* entries;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeUserData(HEADER, given())) chunks.push(chunk);
  return chunks;
}

/** Of these chunks, all at once. */
function allOf(chunks: readonly Uint8Array[]) {
  const read = readUserData(() => chunks);
  return read === "newer" ? read : { header: read.header, entries: [...read.entries] };
}

test("M34 a file has its header and each entry once, in chunks that a seal takes", async (t) => {
  const entries = Array.from({ length: 60 }, (_, index) => entryOf(`${index}`, "x".repeat(10_000)));
  const chunks = await chunksOf(entries);
  t.deepEqual(allOf(chunks), { header: HEADER, entries });
  t.is(chunks.length, 4, "600 kB in chunks of a quarter of a megabyte");
  t.true(chunks.every(({ length }) => length <= LIMITS.sealedChunkBytesMax));
  t.deepEqual(allOf(await chunksOf([])), { header: HEADER, entries: [] });
});

test("M34 M26 a later format is told as one, whatever stands in it; what a later version adds is left alone", async (t) => {
  const [first = new Uint8Array(), second = new Uint8Array()] = await chunksOf([entryOf("1", "x")]);
  const header = decodeCbor(first, LIMITS.sealedChunkBytesMax) as unknown[];
  t.is(allOf([encodeCbor([2, "what else"])]), "newer");
  t.deepEqual(allOf([encodeCbor([...header, "more"]), second]), { header: HEADER, entries: [entryOf("1", "x")] });
});

test("M34 a file without a header, with too much or with what is no entry is refused with its place", async (t) => {
  const [first = new Uint8Array(), second = new Uint8Array()] = await chunksOf([entryOf("1", "x")]);
  const [entry = new Uint8Array()] = unpackRecords(second);
  const half = Array.from({ length: LIMITS.userDataEntriesMax / 2 }, () => entry);
  const chunk = LIMITS.recordsMax / 2;
  const many = Array.from({ length: Math.ceil((2 * half.length) / chunk) }, (_, index) =>
    packRecords([...half, ...half].slice(index * chunk, (index + 1) * chunk)),
  );
  const read = allOf([first, ...many]);
  t.is(read === "newer" ? 0 : read.entries.length, LIMITS.userDataEntriesMax);
  const broken: readonly (readonly [says: RegExp, chunks: readonly Uint8Array[]])[] = [
    [/header: is missing/, []],
    [/entries: must be at most/, [first, ...many, second]],
    [/entries\[1\]\.owner/, [first, packRecords([entry, encodeCbor(["alice", "shortcut", "1", "x"])])]],
    [/header\.departments\.on/, [encodeCbor([1, "a", "b", "c", [1, []], []])]],
  ];
  for (const [says, chunks] of broken) {
    const error = t.throws(() => allOf(chunks), { instanceOf: SyncError, code: "import-malformed" });
    t.regex(error?.message ?? "", says);
  }
});
