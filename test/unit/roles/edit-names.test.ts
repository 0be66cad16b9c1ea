/** In whose name an own edit is recorded, and which edits may leave before they are (P6). */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { LocalEdit } from "../../../hal/item-store.ts";
import { epochId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Position } from "../../../src/model/position.ts";
import { EditNames } from "../../../src/roles/client/edit-names.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import type { ReplicaHead } from "../../../src/store/replica-head.ts";
import { ALICE, at, editOf, replicaOf, RUN } from "./own-copy.ts";

const BEFORE = runId("00000000000000be");
const BOOT = "now";
const KNOWN = { mark: 10, sequence: 10, position: at(7), ahead: { run: BEFORE, boot: BOOT } };

async function namesOf(head: Partial<ReplicaHead> = KNOWN, shown: Position | undefined = at(7)) {
  const replica = await replicaOf(new MemoryStorage(), head, []);
  const names = new EditNames({ replica, run: RUN, journalClock: { boot: BOOT }, stores: { oldestShown: () => shown } as never });
  return { names, replica };
}

const local = (mark: number, boot = BOOT): LocalEdit => ({
  ...{ owner: ALICE, item: "shortcut", key: `${mark}`, value: "x", mark, boot },
  ...{ seen: at(7), by: "", madeAtMs: 1 },
});

test("P6 what a run may have let leave before it was recorded is recorded in its name, and nothing else is", async (t) => {
  const rows: readonly (readonly [what: string, edit: LocalEdit, sequence: number, run: string])[] = [
    ["the next one", local(11), 11, BEFORE],
    ["the last of a write", local(10 + LIMITS.recordedAtOnce), 10 + LIMITS.recordedAtOnce, BEFORE],
    ["one beyond a write", local(11 + LIMITS.recordedAtOnce), 11 + LIMITS.recordedAtOnce, RUN],
    ["one that was recorded", local(10), 10, RUN],
    ["one of another power-on", local(11, "later"), 11, RUN],
    ["one whose number is not its mark", local(11), 12, RUN],
  ];
  const { names } = await namesOf();
  names.recall();
  for (const [what, edit, sequence, run] of rows) t.is(names.runOf(edit, sequence), run as typeof RUN, what);
});

test("P6 where the copy may be an older image, nothing is recorded in the name of a run before", async (t) => {
  const other: Position = { ...at(7), epoch: { number: 2, id: epochId("2".repeat(16)) } };
  const rows: readonly (readonly [what: string, head: Partial<ReplicaHead>, shown: Position | undefined, run: string])[] = [
    ["stores that show as much", KNOWN, at(7), BEFORE],
    ["stores that show less", KNOWN, at(6), BEFORE],
    ["stores that show nothing", KNOWN, undefined, BEFORE],
    ["stores that show more", KNOWN, at(8), RUN],
    ["stores that show another epoch", KNOWN, other, RUN],
    ["a copy that was mended", { ...KNOWN, unshown: "restored" }, at(7), RUN],
    ["a copy that let nothing leave", { ...KNOWN, ahead: undefined }, at(7), RUN],
    ["a copy that has not joined", { ...KNOWN, position: undefined }, at(7), RUN],
  ];
  for (const [what, head, shown, run] of rows) {
    const { names } = await namesOf(head, shown);
    t.is(names.runOf(local(11), 11), RUN, "nothing was recalled yet");
    names.recall();
    t.is(names.runOf(local(11), 11), run as typeof RUN, what);
  }
});

test("P6 edits may leave when it is durable that this run lets them, under names that whoever records them anew gives them again", async (t) => {
  const { names, replica } = await namesOf();
  const edits = [local(11), local(12)];
  const pending = (sequences: readonly number[], run = RUN) =>
    sequences.map((sequence) => pendingOf({ ...editOf(sequence), id: { ...editOf(sequence).id, run } }));
  t.deepEqual(names.told, { ahead: { run: RUN, boot: BOOT } });
  t.false(names.mayLeave(edits, pending([11, 12])), "nothing durable names this run");
  await replica.record([], 10, names.told);
  t.is(names.told, undefined, "once");
  t.true(names.mayLeave(edits, pending([11, 12])));
  t.false(names.mayLeave(edits, pending([12])), "one stays here: another number would be taken for decided with it");
  t.false(names.mayLeave(edits, pending([12, 13])), "numbers are not the marks");
  t.false(names.mayLeave(edits, pending([11, 12], BEFORE)), "they are of the run before");
});

test("numbers that are not marks are known, the newest of them", async (t) => {
  const { names } = await namesOf();
  for (let mark = 1; mark <= LIMITS.pendingMax + 1; mark += 1) names.noteNumber(mark, mark + 100);
  t.deepEqual([names.numberOf(1), names.numberOf(2), names.numberOf(LIMITS.pendingMax + 2)], [1, 102, LIMITS.pendingMax + 2]);
});
