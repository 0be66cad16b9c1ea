import test from "ava";
import { MemoryMedium, MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { deviceId, joinId, runId } from "../../../src/model/ids.ts";
import type { Scope } from "../../../src/model/item.ts";
import type { Owner } from "../../../src/model/owner.ts";
import type { Value } from "../../../src/model/value.ts";
import type { Change } from "../../../src/protocol/change.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { applyChange, loadForChange } from "../../../src/store/apply-change.ts";
import { HeldLists } from "../../../src/store/held-lists.ts";
import { entryKey, ownerKey, scopeKey } from "../../../src/store/keys.ts";
import { unpackEntry, unpackOwner, unpackScope } from "../../../src/store/records.ts";
import { PlainRecords, type StateRecords } from "../../../src/store/state-records.ts";
import { StateView } from "../../../src/store/state-view.ts";

const ALICE = "user:alice" as Owner;
const BOB = "user:bob" as Owner;
const DEVICE = deviceId("d".repeat(32));
const JOIN = joinId("7".repeat(16));

const quiet = { edits: [], removals: [], adoption: undefined, logins: [], scopes: [], purges: [] };
const at = (revision: number, what: Partial<Change>): Change => ({ ...quiet, revision, at: 1_000 * revision, ...what });

function sets(revision: number, owner: Owner, item: string, key: string, value: Value | undefined): Change {
  const id = { device: DEVICE, run: runId("a".repeat(16)), sequence: revision };
  const edit: Accepted = { id, owner, item, key, value, seen: 0, stamp: revision, certain: true, by: "", why: "first" };
  return at(revision, { edits: [{ edit, bytes: encodeAccepted(edit) }] });
}

const becomes = (revision: number, scope: Scope): Change => at(revision, { scopes: [{ item: "timeline", scope }] });

/** The state after changes, laid one after the other, each as durable as the next. */
async function after(changes: readonly Change[], storage = new MemoryStorage(new MemoryMedium())): Promise<MemoryStorage> {
  for (const change of changes) {
    const view = new StateView(new PlainRecords(storage, ""));
    applyChange(view, change, await loadForChange(view, change));
    const writes = view.writes();
    if (writes.length > 0) await storage.write(writes);
  }
  return storage;
}

async function contentOf(storage: MemoryStorage): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {};
  for await (const [key, bytes] of storage.range({ from: "", to: "z" })) {
    if (key.startsWith("e/")) content[key] = unpackEntry(bytes).edit.value ?? "deleted";
    else if (key.startsWith("o/")) content[key] = Object.keys(unpackOwner(bytes).holdings).sort();
    else content[key] = unpackScope(bytes);
  }
  return content;
}

const LIFE: readonly Change[] = [
  sets(1, ALICE, "timeline", "1", "old"),
  sets(2, ALICE, "display-language", "", "de"),
  sets(3, BOB, "timeline", "1", "old"),
  sets(4, BOB, "timeline", "1", undefined),
  becomes(5, "device-specific"),
  at(6, { logins: [{ owner: BOB, day: 20_000 }] }),
  becomes(7, "shared"),
  sets(8, ALICE, "timeline", "2", "new"),
];

test("entries of an item that becomes device-specific stay, tombstones too: they are the common data that machines go on from (P24)", async (t) => {
  t.deepEqual(await contentOf(await after(LIFE.slice(0, 5))), {
    [entryKey({ owner: ALICE, item: "timeline", key: "1" })]: "old",
    [entryKey({ owner: ALICE, item: "display-language", key: "" })]: "de",
    [entryKey({ owner: BOB, item: "timeline", key: "1" })]: "deleted",
    [ownerKey(ALICE)]: ["", "item/timeline"],
    [ownerKey(BOB)]: ["", "item/timeline"],
    [scopeKey("timeline")]: { scope: "device-specific", since: 5, renewed: 0 },
  });
});

test("when it becomes shared again they go, of every owner, and nobody is said to hold any of it (M19); all else stays", async (t) => {
  t.deepEqual(await contentOf(await after(LIFE.slice(0, 7))), {
    [entryKey({ owner: ALICE, item: "display-language", key: "" })]: "de",
    [ownerKey(ALICE)]: [""],
    [ownerKey(BOB)]: [""],
    [scopeKey("timeline")]: { scope: "shared", since: 7, renewed: 7 },
  });
});

test("M19 two items that become shared in one change are both held by nobody any more", async (t) => {
  const both = at(9, { scopes: ["timeline", "previous-settings"].map((item) => ({ item, scope: "shared" as const })) });
  const storage = await after([sets(1, ALICE, "timeline", "1", "old"), sets(2, ALICE, "previous-settings", "1", "old"), both]);
  t.deepEqual(Object.keys((await contentOf(storage))[ownerKey(ALICE)] as object).length, 1, "the owner alone");
});

test("M19 an owner who is known to be held comes to hold another item with its first entry", async (t) => {
  const storage = new MemoryStorage(new MemoryMedium());
  const held = new HeldLists();
  for (const change of [sets(1, ALICE, "shortcut", "1", "x"), sets(2, ALICE, "timeline", "1", "x")]) {
    const view = new StateView(
      knowing(storage, held, () => undefined),
      change.revision - 1,
    );
    applyChange(view, change, await loadForChange(view, change));
    await storage.write(view.writes());
    view.written();
  }
  t.is(((await contentOf(storage))[ownerKey(ALICE)] as readonly string[]).length, 2, "the owner, and the item");
});

test("what is written while it is shared is held from then on, a deletion is not", async (t) => {
  const content = await contentOf(await after([...LIFE, sets(9, BOB, "timeline", "3", undefined)]));
  t.deepEqual(content[ownerKey(ALICE)], ["", "item/timeline"]);
  t.deepEqual(content[ownerKey(BOB)], [""]);
});

test("an item that was supplied names who supplied it, and nothing else of the owner does", async (t) => {
  const adoption = { holding: ALICE, item: "timeline", join: JOIN, device: DEVICE };
  const storage = await after([...LIFE.slice(0, 7), { ...sets(8, ALICE, "timeline", "2", "new"), adoption }]);
  const { holdings } = unpackOwner((await storage.get(ownerKey(ALICE))) ?? new Uint8Array());
  t.deepEqual(holdings["item/timeline"], { since: 8, adopted: { device: DEVICE, join: JOIN } });
  t.is(holdings[""]?.adopted, undefined);
});

test("an owner who ends is held in no item either", async (t) => {
  const storage = await after([...LIFE, at(9, { removals: [{ owner: ALICE, kind: "deleted" }] })]);
  t.deepEqual((await contentOf(storage))[ownerKey(ALICE)], []);
});

test("the changes of a life replayed over any mix of its states give the state at its end: parts of a snapshot may be newer", async (t) => {
  const end = await contentOf(await after(LIFE));
  const states = await Promise.all(LIFE.map((_, index) => after(LIFE.slice(0, index + 1))));
  const keys = [...new Set((await Promise.all(states.map(contentOf))).flatMap(Object.keys))];
  for (let start = 0; start < states.length; start += 1) {
    for (const late of keys) {
      // All of the records are from one moment, but for one that was read at a later one.
      for (let read = start; read < states.length; read += 1) {
        const mix = new MemoryStorage(new MemoryMedium());
        for await (const [key, value] of states[start]?.range({ from: "", to: "z" }) ?? [])
          if (key !== late) await mix.write([{ key, value }]);
        const value = await states[read]?.get(late);
        if (value !== undefined) await mix.write([{ key: late, value }]);
        t.deepEqual(await contentOf(await after(LIFE.slice(start + 1), mix)), end, `from ${start + 1}, ${late} read at ${read + 1}`);
      }
    }
  }
});

test("P29 what a later change has written already, an entry or a scope, is left alone by an older one that is replayed over it", async (t) => {
  const later = sets(9, ALICE, "display-language", "", "fr");
  const content = await contentOf(await after([later, sets(2, ALICE, "display-language", "", "de")]));
  t.is(content[entryKey({ owner: ALICE, item: "display-language", key: "" })], "fr");
  const scoped = await contentOf(await after([becomes(9, "shared"), becomes(5, "device-specific")]));
  t.deepEqual(scoped[scopeKey("timeline")], { scope: "shared", since: 9, renewed: 9 });
});

async function alice(...changes: readonly Change[]) {
  return unpackOwner((await (await after(changes)).get(ownerKey(ALICE))) ?? new Uint8Array());
}

const DAY_MS = 24 * 3600 * 1000;

test("M22 the last login is the latest one that was told, in whatever order; the first day is that on which the owner came to be held", async (t) => {
  const login = (revision: number, day: number) => at(revision, { logins: [{ owner: ALICE, day }] });
  const begins = { ...sets(1, ALICE, "display-language", "", "de"), at: 20 * DAY_MS };
  t.is((await alice(begins, login(2, 30), login(3, 25))).lastLoginDay, 30);
  const more = { ...sets(2, ALICE, "timeline", "1", "x"), at: 40 * DAY_MS };
  t.is((await alice(begins, more)).begunDay, 20, "what is added begins nobody anew");
  const evicted = at(2, { removals: [{ owner: ALICE, kind: "evicted" }] });
  t.is((await alice(begins, evicted, { ...more, revision: 3 })).begunDay, 40, "whoever was evicted does");
});

test("B06 an end that is brought is as of then, one that is made here as of now", async (t) => {
  const removal = { owner: ALICE, kind: "deleted" } as const;
  t.deepEqual((await alice(at(2, { removals: [removal] }))).deleted, { revision: 2, at: 2_000 });
  t.deepEqual((await alice(at(2, { removals: [{ ...removal, at: 77 }] }))).deleted, { revision: 2, at: 77 });
});

/** The same records, of which is known what they hold; `read` hears of each key that is read. */
function knowing(storage: MemoryStorage, held: HeldLists, read: (key: string) => void): StateRecords {
  const plain = new PlainRecords(storage, "");
  return {
    held,
    getMany(keys) {
      keys.forEach(read);
      return plain.getMany(keys);
    },
    range: (range) => plain.range(range),
    lazyValues: (range) => plain.lazyValues(range),
    writes: (changed) => plain.writes(changed),
  };
}

const ENDS: readonly Change[] = [
  sets(1, ALICE, "timeline", "1", "old"),
  sets(2, ALICE, "timeline", "2", "old"),
  at(3, { removals: [{ owner: ALICE, kind: "deleted" }] }),
  sets(4, BOB, "timeline", "1", "old"),
  sets(5, ALICE, "timeline", "1", "new"),
  { ...sets(6, ALICE, "timeline", "2", "newer"), removals: [{ owner: ALICE, kind: "evicted" }] },
  sets(7, ALICE, "timeline", "1", undefined),
  sets(8, BOB, "timeline", "1", undefined),
];

test("what is known to be held changes nothing of what changes do, however many of them are in a write", async (t) => {
  for (const changes of [LIFE, ENDS]) {
    const plain = await contentOf(await after(changes));
    for (const together of [1, 2, 3, changes.length]) {
      const storage = new MemoryStorage(new MemoryMedium());
      const held = new HeldLists();
      for (let first = 0; first < changes.length; first += together) {
        const view = new StateView(
          knowing(storage, held, () => undefined),
          first,
        );
        for (const change of changes.slice(first, first + together)) applyChange(view, change, await loadForChange(view, change));
        await storage.write(view.writes());
        view.written();
      }
      t.deepEqual(await contentOf(storage), plain, `${together} together`);
    }
  }
});

test("the record of an owner is read for the first edit of a list, and for none after it until the owner ends or a write fails", async (t) => {
  const storage = new MemoryStorage(new MemoryMedium());
  const held = new HeldLists();
  const read: string[] = [];
  const lay = async (change: Change, end: "written" | "failed") => {
    const view = new StateView(
      knowing(storage, held, (key) => read.push(key)),
      change.revision - 1,
    );
    applyChange(view, change, await loadForChange(view, change));
    if (end === "failed") return;
    await storage.write(view.writes());
    view.written();
  };
  const edit = (revision: number) => sets(revision, ALICE, "display-language", "", `${revision}`);
  await lay(edit(1), "failed");
  await lay(edit(1), "written");
  for (const revision of [2, 3]) await lay(edit(revision), "written");
  t.deepEqual(read, [ownerKey(ALICE), ownerKey(ALICE)]);
  await lay(at(4, { removals: [{ owner: ALICE, kind: "deleted" }] }), "written");
  await lay(edit(5), "written");
  t.deepEqual(read.slice(2), [ownerKey(ALICE), ownerKey(ALICE)]);
});
