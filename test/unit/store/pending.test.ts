/** Own edits on top of a base: which of them lie there, what they hide, and when they leave. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Edit } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { must } from "../../../src/model/assert.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { Pending, pendingOf } from "../../../src/store/pending.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { Replica } from "../../../src/store/replica.ts";
import { uncover } from "../../../src/store/uncover.ts";
import { answeredAt, at, DEVICE, editOf, replicaOf } from "../roles/own-copy.ts";

const edit = (sequence: number): Edit => ({
  id: { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence },
  owner: must(userOwner("alice"), "an owner"),
  item: "shortcut",
  key: `${sequence % 2}`,
  value: "x",
  seen: 0,
  stamp: 1,
  certain: true,
  by: "",
});

test("which edits are answered, and how many are not, is known whatever was added twice, answered, answered again and removed", (t) => {
  const pending = new Pending();
  const counted = () => [...pending.all()].filter(({ answer }) => answer === undefined).length;
  const answered = { ...pendingOf(edit(2)), answer: { outcome: "accepted", revision: 7 } as const };
  const steps: readonly (() => unknown)[] = [
    () => pending.add(pendingOf(edit(1))),
    () => pending.add(pendingOf(edit(2))),
    () => pending.add(pendingOf(edit(2))),
    () => pending.replace(answered),
    () => pending.replace(answered),
    () => pending.add(pendingOf(edit(3))),
    () => pending.remove(2),
    () => pending.remove(2),
    () => pending.remove(1),
  ];
  for (const [index, step] of steps.entries()) {
    step();
    t.is(pending.unanswered, counted(), `step ${index}`);
    t.deepEqual(
      pending.answered(),
      [...pending.all()].filter(({ answer }) => answer !== undefined),
      `step ${index}`,
    );
  }
  t.is(pending.unanswered, 1);
});

test("P9 an edit that was added twice lies on its entry once, and an entry from which the last edit was taken has none", (t) => {
  const pending = new Pending();
  for (const sequence of [1, 3, 3]) pending.add(pendingOf(edit(sequence)));
  const key = entryKey(edit(1));
  t.deepEqual([pending.olderOn(key, 9), [...pending.entries()]], [[1, 3], [key]]);
  pending.remove(3);
  t.is(pending.newestOn(key)?.id.sequence, 1);
  pending.remove(1);
  t.deepEqual([pending.newestOn(key), [...pending.entries()]], [undefined, []]);
});

test("P10 what a hello lists is a range for each run, in order, and of so many runs", (t) => {
  const pending = new Pending();
  const runs = Array.from({ length: LIMITS.pendingRangesMax + 1 }, (_, index) => runId(`${100 + index}`.padStart(16, "0")));
  let sequence = 0;
  for (const run of runs)
    for (let number = 0; number < 3; number += 1) {
      sequence += 2;
      pending.add(pendingOf({ ...edit(sequence), id: { ...edit(sequence).id, run } }));
    }
  t.deepEqual(
    pending.ranges(),
    runs.slice(0, -1).map((run, index) => ({ run, first: 6 * index + 2, last: 6 * index + 6 })),
  );
});

test("P9 what lies on top is the newest edit of an entry, within the range that is asked for, a deletion too", async (t) => {
  const standing = (key: string) => ({ revision: 5, edit: { ...editOf(1, { key }), why: "first" } }) as const;
  const pending = [
    pendingOf(editOf(3, { key: "a", value: "older" })),
    pendingOf(editOf(4, { key: "a", value: "newer" })),
    pendingOf(editOf(5, { key: "b", value: undefined })),
    pendingOf(editOf(6, { key: "", item: "timeline", value: "elsewhere" })),
  ];
  const entries = [standing("a"), standing("b"), standing("c")];
  const replica = await replicaOf(new MemoryStorage(), {}, pending, { entries });
  const { owner } = editOf(1);
  const names = ["a", "b", "c", "d"].map((key) => editOf(1, { key }));
  const known = new Map(["a", "c", "d"].map((key) => [entryKey(editOf(1, { key })), "known"]));
  t.deepEqual(await replica.visible(names), ["newer", undefined, "x", undefined]);
  t.deepEqual(
    await replica.visible(names, known),
    ["newer", undefined, "known", "known"],
    "an own edit lies on what is known of the base too",
  );
  const bob = must(userOwner("bob"), "an owner");
  await replica.write([replica.pending.add(pendingOf(editOf(7, { owner: bob, value: "bob's" })))], {});
  t.deepEqual([...(await replica.visibleOf(owner))].map(([, value]) => value).sort(), ["elsewhere", "newer", "x"]);
  t.deepEqual([...(await replica.baseValues(owner, "shortcut")).values()], ["x", "x", "x"]);
});

test("P9 P27 edits leave when the base has reached the revision of their answer; what became device-specific does not", async (t) => {
  const own = (sequence: number, revision: number | undefined) => answeredAt(editOf(sequence), revision);
  const specific = { ...own(4, 5), answer: { outcome: "device-specific", revision: 5 } as const };
  const storage = new MemoryStorage();
  await replicaOf(storage, {}, [own(1, 9), own(2, 10), own(3, 11), specific, own(5, undefined)]);
  const replica = await Replica.open(storage, DEVICE);
  const { keys, writes } = uncover(replica, [], at(10).revision);
  t.deepEqual(
    keys,
    [1, 2].map((sequence) => entryKey(editOf(sequence))),
  );
  t.is(writes.length, 2);
  t.deepEqual(
    [...replica.pending.all()].map(({ edit: { id } }) => id.sequence),
    [3, 4, 5],
  );
});
