import test from "ava";
import type { Accepted, Why } from "../../../src/model/entry.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { encodeCbor } from "../../../src/protocol/cbor.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { broughtBefore } from "../../../src/roles/server/brought-before.ts";
import { checkBrought } from "../../../src/roles/server/brought-record.ts";
import { decideBrought } from "../../../src/roles/server/decide-brought.ts";
import { entryKey, ownerKey, scopeKey } from "../../../src/store/keys.ts";
import { NEW_OWNER, packEntry, packOwner, packScope, type Standing } from "../../../src/store/records.ts";
import { owner } from "../../wire/samples.ts";

const entry = (revision: number, stamp: number, more: { sequence?: number; why?: Why; seen?: number } = {}): Standing => {
  const { sequence = revision, why = "seen", seen = 0 } = more;
  const id = { device: deviceId("a".repeat(32)), run: runId("1".repeat(16)), sequence };
  const edit: Accepted = {
    id,
    owner: owner("user:alice"),
    item: "display-language",
    key: "",
    value: "de",
    seen,
    stamp,
    certain: true,
    by: "",
    why,
  };
  return { revision, edit };
};

test("B06 an entry that is brought from beyond the parting, given what stands; both have 100 revisions in common", (t) => {
  const common = 100;
  const lost = entry(110, 5_000);
  const rows: readonly (readonly [string, Standing | undefined, "wins" | "loses" | "stands"])[] = [
    ["nothing stands", undefined, "wins"],
    ["what stands is common to both: it came after that", entry(90, 9_000), "wins"],
    ["what stands is the last that is common to both", entry(100, 9_000), "wins"],
    ["it is here already", { ...lost, revision: 104 }, "stands"],
    ["made since, later", entry(105, 6_000, { sequence: 1 }), "loses"],
    ["made since, at the same time", entry(105, 5_000, { sequence: 1 }), "loses"],
    ["made since, earlier", entry(105, 4_000, { sequence: 1 }), "wins"],
    ["its author's own, made later, with an earlier stamp", entry(105, 4_000, { sequence: 111 }), "loses"],
    ["the server's own", entry(105, 4_000, { sequence: 111, why: "server" }), "wins"],
    ["brought before, older there", entry(105, 5_000, { sequence: 1, why: "brought", seen: 108 }), "wins"],
    ["brought before, newer there", entry(105, 5_000, { sequence: 1, why: "brought", seen: 115 }), "loses"],
    ["brought before, from another branch, made earlier", entry(105, 4_000, { sequence: 1, why: "brought", seen: 115 }), "wins"],
    ["brought before, from another branch, made later", entry(105, 6_000, { sequence: 1, why: "brought", seen: 108 }), "loses"],
  ];
  for (const [name, standing, verdict] of rows) t.is(decideBrought(lost, { standing, owner: undefined, common }), verdict, name);
  const ended = (revision: number, at: number) => ({ ...NEW_OWNER, deleted: { revision, at } });
  t.is(decideBrought(lost, { standing: undefined, owner: ended(105, 6_000), common }), "loses", "its owner was deleted since");
  t.is(decideBrought(lost, { standing: undefined, owner: ended(105, 4_000), common }), "wins", "it was made after the deletion");
  t.is(decideBrought(lost, { standing: undefined, owner: ended(105, 5_000), common }), "loses", "at the same time");
  for (const revision of [95, 100])
    t.is(decideBrought(lost, { standing: undefined, owner: ended(revision, 6_000), common }), "wins", "the deletion is common to both");
});

test("P7 B06 of a push, what was brought before its author asked again, and all that its author had made of that entry before it", (t) => {
  const stands = entry(105, 5_000, { sequence: 3, why: "brought", seen: 108 });
  const pushed = [1, 2, 3, 4].map((sequence) => entry(0, 5_000, { sequence }).edit);
  const names = (standing: Standing | undefined) => [...broughtBefore(pushed, () => standing)].map(({ id }) => id.sequence).sort();
  t.deepEqual(names(stands), [1, 2, 3]);
  t.deepEqual(names({ ...stands, edit: { ...stands.edit, why: "seen" } }), [], "it was taken here: that is in the answers");
  t.deepEqual(names(undefined), []);
});

test("B06 a record that is brought is looked at before it is believed, as a table", (t) => {
  const alice = owner("user:alice");
  const { edit } = entry(5, 100);
  const record = packEntry(5, encodeAccepted(edit));
  const late = { revision: 1, at: LIMITS.journalTimeMax + 1 };
  const scope = packScope({ scope: "shared", since: 1, renewed: 0 });
  const rows: readonly (readonly [what: string, key: string, record: Uint8Array, isSound: boolean])[] = [
    ["an entry", entryKey(edit), record, true],
    ["an entry in another's place", entryKey({ ...edit, item: "shortcut" }), record, false],
    ["an entry without anything", entryKey(edit), record.subarray(0, 8), false],
    ["an owner", ownerKey(alice), packOwner(NEW_OWNER), true],
    ["an owner who is none", "o/alice", packOwner(NEW_OWNER), false],
    ["an owner in another spelling", "o/user:jose\u0301", packOwner(NEW_OWNER), false],
    ["an end that is later than time goes", ownerKey(alice), packOwner({ ...NEW_OWNER, deleted: late }), false],
    ["an eviction that is later than time goes", ownerKey(alice), packOwner({ ...NEW_OWNER, evicted: late }), false],
    ["a login before all days", ownerKey(alice), packOwner({ ...NEW_OWNER, lastLoginDay: -1 }), false],
    ["a scope", scopeKey("timeline"), scope, true],
    ["a scope in a word that is none", scopeKey("timeline"), encodeCbor(["everywhere", 1, 0]), false],
    ["a scope of an item with no name", scopeKey(""), scope, false],
    ["a scope of an item whose name is too long", scopeKey("x".repeat(LIMITS.itemCharactersMax + 1)), scope, false],
    ["something else", "z/timeline", scope, false],
  ];
  for (const [what, key, bytes, isSound] of rows)
    if (isSound) t.notThrows(() => checkBrought([key, bytes]), what);
    else t.throws(() => checkBrought([key, bytes]), { code: "message-malformed" }, what);
});
