import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { CHAIN_START } from "../../../src/model/position.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { ALL_CHANGES } from "../../../src/store/journal-keys.ts";
import { Journal } from "../../../src/store/journal.ts";

const ALICE = must(userOwner("alice"), "an owner");
const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });

function accepted(sequence: number, value: string): { edit: Accepted; bytes: Uint8Array } {
  const id = { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence };
  const edit: Accepted = {
    id,
    owner: ALICE,
    item: "personal-button",
    key: `k${sequence}`,
    value,
    seen: 0,
    stamp: 1,
    certain: true,
    by: "",
    why: "first",
  };
  return { edit, bytes: encodeAccepted(edit) };
}

async function append(journal: Journal, sequence: number, value = "x", pinned = Number.POSITIVE_INFINITY): Promise<void> {
  await journal.commit(
    1,
    async (transaction) => {
      await transaction.append({
        edits: [accepted(sequence, value)],
        removals: [],
        adoption: undefined,
        logins: [],
        scopes: [],
        purges: [],
      });
    },
    pinned,
  );
}

test("revisions have no holes, and a journal that is opened again stands where it stood", async (t) => {
  const storage = new MemoryStorage();
  const journal = await Journal.open(storage, first);
  t.is(journal.position.chainHash, CHAIN_START);
  for (let sequence = 1; sequence <= 3; sequence += 1) await append(journal, sequence);
  t.is(journal.position.revision, 3);
  const again = await Journal.open(storage, first);
  t.deepEqual(again.position, journal.position);
  const since = await again.since(1, 1_000_000);
  t.is(since === "too-old" ? 0 : since.changes.length, 2);
});

test("a commit that fails half-way leaves nothing behind", async (t) => {
  const journal = await Journal.open(new MemoryStorage(), first);
  await append(journal, 1);
  const before = journal.position;
  const failing = journal.commit(
    1,
    async (transaction) => {
      await transaction.append({ edits: [accepted(2, "y")], removals: [], adoption: undefined, logins: [], scopes: [], purges: [] });
      throw new Error("the power is gone");
    },
    Number.POSITIVE_INFINITY,
  );
  await t.throwsAsync(failing, { message: "the power is gone" });
  t.deepEqual(journal.position, before);
  await append(journal, 2);
  t.is(journal.position.revision, 2);
});

test("a position is known when it is a state this journal was in: same epoch, same hash, still kept", async (t) => {
  const journal = await Journal.open(new MemoryStorage(), first);
  await append(journal, 1);
  const position = journal.position;
  await append(journal, 2);
  t.true(await journal.knows(position));
  t.true(await journal.knows(journal.position));
  t.false(await journal.knows({ ...position, chainHash: "0".repeat(31) + "1" }));
  t.false(await journal.knows({ ...position, revision: 9 }));
  t.false(await journal.knows({ ...position, epoch: { ...position.epoch, number: 2 } }));
  t.false(await journal.knows({ ...position, epoch: { ...position.epoch, id: epochId("c".repeat(16)) } }), "another epoch of that number");
  t.false(await journal.knows({ ...position, fleet: fleetId("0".repeat(32)) }));
});

test("P12 beyond the parting of two epochs a copy is known no more, and contradicts nothing; up to there it is both", async (t) => {
  const journal = await Journal.open(new MemoryStorage(), first);
  await append(journal, 1);
  const shared = journal.position;
  await append(journal, 2);
  const beyond = journal.position;
  await journal.beginEpoch({ id: epochId("d".repeat(16)), above: 1, first: 2, born: "restore" });
  t.deepEqual([await journal.knows(shared), await journal.contradicts(shared)], [true, false]);
  t.deepEqual([await journal.knows(beyond), await journal.contradicts(beyond)], [false, false]);
  const [other, ahead] = [
    { ...shared, chainHash: "0".repeat(32) },
    { ...beyond, epoch: journal.position.epoch, revision: 9 },
  ];
  t.deepEqual([await journal.knows(other), await journal.contradicts(other)], [false, true]);
  t.deepEqual([await journal.knows(ahead), await journal.contradicts(ahead)], [false, true]);
  t.false(await journal.contradicts({ ...beyond, chainHash: "0".repeat(32) }), "it is known to be of another history");
});

test("P5 P10 decisions are told apart by epochs from the second one on: the first has parted from nothing", async (t) => {
  const journal = await Journal.open(new MemoryStorage(), first);
  const later = async () => {
    let epoch: string | undefined;
    await journal.commit(1, async ({ laterEpoch }) => void (epoch = laterEpoch), 0);
    return epoch;
  };
  t.is(await later(), undefined);
  const id = epochId("d".repeat(16));
  await journal.beginEpoch({ id, above: 1, first: 1, born: "restore" });
  t.is(await later(), id);
});

test("P12 an epoch that could not be written has not begun", async (t) => {
  const storage = new MemoryStorage();
  const journal = await Journal.open(storage, first);
  await append(journal, 1);
  const { position } = journal;
  const write = storage.write.bind(storage);
  storage.write = () => Promise.reject(new Error("no space"));
  await t.throwsAsync(journal.beginEpoch({ id: epochId("d".repeat(16)), above: 1, first: 2, born: "restore" }));
  t.deepEqual(journal.position, position);
  storage.write = write;
  t.deepEqual((await Journal.open(storage, first)).position, position);
});

test("P15 however little may be sent at once, it is one change at least", async (t) => {
  const journal = await Journal.open(new MemoryStorage(), first);
  for (const sequence of [1, 2]) await append(journal, sequence);
  const sent = await journal.since(0, 1);
  t.like(sent, { last: 1 });
  t.like(await journal.since(0, 10_000), { last: 2 });
});

test("old changes are trimmed by their bytes, but never those that a transfer under way still wants", async (t) => {
  const journal = await Journal.open(new MemoryStorage(), first);
  const large = "x".repeat(10_000);
  const enough = Math.ceil(LIMITS.journalBytesKept / 10_000) + 10;
  for (let sequence = 1; sequence <= enough; sequence += 1) await append(journal, sequence, large, 3);
  t.true(journal.keepsAfter(2), "pinned at 3");
  t.false(journal.keepsAfter(1));
  await append(journal, enough + 1, large);
  t.false(journal.keepsAfter(2));
  t.is(await journal.since(2, 1_000), "too-old");
  t.true(journal.keepsAfter(enough - 100), "what is recent is kept");
  let oldest = enough;
  while (oldest > 0 && journal.keepsAfter(oldest - 1)) oldest -= 1;
  for (const sequence of [2, 3, 4]) await append(journal, enough + sequence, "small");
  t.true(journal.keepsAfter(oldest), "what has gone does not count any more");
});

test("I26 a journal that keeps few changes stays short, however many come at once", async (t) => {
  const storage = new MemoryStorage();
  const journal = await Journal.open(storage, first, 1);
  const draft = { removals: [], adoption: undefined, logins: [], scopes: [], purges: [] };
  for (let write = 0; write < 10; write += 1)
    await journal.commit(
      1,
      async (transaction) => {
        for (let n = 0; n < 5; n += 1) await transaction.append({ ...draft, edits: [accepted(5 * write + n + 1, "x")] });
      },
      Number.POSITIVE_INFINITY,
    );
  let kept = 0;
  for await (const [key] of storage.range(ALL_CHANGES)) kept += key.length > 0 ? 1 : 0;
  t.true(kept <= 6, `${kept} changes: the last write, and one before it`);
  const again = await Journal.open(storage, first, 1);
  for (const after of [0, 20, 43])
    t.is(await again.since(after, 10_000), "too-old", "also after a restart nobody is given half of what came after");
});

test("parts give the whole state in key order, each key once", async (t) => {
  const journal = await Journal.open(new MemoryStorage(), first);
  for (let sequence = 1; sequence <= 30; sequence += 1) await append(journal, sequence, "x".repeat(500));
  const keys: string[] = [];
  for (let after = "", end = false; !end; ) {
    const part = await journal.part(after, 2_000);
    t.true(part.records.length > 0);
    keys.push(...part.records.map(([key]) => key));
    after = must(keys.at(-1), "a key");
    end = part.end;
  }
  t.is(keys.length, 31, "thirty entries and their owner");
  t.is(new Set(keys).size, 31);
  t.deepEqual(keys, [...keys].sort());
});
