import test from "ava";
import type { Edit } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { must } from "../../../src/model/assert.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { Pending, pendingOf } from "../../../src/store/pending.ts";

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

test("how many edits are unanswered is known whatever was added twice, answered, answered again and removed", (t) => {
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
  }
  t.is(pending.unanswered, 1);
});
