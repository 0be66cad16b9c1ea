/** What a join would do, as a preview says it; and passwords that an edit hands on to another destination. */
import test from "ava";
import type { LocalEdit } from "../../../hal/item-store.ts";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Entry, EntryName } from "../../../src/model/entry.ts";
import type { Owner } from "../../../src/model/owner.ts";
import type { Fields, Value } from "../../../src/model/value.ts";
import { compare } from "../../../src/roles/client/compare.ts";
import { clearPassedBack, type MadeBefore } from "../../../src/roles/client/passed-back.ts";
import { type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import type { OwnerRecord, ScopeRecord } from "../../../src/store/records.ts";
import { ALICE, at, editOf, replicaOf } from "./own-copy.ts";

const BOB = "user:bob" as Owner;
const HELD = { holdings: { "": { since: 1, adopted: undefined } } };
const shortcut = (key: string, value: Value, other: Partial<Entry> = {}): Entry => ({
  owner: ALICE,
  item: "shortcut",
  key,
  value,
  ...other,
});
const standing = (entry: Entry, revision = 5) => ({ revision, edit: { ...editOf(revision), ...entry, why: "first" } }) as const;

interface Sides {
  readonly here: readonly Entry[];
  readonly there: readonly Entry[];
  readonly owners?: Readonly<Record<string, Partial<OwnerRecord>>>;
  readonly scopes?: Readonly<Record<string, ScopeRecord>>;
}

/** The preview of a machine with these entries, of Alice; the value "stays" cannot travel. */
async function previewed({ here, there, owners = { [ALICE]: HELD }, scopes = {} }: Sides) {
  const replica = await replicaOf(new MemoryStorage(), {}, [], { owners, scopes, entries: there.map((entry) => standing(entry)) });
  let known: ReadonlyMap<string, string> = new Map();
  const travel = {
    setScopes: (told: ReadonlyMap<string, string>) => (known = told),
    isShared: (item: string) => known.get(item) !== "device-specific",
    canLeave: ({ value }: Entry) => value !== "stays",
    isSame: (_: EntryName, one: Value, other: Value) => one === other,
  };
  const stores = {
    owners: async () => new Set(here.map(({ owner }) => owner)),
    read: async (owner: Owner) => here.filter((entry) => entry.owner === owner),
  };
  const preview = await compare({ replica, stores, travel } as never, ALICE);
  return { preview, entries: (preview.entries ?? []).map(({ item, key, outcome }) => `${item} ${key} ${outcome}`) };
}

test("B01 entry by entry: what stays the same, is replaced, goes, comes, or stays on this machine", async (t) => {
  const here = [
    shortcut("same", "x"),
    shortcut("other", "mine"),
    shortcut("gone", "mine"),
    shortcut("secret", "mine"),
    shortcut("own", "stays"),
  ];
  const there = [
    shortcut("same", "x"),
    shortcut("other", "theirs"),
    shortcut("new", "theirs"),
    shortcut("secret", "sealed elsewhere"),
    { ...shortcut("odd", "x"), item: "of-a-newer-version" },
  ];
  const { preview, entries } = await previewed({ here, there });
  t.deepEqual(entries, [
    "shortcut same unchanged",
    "shortcut other replaced",
    "shortcut gone removed",
    "shortcut secret replaced",
    "shortcut new received",
  ]);
  t.like(preview.holdings, [{ owner: ALICE, outcome: "replaced", here: 4, there: 4, lost: 3 }]);
  t.deepEqual(preview.counts, { replaced: 1, supplied: 0, received: 0, unchanged: 0 });
});

test("B01 M12 M19 what the server does not hold is supplied: an owner whole, and an item that is shared again", async (t) => {
  const timeline = shortcut("j", "mine", { item: "timeline" });
  const renewed = { scope: "shared", since: 6, renewed: 6 } as const;
  const supplied = await previewed({ here: [shortcut("a", "mine"), timeline], there: [], owners: {} });
  t.deepEqual(supplied.entries, ["shortcut a supplied", "timeline j supplied"]);
  t.deepEqual(supplied.preview.counts.supplied, 1);
  const again = await previewed({ here: [shortcut("a", "x"), timeline], there: [shortcut("a", "x")], scopes: { timeline: renewed } });
  t.deepEqual(again.entries, ["shortcut a unchanged", "timeline j supplied"]);
});

test("B01 M20 what is device-specific on the server machine is no part of it, on either side", async (t) => {
  const specific = { scope: "device-specific", since: 6, renewed: 0 } as const;
  const [mine, theirs] = [shortcut("1", "mine", { item: "timeline" }), shortcut("2", "theirs", { item: "timeline" })];
  const { entries } = await previewed({ here: [mine], there: [theirs, shortcut("a", "x")], scopes: { timeline: specific } });
  t.deepEqual(entries, ["shortcut a received"]);
});

test("B01 a preview is another one when anything that it shows has changed, and shows owners of both sides", async (t) => {
  const base = { here: [shortcut("a", "mine"), shortcut("b", "x", { owner: BOB })], there: [shortcut("a", "theirs")] };
  const id = async (sides: Sides) => (await previewed(sides)).preview.id;
  t.is(await id(base), await id(base));
  t.not(await id(base), await id({ ...base, there: [shortcut("a", "others'")] }));
  t.not(await id(base), await id({ ...base, here: [shortcut("a", "changed"), shortcut("b", "x", { owner: BOB })] }));
  const carol = "user:carol" as Owner;
  const both = { ...base, there: [...base.there, shortcut("c", "x", { owner: carol })], owners: { [ALICE]: HELD, [carol]: HELD } };
  const { preview } = await previewed(both);
  t.deepEqual(
    preview.holdings.map(({ owner }) => owner),
    [ALICE, BOB, carol],
  );
});

const PASSWORD = "secret";
const address = (host: string, password?: string): Fields => ({ cn: "x", url: host, ...(password === undefined ? {} : { pwd: password }) });
const local = (value: Fields | undefined, other: Partial<LocalEdit> = {}): LocalEdit => ({
  ...{ owner: ALICE, item: "personal-address", key: "k", value, mark: 1, seen: at(7), by: "" },
  ...{ madeAtMs: 1, boot: "b", ...other },
});

/** What is recorded of edits over an address that stands since a revision; its author saw revision 7. */
async function cleared(
  edits: readonly LocalEdit[],
  {
    since = 5,
    stands = address("a", PASSWORD),
    pending = [],
    owner = {},
  }: { since?: number; stands?: Fields | undefined; pending?: readonly PendingEdit[]; owner?: Partial<OwnerRecord> } = {},
  before: MadeBefore = new Map(),
) {
  const entries = since === 0 ? [] : [standing({ owner: ALICE, item: "personal-address", key: "k", value: stands }, since)];
  const replica = await replicaOf(new MemoryStorage(), {}, pending, { entries, owners: { [ALICE]: { ...HELD, ...owner } } });
  const travel = { incoming: (_: EntryName, value: Value) => value };
  const outcome = await clearPassedBack(edits, before, { replica, travel, seen: () => 7 } as never);
  return { recorded: outcome.edits.map(({ value }) => (value as Fields | undefined)?.["pwd"] ?? "none"), changed: outcome.changed.length };
}

test("B08 a password stays with its destination: one that is handed on to another is left out, one that is typed is not", async (t) => {
  t.deepEqual(await cleared([local(address("a", PASSWORD))]), { recorded: [PASSWORD], changed: 0 });
  t.deepEqual(await cleared([local(address("b", PASSWORD))]), { recorded: [""], changed: 1 });
  t.deepEqual(await cleared([local(address("b", "typed"))]), { recorded: ["typed"], changed: 0 });
  t.deepEqual(await cleared([local(undefined)]), { recorded: ["none"], changed: 0 });
});

test("B08 of several edits each is compared with the one before it, as that was made", async (t) => {
  const edits = [local(address("b", "typed")), local(address("c", "typed")), local(address("d", "typed"))];
  t.deepEqual((await cleared(edits)).recorded, ["typed", "", ""], "a password that was left out once was never given");
  const back = [local(address("b", "typed")), local(address("c", "typed")), local({ ...address("c", "typed"), cn: "y" })];
  t.deepEqual((await cleared(back)).recorded, ["typed", "", ""], "nor is it one of that destination by being handed on to it twice");
});

test("B08 where the author saw another entry, or its owner ended since, nobody can tell: it is left out", async (t) => {
  const blind = [local(address("b", "typed"))];
  t.is((await cleared(blind, { since: 7 })).recorded[0], "typed", "that is what was seen");
  t.is((await cleared(blind, { since: 8 })).recorded[0], "");
  for (const kind of ["deleted", "evicted"] as const) {
    t.is((await cleared(blind, { since: 0, owner: { [kind]: { revision: 8, at: 1 } } })).recorded[0], "", kind);
    t.is((await cleared(blind, { since: 0, owner: { [kind]: { revision: 7, at: 1 } } })).recorded[0], "typed", kind);
  }
  t.is((await cleared([{ ...local(address("b", "typed")), seen: at(8) }], { since: 0 })).recorded[0], "", "what was seen is undone");
  t.is((await cleared([{ ...local(address("b", "typed")), seen: at(8) }], { since: 5 })).recorded[0], "", "so that what stands is another");
  t.is((await cleared([{ ...local(address("b", "typed")), seen: at(7) }], { since: 0 })).recorded[0], "typed", "there was nothing");
  const own = pendingOf(editOf(3, { item: "personal-address", key: "k", value: address("a", PASSWORD) }));
  t.is((await cleared(blind, { since: 8, pending: [own] })).recorded[0], "typed", "this machine's own edit lies on top");
  t.is(
    (await cleared([local(address("b", PASSWORD))], { stands: address("z"), pending: [own] })).recorded[0],
    "",
    "and hands its password on",
  );
});
