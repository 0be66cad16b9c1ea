import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { deviceId, joinId, runId } from "../../../src/model/ids.ts";
import { offerName } from "../../../src/model/offered.ts";
import { answeredAt, at, DEVICE, editOf, replicaOf } from "./own-copy.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { CLIENT_HISTORY, readHistory } from "../../../src/store/history.ts";
import { packEntry, type Standing } from "../../../src/store/records.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { entryKey } from "../../../src/store/keys.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { Replica } from "../../../src/store/replica.ts";
import { keepUndone, rebased } from "../../../src/roles/client/rebase.ts";

const JOIN = joinId("7".repeat(16));
const offerAt = (base: number) => ({ id: JOIN, base });

test("P12 in another epoch edits have seen what both have in common, and answers beyond that are void", async (t) => {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, {}, [
    answeredAt(editOf(1, { seen: 4 }), 5),
    answeredAt(editOf(2, { seen: 5 }), 6),
    answeredAt(editOf(3, { seen: 6 }), undefined),
  ]);
  const { batch, change } = rebased(replica, 5);
  await replica.write(batch, change);
  const opened = await Replica.open(storage, DEVICE);
  for (const copy of [replica, opened])
    t.deepEqual(
      [...copy.pending.all()].map(({ edit, answer }) => [edit.id.sequence, edit.seen, answer?.revision]),
      [
        [1, 4, 5],
        [2, 5, undefined],
        [3, 5, undefined],
      ],
    );
});

test("P12 P17 offers that were accepted beyond what both epochs have in common are made again, and judged from there", async (t) => {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, { join: offerAt(9) }, []);
  const timeline = offerName({ holding: "user:carol", item: "timeline" });
  await replica.write(
    [
      replica.offers.set("user:alice", { kind: "accepted", revision: 5 }),
      replica.offers.set("user:bob", { kind: "accepted", revision: 6 }),
      replica.offers.set(timeline, { kind: "over-limit", word: "too-many-users" }),
      replica.scopes.set("timeline", { scope: "shared", since: 3, renewed: 3, offer: offerAt(6) }),
      replica.scopes.set("previous-settings", { scope: "shared", since: 3, renewed: 3, offer: offerAt(4) }),
    ],
    {},
  );
  const { batch, change } = rebased(replica, 5);
  await replica.write(batch, change);
  const { head, offers, scopes } = await Replica.open(storage, DEVICE);
  t.deepEqual(offers.state("user:alice"), { kind: "accepted", revision: 5 });
  t.deepEqual(offers.state("user:bob"), { kind: "wanted" });
  t.is(offers.state(timeline)?.kind, "over-limit");
  t.deepEqual(head.join, offerAt(5));
  t.deepEqual(
    ["timeline", "previous-settings"].map((item) => must(scopes.get(item), item).offer.base),
    [5, 4],
  );
  t.deepEqual(rebased(await replicaOf(new MemoryStorage(), { join: offerAt(3) }, []), 5).change, { join: offerAt(3) });
  t.deepEqual(rebased(await replicaOf(new MemoryStorage(), {}, []), 5).change, { join: undefined });
});

/** What the history of the machine keeps when a base that has `held` gives way to a state of the same revisions that has `arriving`. */
async function undoneOf(held: readonly Standing[], arriving: readonly Standing[], undoneTo: number, times = 1) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const log = new CommunicationLog({ storage, clock });
  const replica = await replicaOf(storage, {}, [], { entries: held });
  await replica.beginTransfer(at(10), 100);
  const records = arriving.map(({ revision, edit }): [string, Uint8Array] => [entryKey(edit), packEntry(revision, encodeAccepted(edit))]);
  await replica.storePart({ bytes: packPart(records), last: records.at(-1)?.[0] ?? "", end: true, revision: 10 });
  for (let time = 0; time < times; time += 1) {
    await keepUndone({ common: 5, undoneTo }, { replica, storage, clock, device: DEVICE, log });
    await clock.advance(1_000);
  }
  const kept = [];
  for await (const { key, because } of readHistory(storage, CLIENT_HISTORY)) kept.push(`${key} ${because}`);
  return { kept, said: log.records().length };
}

const standing = (sequence: number, revision: number, other: Partial<Accepted> = {}): Standing => ({
  revision,
  edit: { ...editOf(sequence), why: "first", ...other },
});

test("B02 M33 what a machine wrote and a restore undid goes to its history; what others wrote, or what stands all the same, does not", async (t) => {
  const held = [standing(1, 5), standing(2, 6), standing(3, 7), standing(4, 8), standing(5, 9), standing(6, 10)];
  const others = { id: { ...editOf(7).id, device: deviceId("b".repeat(32)) } };
  const served = standing(8, 9, { why: "server" });
  const arriving = [standing(2, 6), standing(3, 7, { id: { ...editOf(3).id, sequence: 33 } })];
  const run = standing(4, 8, { id: { ...editOf(4).id, run: runId("2".repeat(16)) } });
  const all = [...held, standing(7, 9, others), served];
  t.deepEqual(await undoneOf(all, [...arriving, run], 9), {
    kept: ["3 restored", "4 restored", "5 restored", "6 superseded"],
    said: 1,
  });
  t.deepEqual(await undoneOf([standing(1, 5), standing(2, 6)], [standing(2, 6)], 9), { kept: [], said: 0 });
});

test("B02 M33 a machine that dies before the switch finds again what is undone, and keeps it once", async (t) => {
  const { kept } = await undoneOf([standing(1, 6), standing(2, 7)], [], 9, 2);
  t.deepEqual(kept, ["1 restored", "2 restored"]);
});

test("B02 M33 all that is undone is kept, however much it is", async (t) => {
  const many = Array.from({ length: 401 }, (_, index) => standing(100 + index, 6));
  const { kept } = await undoneOf(many, [], 9);
  t.is(new Set(kept).size, 401);
});
