import test from "ava";
import type { Accepted, Edit } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { decide, decidedElsewhere, type Facts } from "../../../src/roles/server/decide.ts";
import { NEW_OWNER, type OwnerRecord, type Standing } from "../../../src/store/records.ts";
import { must } from "../../../src/model/assert.ts";

const A = deviceId("a".repeat(32));
const B = deviceId("b".repeat(32));
const RUN = runId("1".repeat(16));
const OWNER = must(userOwner("alice"), "an owner");
const HELD: OwnerRecord = { ...NEW_OWNER, revision: 1, holdings: { "": { since: 1, adopted: undefined } } };

const edit = (given: Partial<Edit> & { readonly from?: typeof A } = {}): Edit => ({
  id: { device: given.from ?? A, run: RUN, sequence: 1 },
  owner: OWNER,
  item: "display-language",
  key: "",
  value: "fr",
  seen: 0,
  stamp: 100,
  certain: true,
  by: "",
  ...given,
});

const standing = (
  given: { readonly by?: typeof A; readonly stamp?: number; readonly revision?: number; readonly why?: Accepted["why"] } = {},
): Standing => ({
  revision: given.revision ?? 10,
  edit: { ...edit({ from: given.by ?? B, stamp: given.stamp ?? 100 }), why: given.why ?? "first" },
});

/** What its author's machine made after it: in a later run, and so with a higher number. */
const ownOf = ({ run = runId("2".repeat(16)), sequence = 9 }: { readonly run?: typeof RUN; readonly sequence?: number }): Standing => {
  const { revision, edit: own } = standing({ by: A });
  return { revision, edit: { ...own, id: { ...own.id, run, sequence } } };
};

const facts = (given: Partial<Facts> = {}): Facts => ({ standing: undefined, owner: HELD, shared: true, now: 1_000, ...given });

const outcome = (edit: Edit, given: Partial<Facts>): string => {
  const verdict = decide(edit, facts(given));
  return verdict.kind === "accepted" ? verdict.edit.why : verdict.kind === "refused" ? verdict.refusal.word : verdict.kind;
};

test("P5 who wins, as a table", (t) => {
  const rows: [what: string, edit: Edit, facts: Partial<Facts>, outcome: string][] = [
    ["nothing stands", edit(), {}, "first"],
    [
      "its author had seen what stands, whatever the stamps say",
      edit({ seen: 10, stamp: 1 }),
      { standing: standing({ stamp: 900 }) },
      "seen",
    ],
    ["its item is device-specific by now", edit({ seen: 10 }), { standing: standing(), shared: false }, "device-specific"],
    ["made later, without having seen it", edit({ stamp: 101 }), { standing: standing({ stamp: 100 }) }, "later"],
    ["equal stamps: the later in the journal", edit({ stamp: 100 }), { standing: standing({ stamp: 100 }) }, "later"],
    ["made earlier, without having seen it", edit({ stamp: 99 }), { standing: standing({ stamp: 100 }) }, "superseded"],
    ["its own earlier edit stands, with a later stamp", edit({ stamp: 1 }), { standing: standing({ by: A, stamp: 900 }) }, "own"],
    ["its own later edit stands, of another run", edit({ stamp: 99 }), { standing: ownOf({}) }, "superseded"],
    ["the same, and it is not certain when it was made", edit({ stamp: 99, certain: false }), { standing: ownOf({}) }, "own"],
    ["the same, and it is stamped at the same time", edit({ stamp: 100 }), { standing: ownOf({}) }, "own"],
    ["the same, and it has the higher number", edit({ stamp: 99 }), { standing: ownOf({ sequence: 0 }) }, "own"],
    ["the same, and it has the same number", edit({ stamp: 99 }), { standing: ownOf({ sequence: 1 }) }, "own"],
    ["the same, and it is of one run", edit({ stamp: 99 }), { standing: ownOf({ run: RUN }) }, "own"],
    ["the same, and its author had seen what stands", edit({ stamp: 99, seen: 10 }), { standing: ownOf({}) }, "seen"],
    [
      "what the server itself made is nobody's own",
      edit({ stamp: 1 }),
      { standing: standing({ by: A, stamp: 900, why: "server" }) },
      "superseded",
    ],
    ["being uncertain is no reason to lose (P2)", edit({ stamp: 100, certain: false }), { standing: standing({ stamp: 100 }) }, "later"],
    ["a deletion of an owner that is not held (P26)", edit({ value: undefined }), { owner: undefined }, "owner-unknown"],
    ["a deletion in an owner that is held", edit({ value: undefined }), {}, "first"],
    [
      "a deletion in an owner that has ended, later than that end",
      edit({ value: undefined, seen: 20 }),
      { owner: { ...NEW_OWNER, revision: 20, deleted: { revision: 20, at: 50 } } },
      "owner-unknown",
    ],
  ];
  for (const [what, given, more, expected] of rows) t.is(outcome(given, more), expected, what);
});

test("B02 B06 what a server had decided that is lost, as a table: accepted is only what its author sees standing", (t) => {
  const of = (sequence: number, given: Parameters<typeof edit>[0] = {}) => edit({ ...given, id: { device: A, run: RUN, sequence } });
  const stands = (sequence: number) => ({ ...standing(), edit: { ...standing().edit, id: { device: A, run: RUN, sequence } } });
  const deleted: OwnerRecord = { ...NEW_OWNER, revision: 20, deleted: { revision: 20, at: 500 } };
  const rows: [what: string, edit: Edit, facts: Partial<Facts>, outcome: ReturnType<typeof decidedElsewhere>][] = [
    ["it stands itself", of(4), { standing: stands(4) }, "accepted"],
    ["a later one of its author stands", of(3), { standing: stands(4) }, "accepted"],
    ["an earlier one of its author stands: this one was refused", of(5), { standing: stands(4) }, "superseded"],
    ["somebody else's stands, although this one is stamped later", of(4, { stamp: 900 }), { standing: standing() }, "superseded"],
    ["somebody else's stands that it had seen", of(4, { seen: 10 }), { standing: standing() }, "superseded"],
    ["the server's own stands", of(4), { standing: standing({ by: A, why: "server" }) }, "superseded"],
    ["nothing stands", of(4), {}, "superseded"],
    ["its owner was deleted since", of(4), { owner: deleted }, "owner-removed"],
    ["its item is device-specific by now", of(4), { shared: false }, "device-specific"],
  ];
  for (const [what, given, more, expected] of rows) t.is(decidedElsewhere(given, facts(more)), expected, what);
});

test("P22 an edit from before its owner's end loses, unless it is stamped later: then it starts the owner anew", (t) => {
  const deleted: OwnerRecord = { ...NEW_OWNER, revision: 20, deleted: { revision: 20, at: 500 } };
  t.is(outcome(edit({ seen: 19, stamp: 500 }), { owner: deleted }), "owner-removed");
  t.is(outcome(edit({ seen: 19, stamp: 501 }), { owner: deleted }), "first");
  t.is(outcome(edit({ seen: 20, stamp: 1 }), { owner: deleted }), "first");
  const both: OwnerRecord = { ...deleted, evicted: { revision: 30, at: 800 } };
  t.is(outcome(edit({ seen: 25, stamp: 700 }), { owner: both }), "owner-evicted");
  t.is(outcome(edit({ seen: 19, stamp: 501 }), { owner: both }), "owner-evicted", "later than the deletion, not than the eviction");
  t.is(outcome(edit({ seen: 19, stamp: 500 }), { owner: both }), "owner-removed", "of two ends the deletion, which leaves nothing");
  t.is(outcome(edit({ seen: 25, stamp: 801 }), { owner: both }), "first");
});

test("P3 a stamp is cut to the server's now, and raised to that of what the edit had seen", (t) => {
  const stampOf = (given: Edit, more: Partial<Facts>): number | undefined => {
    const verdict = decide(given, facts(more));
    return verdict.kind === "accepted" ? verdict.edit.stamp : undefined;
  };
  t.is(stampOf(edit({ stamp: 5_000 }), {}), 1_000);
  t.is(stampOf(edit({ seen: 10, stamp: 50 }), { standing: standing({ stamp: 100 }) }), 100);
  t.is(stampOf(edit({ stamp: 150 }), { standing: standing({ stamp: 100 }) }), 150);
  t.is(stampOf(edit({ stamp: 50 }), { standing: standing({ by: A, stamp: 100 }) }), 100, "and to that of its author's earlier one");
  t.is(stampOf(edit({ seen: 10, stamp: 50 }), { standing: standing({ stamp: 5_000 }) }), 1_000, "never beyond the server's now");
});

test("P22 a clock that runs ahead does not carry an edit over the end of its owner", (t) => {
  const deleted: OwnerRecord = { ...NEW_OWNER, revision: 20, deleted: { revision: 20, at: 1_000 } };
  t.is(outcome(edit({ seen: 1, stamp: 99_999 }), { owner: deleted, now: 1_000 }), "owner-removed");
});

test("P25 an edit of a key of which nothing is known, after deletions were forgotten, as a table", (t) => {
  const owner: OwnerRecord = { ...HELD, purged: { revision: 20, at: 500 } };
  const rows: [what: string, edit: Edit, facts: Partial<Facts>, outcome: string][] = [
    ["older than what was forgotten, and its author had not seen it", edit({ seen: 19, stamp: 500 }), {}, "superseded"],
    ["made later", edit({ seen: 19, stamp: 501 }), {}, "first"],
    ["its author had seen it", edit({ seen: 20, stamp: 1 }), {}, "first"],
    ["its author had just drawn the key", edit({ seen: 0, stamp: 1, fresh: true }), {}, "first"],
    ["a clock that runs ahead does not help", edit({ seen: 19, stamp: 99_999 }), { now: 500 }, "superseded"],
    ["of what stands, what stands decides", edit({ seen: 10, stamp: 1 }), { standing: standing() }, "seen"],
    [
      "a key that was drawn is judged like any other once something stands",
      edit({ stamp: 1, fresh: true }),
      { standing: standing() },
      "superseded",
    ],
    ["an owner who forgot nothing", edit({ stamp: 1 }), { owner: HELD }, "first"],
  ];
  for (const [what, given, more, expected] of rows) t.is(outcome(given, { owner, ...more }), expected, what);
  const verdict = decide(edit({ fresh: true }), facts());
  t.false(verdict.kind === "accepted" && "fresh" in verdict.edit, "what stands is nobody's fresh key any more");
});
