import test from "ava";
import { MemoryMedium, MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { deviceId, joinId } from "../../../src/model/ids.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { endAgainst, NEW_OWNER } from "../../../src/store/records.ts";
import { newEnd, RemovedOwners } from "../../../src/store/removed-owners.ts";
import { Replica } from "../../../src/store/replica.ts";

const ALICE = "user:alice" as Owner;
const end = (at: number) => ({ revision: at, at });

test("an end is new that came after the one that was known, whatever revisions say: an epoch may lie between", (t) => {
  const known = { ...NEW_OWNER, deleted: end(50), evicted: undefined };
  t.is(newEnd(undefined, NEW_OWNER), undefined);
  t.is(newEnd(known, known), undefined);
  t.is(newEnd(known, { ...NEW_OWNER, deleted: end(40) }), undefined, "a restored state knows an older one");
  t.deepEqual(newEnd(known, { ...NEW_OWNER, deleted: end(60) }), { kind: "deleted", at: 60 });
  t.deepEqual(newEnd(known, { ...known, evicted: end(60) }), { kind: "evicted", at: 60 });
  t.deepEqual(newEnd(undefined, { ...NEW_OWNER, deleted: end(10), evicted: end(60) }), { kind: "deleted", at: 10 }, "which leaves nothing");
});

test("P23 of two ends that an edit comes too late for it is the deletion that counts, whichever was later", (t) => {
  const isAgainst = ({ revision }: { readonly revision: number }) => revision > 10;
  const rows: readonly (readonly [deleted: number, evicted: number, word: "owner-removed" | "owner-evicted" | undefined])[] = [
    [20, 30, "owner-removed"],
    [30, 20, "owner-removed"],
    [5, 20, "owner-evicted"],
    [20, 5, "owner-removed"],
    [5, 5, undefined],
  ];
  for (const [deleted, evicted, word] of rows)
    t.is(endAgainst({ ...NEW_OWNER, deleted: end(deleted), evicted: end(evicted) }, isAgainst)?.word, word, `${deleted} ${evicted}`);
});

test("a deletion stays one when an eviction follows it", (t) => {
  const removed = new RemovedOwners();
  removed.add(ALICE, { kind: "deleted", at: 10, mark: 3 });
  const { key, value } = removed.add(ALICE, { kind: "evicted", at: 20, mark: 5 });
  const again = new RemovedOwners();
  again.restore(key, must(value, "a record"));
  for (const read of [removed, again]) t.deepEqual(read.get(ALICE), { kind: "deleted", at: 20, mark: 5 });
});

test("B06 an end that was brought is as of then, any other as of its change", (t) => {
  const removed = new RemovedOwners();
  const change = { revision: 9, at: 50, edits: [], adoption: undefined, logins: [], scopes: [], purges: [] };
  const bob = "user:bob" as Owner;
  removed.addAll(
    [
      {
        ...change,
        removals: [
          { owner: ALICE, kind: "deleted" },
          { owner: bob, kind: "deleted", at: 20 },
        ],
      },
    ],
    3,
  );
  t.deepEqual([removed.get(ALICE)?.at, removed.get(bob)?.at], [50, 20]);
});

test("whose data has still to leave, and which scopes are in force, is there again after a restart", async (t) => {
  const medium = new MemoryMedium();
  const open = () => Replica.open(new MemoryStorage(medium), deviceId("d".repeat(32)));
  const replica = await open();
  const inForce = { scope: "shared", since: 7, renewed: 7, offer: { id: joinId("7".repeat(16)), base: 9 } } as const;
  await replica.write([replica.removed.add(ALICE, { kind: "evicted", at: 10, mark: 3 }), replica.scopes.set("timeline", inForce)], {});
  const again = await open();
  t.deepEqual(again.removed.all(), [[ALICE, { kind: "evicted", at: 10, mark: 3 }]]);
  t.deepEqual(again.scopes.get("timeline"), inForce);
  t.false(again.scopes.hasDeviceSpecific);
  await again.write([again.removed.remove(ALICE), again.scopes.remove("timeline")], {});
  const last = await open();
  t.is(last.removed.size, 0);
  t.is(last.scopes.get("timeline"), undefined);
});
