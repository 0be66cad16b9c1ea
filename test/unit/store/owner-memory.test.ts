/** Owners' records that a server has in memory: what is decided reads each once, and always as it stands. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { type Draft, draftOf } from "../../../src/store/draft.ts";
import { Journal, type Transaction } from "../../../src/store/journal.ts";
import { ownerKey } from "../../../src/store/keys.ts";
import { OwnerMemory } from "../../../src/store/owner-memory.ts";
import { NEW_OWNER, packOwner, unpackOwner } from "../../../src/store/records.ts";

const ALICE = "user:alice" as Owner;
const BOB = "user:bob" as Owner;
const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });

function edited(sequence: number, owner: Owner = ALICE) {
  const id = { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence };
  const made = { seen: 0, stamp: 1, certain: true, by: "", why: "first" } as const;
  const edit: Accepted = { id, owner, item: "personal-button", key: "k", value: "x", ...made };
  return { edit, bytes: encodeAccepted(edit) };
}

/** A journal whose reads of owners are noted, and whose writes fail where they are to. */
async function journalOf() {
  const memory = new MemoryStorage();
  const asked: string[] = [];
  const disk = { isFull: false };
  const storage: Storage = {
    get: (key) => memory.get(key),
    getMany: (keys) => {
      asked.push(...keys.filter((key) => key.startsWith("s/s/o/")));
      return memory.getMany(keys);
    },
    write: (batch) => (disk.isFull ? Promise.reject(new Error("full")) : memory.write(batch)),
    range: (options) => memory.range(options),
    close: () => memory.close(),
  };
  const journal = await Journal.open(storage, first);
  const decide = (act: (transaction: Transaction) => Promise<void>) => journal.commit(1, act, 0);
  const commit = (draft: Partial<Draft>) => decide(async (transaction) => void (await transaction.append({ ...draftOf([]), ...draft })));
  const seen = async (owner: Owner = ALICE) => {
    let record = NEW_OWNER;
    await decide(async ({ view }) => {
      await view.load([ownerKey(owner)]);
      record = view.owner(ownerKey(owner)) ?? NEW_OWNER;
    });
    return record;
  };
  return { journal, commit, seen, asked, disk };
}

test("an owner's record is read once for all that is decided, until it is changed", async (t) => {
  const { commit, seen, asked } = await journalOf();
  await commit({ edits: [edited(1)] });
  asked.length = 0;
  const record = await seen();
  t.is(asked.length, 1);
  t.is(await seen(), record, "it is not even decoded again");
  t.is(asked.length, 1);
  await commit({ edits: [edited(2)] });
  t.is(asked.length, 1, "an edit of a list that is held changes nothing of it");
  await commit({ logins: [{ owner: ALICE, day: 9 }] });
  t.is((await seen()).lastLoginDay, 9);
  await commit({ removals: [{ owner: ALICE, kind: "deleted" }] });
  t.deepEqual((await seen()).holdings, {});
});

test("what is not written is not known: a commit that fails, and an owner that is not there", async (t) => {
  const { commit, seen, asked, disk } = await journalOf();
  await commit({ edits: [edited(1)] });
  await seen();
  disk.isFull = true;
  await t.throwsAsync(commit({ logins: [{ owner: ALICE, day: 9 }] }), { message: "full" });
  disk.isFull = false;
  t.not((await seen()).lastLoginDay, 9);
  t.is(await seen(BOB), NEW_OWNER);
  await commit({ edits: [edited(1, BOB)] });
  t.is(Object.keys((await seen(BOB)).holdings).length, 1);
  asked.length = 0;
  t.is(Object.keys((await seen(BOB)).holdings).length, 1);
  t.is(asked.length, 0);
});

test("others read the storage: what they find is not kept, as a commit may have ended meanwhile", async (t) => {
  const { journal, commit, asked } = await journalOf();
  await commit({ edits: [edited(1)] });
  asked.length = 0;
  for (let time = 1; time <= 2; time += 1) {
    const view = journal.view();
    await view.load([ownerKey(ALICE)]);
    t.truthy(view.owner(ownerKey(ALICE)));
    t.is(asked.length, time);
  }
});

test("so many are known and no more: who was asked for longest ago goes", (t) => {
  const memory = new OwnerMemory();
  const key = (n: number) => ownerKey(`user:${n}` as Owner);
  const record = packOwner({ ...NEW_OWNER, lastLoginDay: 5 });
  for (let n = 0; n < LIMITS.ownersInMemoryMax; n += 1) memory.note(key(n), record);
  t.is(memory.get(key(0)), record);
  memory.note(key(LIMITS.ownersInMemoryMax), record);
  t.is(memory.get(key(0)), record);
  t.is(memory.get(key(1)), undefined);
  t.is(memory.get(key(2)), record);
  memory.note("e/user:1\u0000shortcut\u0000k", record);
  t.is(memory.get("e/user:1\u0000shortcut\u0000k"), undefined, "entries are not kept");
  t.deepEqual(memory.owner(record), unpackOwner(record));
  t.throws(() => memory.owner(Uint8Array.of(0xff)));
});
