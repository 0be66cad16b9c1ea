import test from "ava";
import type { Write } from "../../../hal/storage.ts";
import type { EntryChange } from "../../../src/model/entry.ts";
import { joinId } from "../../../src/model/ids.ts";
import { COMMON, type Owner } from "../../../src/model/owner.ts";
import { Offers, type OfferState } from "../../../src/store/offers.ts";
import { type InForce, ScopesInForce } from "../../../src/store/scopes-in-force.ts";

const ALICE = "user:alice" as Owner;
const JOIN = joinId("0011223344556677");

const STATES: readonly (readonly [name: string, state: OfferState])[] = [
  ["user:alice", { kind: "wanted" }],
  ["user:bob", { kind: "accepted", revision: 17 }],
  ["user:carol", { kind: "over-limit", word: "too-many-users" }],
];

const restored = <T extends { restore(key: string, bytes: Uint8Array): void }>(into: T, writes: readonly Write[]): T => {
  for (const { key, value } of writes) if (value !== undefined) into.restore(key, value);
  return into;
};

test("P17 what is on offer comes back with the next start as it was", (t) => {
  const offers = new Offers();
  const writes = STATES.map(([name, state]) => offers.set(name, state));
  const opened = restored(new Offers(), writes);
  t.deepEqual(opened.all(), offers.all());
  t.deepEqual(opened.all(), [...STATES]);
  t.deepEqual(opened.wanted(), ["user:alice"], "what has no room waits for the next welcome");
  t.deepEqual(opened.remove("user:alice"), { key: writes[0]?.key, value: undefined });
  t.false(opened.has("user:alice"));
  t.is(opened.size, 2);
});

const button = (owner: Owner): EntryChange => ({ owner, item: "shortcut", key: "3", value: undefined });
const address = (list: string): EntryChange => ({ owner: COMMON, item: "common-address", key: "x", value: { subdbid: list } });

const COVERED: readonly (readonly [name: string, entry: EntryChange, isCovered: boolean])[] = [
  ["user:alice", button(ALICE), true],
  ["user:bob", button(ALICE), false],
  ["item/shortcut/user:alice", button(ALICE), true],
  ["item/timeline/user:alice", button(ALICE), false],
  ["item/shortcut/user:bob", button(ALICE), false],
  ["common/1", address("1"), true],
  ["common/11", address("1"), false],
  ["common/buttons", address("1"), false],
];

test("P18 an entry is on offer with what it is held in, or with its item, and with nothing else", (t) => {
  for (const [name, entry, isCovered] of COVERED) {
    const offers = new Offers();
    t.false(offers.cover(entry));
    offers.set(name, { kind: "wanted" });
    t.is(offers.cover(entry), isCovered, `${name}: ${entry.owner} ${entry.item}`);
  }
});

const SCOPES: readonly (readonly [item: string, record: InForce])[] = [
  ["timeline", { scope: "shared", since: 5, renewed: 3, offer: { id: JOIN, base: 4 } }],
  ["direct-connection", { scope: "device-specific", since: 7, renewed: 0, offer: { id: JOIN, base: 6 } }],
];

test("M19 scopes that are in force come back with the next start as they were", (t) => {
  const scopes = new ScopesInForce();
  const writes = SCOPES.map(([item, record]) => scopes.set(item, record));
  const opened = restored(new ScopesInForce(), writes);
  for (const [item, record] of SCOPES) t.deepEqual(opened.get(item), record);
  t.deepEqual(
    opened.scopes(),
    new Map([
      ["timeline", "shared"],
      ["direct-connection", "device-specific"],
    ]),
  );
  t.true(opened.hasDeviceSpecific);
  t.deepEqual(opened.remove("direct-connection"), { key: writes[1]?.key, value: undefined });
  t.false(opened.hasDeviceSpecific, "what is not in force any more is nobody's");
  t.deepEqual(opened.items(), ["timeline"]);
});
