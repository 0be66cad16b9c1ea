import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { userOwner } from "../../../src/model/owner.ts";
import type { Change } from "../../../src/protocol/change.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { applyChange, loadForChange } from "../../../src/store/apply-change.ts";
import { entryKey, ownerKey } from "../../../src/store/keys.ts";
import { NEW_OWNER, type OwnerRecord, packEntry, packOwner, unpackOwner } from "../../../src/store/records.ts";
import { PlainRecords } from "../../../src/store/state-records.ts";
import { StateView } from "../../../src/store/state-view.ts";

const ALICE = must(userOwner("alice"), "an owner");
const PURGE: Change = {
  revision: 50,
  at: 9_000,
  edits: [],
  removals: [],
  adoption: undefined,
  logins: [],
  scopes: [],
  purges: [{ owner: ALICE, upTo: 20, stamp: 500 }],
};
const HELD: OwnerRecord = { ...NEW_OWNER, revision: 20, holdings: { "": { since: 1, adopted: undefined } } };

const entry = (key: string, value: string | undefined): Accepted => ({
  id: { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence: 1 },
  owner: ALICE,
  item: "shortcut",
  key,
  value,
  seen: 0,
  stamp: 1,
  certain: true,
  by: "",
  why: "first",
});

type Rows = Readonly<Record<string, readonly [revision: number, value: string | undefined]>>;

/** The keys that are left of these entries, and the owner's record, after the purge. */
async function afterPurge(rows: Rows, owner: OwnerRecord): Promise<{ keys: string[]; owner: OwnerRecord }> {
  const storage = new MemoryStorage();
  const entries = Object.entries(rows).map(([key, [revision, value]]) => {
    const made = entry(key, value);
    return { key: `s/${entryKey(made)}`, value: packEntry(revision, encodeAccepted(made)) };
  });
  await storage.write([...entries, { key: `s/${ownerKey(ALICE)}`, value: packOwner(owner) }]);
  const view = new StateView(new PlainRecords(storage, "s/"));
  t2(applyChange(view, PURGE, await loadForChange(view, PURGE)).removed);
  await storage.write(view.writes());
  const left = new StateView(new PlainRecords(storage, "s/"));
  const keys = (await left.loadRange({ from: "e/", to: "e0" })).map((key) => key.split("\0")[2] ?? "");
  await left.load([ownerKey(ALICE)]);
  return { keys: keys.sort(), owner: unpackOwner(must(left.get(ownerKey(ALICE)), "a record")) };
}

/** Nobody sees anything of it. */
function t2(touched: readonly string[]): void {
  if (touched.length > 0) throw new Error("a purge touches no entry that anybody sees");
}

test("P25 what is deleted up to a revision goes, what stands and what was deleted later stays, and the owner keeps the mark", async (t) => {
  const rows: Rows = { old: [10, undefined], last: [20, undefined], later: [21, undefined], stands: [5, "x"] };
  const { keys, owner } = await afterPurge(rows, HELD);
  t.deepEqual(keys, ["later", "stands"]);
  t.deepEqual(owner, { ...HELD, revision: 50, purged: { revision: 20, at: 500 } });
});

test("P25 the mark never goes back", async (t) => {
  const { owner } = await afterPurge({}, { ...HELD, purged: { revision: 10, at: 800 } });
  t.deepEqual(owner.purged, { revision: 20, at: 800 });
  const { owner: later } = await afterPurge({}, { ...HELD, purged: { revision: 30, at: 400 } });
  t.deepEqual(later.purged, { revision: 30, at: 500 });
});

test("P25 P29 over a copy whose parts are newer, the purge does what it did, and nothing to what came after it", async (t) => {
  const newer: OwnerRecord = { ...HELD, revision: 60, purged: { revision: 40, at: 900 } };
  const { keys, owner } = await afterPurge({ old: [10, undefined], again: [55, "y"], gone: [58, undefined] }, newer);
  t.deepEqual(keys, ["again", "gone"]);
  t.deepEqual(owner, newer);
});
