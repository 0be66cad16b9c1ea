import test from "ava";
import type { Accepted } from "../../src/model/entry.ts";
import { deviceId, runId } from "../../src/model/ids.ts";
import { packRecords } from "../../src/protocol/block.ts";
import { encodeChange, type Removal } from "../../src/protocol/change.ts";
import { encodeAccepted } from "../../src/protocol/edit.ts";
import { JournalWatch } from "./journal-watch.ts";
import { ownerNamed } from "./machine.ts";

const OWNER = ownerNamed("group:2");
const EDIT: Accepted = {
  id: { device: deviceId("a".repeat(32)), run: runId("b".repeat(16)), sequence: 22 },
  owner: OWNER,
  item: "group-address",
  key: "g1",
  value: "x",
  seen: 5,
  stamp: 500,
  certain: true,
  by: "",
  why: "later",
};

/** What is wrong with a journal that has the edit at revision 29, and again at 30, beside these removals. */
function faultOf(removals: readonly Removal[]): string | undefined {
  const watch = new JournalWatch();
  const edits = [{ edit: EDIT, bytes: encodeAccepted(EDIT) }];
  const change = { edits, adoption: undefined, logins: [], scopes: [], purges: [] };
  watch.heard("epoch", packRecords([encodeChange({ ...change, revision: 29, at: 600, removals: [] })]));
  watch.heard("epoch", packRecords([encodeChange({ ...change, revision: 30, at: 700, removals })]));
  return watch.fault;
}

test("P7 an edit that is applied twice is noticed", (t) => {
  t.regex(faultOf([]) ?? "", /edit 22 .* was applied at revision 29 and again at 30/);
  t.regex(faultOf([{ owner: OWNER, kind: "deleted" }]) ?? "", /applied at revision 29/, "it ends with its owner");
  t.regex(faultOf([{ owner: OWNER, kind: "deleted", at: 500 }]) ?? "", /applied at revision 29/, "it was made before the end");
  t.regex(faultOf([{ owner: ownerNamed("group:1"), kind: "deleted", at: 400 }]) ?? "", /applied at revision 29/, "another's end");
});

test("B06 what an end that is told late leaves standing is said anew", (t) => {
  t.is(faultOf([{ owner: OWNER, kind: "deleted", at: 400 }]), undefined);
});
