import test from "ava";
import { must } from "../../../src/model/assert.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { userOwner } from "../../../src/model/owner.ts";
import type { Value } from "../../../src/model/value.ts";
import { encodeCbor } from "../../../src/protocol/cbor.ts";
import { Travel } from "../../../src/roles/client/travel.ts";
import { Seal } from "../../../src/store/seal.ts";

const ALICE = must(userOwner("alice"), "an owner");
const BOB = must(userOwner("bob"), "an owner");

/** Counts, so that no two nonces are the same. */
function travel(secret = 7): Travel {
  let count = 0;
  return new Travel(
    new Seal(new Uint8Array(32).fill(secret), (bytes) => {
      count += 1;
      return new Uint8Array(bytes).fill(count);
    }),
  );
}

const shows = (value: Value | undefined, text: string): boolean => Buffer.from(encodeCbor(value)).includes(text);

test("a keychain leaves its machine sealed, and opens for the same entry in the same fleet only", (t) => {
  const entry = { owner: ALICE, item: "keychain", key: "1", value: { user: "alice", password: "CANARY" } };
  const sealed = must(travel().outgoing(entry), "a value");
  t.false(shows(sealed, "CANARY"));
  t.deepEqual(travel().incoming(entry, sealed, undefined), entry.value);
  t.throws(() => travel().incoming({ ...entry, owner: BOB }, sealed, undefined), { instanceOf: SyncError });
  t.throws(() => travel().incoming({ ...entry, key: "2" }, sealed, undefined), { instanceOf: SyncError });
  t.throws(() => travel(8).incoming(entry, sealed, undefined), { instanceOf: SyncError });
  t.true(travel().isSame(entry, sealed, entry.value));
  t.false(travel(8).isSame(entry, sealed, entry.value), "what cannot be opened is another one");
});

test("the password in an address leaves its machine sealed, the rest of the address as it is", (t) => {
  const entry = { owner: ALICE, item: "personal-address", key: "1", value: { cn: "scans", url: "\\\\files\\scans", pwd: "CANARY" } };
  const sealed = must(travel().outgoing(entry), "a value");
  t.false(shows(sealed, "CANARY"));
  t.true(shows(sealed, "scans"));
  t.deepEqual(travel().incoming(entry, sealed, undefined), entry.value);
  t.throws(() => travel().incoming({ ...entry, key: "2" }, sealed, undefined), { instanceOf: SyncError });
});

test("M21 destinations inside default settings stay where they are, and what comes does not take them away", (t) => {
  const entry = {
    owner: ALICE,
    item: "default-job-settings",
    key: "scan-and-send",
    value: { colour: true, destinations: ["a@example.com"] },
  };
  const sent = must(travel().outgoing(entry), "a value");
  t.deepEqual(sent, { colour: true });
  t.deepEqual(travel().incoming(entry, { colour: false }, entry.value), { colour: false, destinations: ["a@example.com"] });
  t.true(travel().isSame(entry, { colour: true }, entry.value));
});

test("M20 an item is shared as the table says, until the scopes say otherwise", (t) => {
  const own = travel();
  t.true(own.isShared("timeline"));
  own.setScopes(new Map([["timeline", "device-specific"]]));
  t.false(own.isShared("timeline"));
  t.true(own.isShared("keychain"));
});
