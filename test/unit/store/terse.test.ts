import test from "ava";
import fc from "fast-check";
import { must } from "../../../src/model/assert.ts";
import type { Accepted } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId, runId } from "../../../src/model/ids.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { encodeCbor } from "../../../src/protocol/cbor.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { readTerse } from "../../../src/store/terse.ts";
import { packStored, packStoredEdit, unpackStored, unpackStoredEdit } from "../../../src/store/terse-record.ts";
import { TextsBefore } from "../../../src/store/terse-texts.ts";
import { TerseWriter } from "../../../src/store/terse-writer.ts";
import { WORDS } from "../../../src/protocol/words.ts";
import { accepted, plainData } from "../../wire/arbitrary.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const UUID = "5ed4085e-e233-4e65-a453-81af1f360eb4";

function knowAll(before: TextsBefore, known: readonly string[]): TextsBefore {
  for (const text of known) {
    const bytes = Buffer.from(text);
    before.know(bytes, 0, bytes.length);
  }
  return before;
}

/** undefined: it would not be the shorter for it. `known`: texts that may stand in it. */
function toTerse(cbor: Uint8Array, known: readonly string[]): Uint8Array | undefined {
  const writer = new TerseWriter(cbor.length);
  knowAll(writer.before, known);
  return writer.terse(cbor, 0) ? writer.since(0) : undefined;
}

const fromTerse = (terse: Uint8Array, known: readonly string[]): Uint8Array => readTerse(terse, knowAll(new TextsBefore(), known));

/** What goes through comes out byte by byte, whatever it is, and never takes more. */
function isKept(cbor: Uint8Array, known: readonly string[]): boolean {
  const terse = toTerse(cbor, known);
  return terse === undefined || (terse.length < cbor.length && hex(fromTerse(terse, known)) === hex(cbor));
}

const text = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constantFrom("x", "ab", "Müller", "日本", UUID, UUID.replaceAll("-", ""), UUID.toUpperCase(), "a".repeat(64), "a".repeat(65)),
  fc.string({ unit: "binary", maxLength: 80 }),
);
const value = plainData(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined, 2 ** 32, -1),
  fc.uint8Array({ maxLength: 300 }),
);

test("plain data comes out of its terse form byte by byte", (t) => {
  fc.assert(fc.property(value, fc.array(text, { maxLength: 4 }), (data, known) => isKept(encodeCbor(data), known)));
  // More texts than can be kept in mind.
  t.true(isKept(encodeCbor(Array.from({ length: 200 }, (_, index) => `text ${index % 50}`)), []));
});

test("bytes that are no plain data are left as they are, or come out as they were", (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => isKept(bytes, ["ab"])));
  // Heads with a meaning here, half floats, tags, lengths that go on for ever or beyond the end, heads that are longer than they need to be.
  for (const bytes of ["c0", "e0", "f80001", "f93c00", "fa00000000", "ff", "5f", "7b0000000000000001", "62", "1b00", "7803616263"])
    t.true(isKept(Buffer.from(bytes, "hex"), ["abc"]), bytes);
  t.is(toTerse(Buffer.from("9fff", "hex"), []), undefined);
});

test("what is nearly an identifier comes back as it was; what is one takes its sixteen bytes, and one byte where it stood before", (t) => {
  const DIGITS = "0123456789abcdeffedcba9876543210";
  for (const id of [UUID, DIGITS, DIGITS.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")]) {
    t.is(toTerse(encodeCbor([id, id]), [])?.length, 1 + 17 + 1);
    for (let at = 0; at < id.length; at += 1) {
      for (const other of ["/", "0", ":", "`", "g", "A", "-"]) {
        const near = `${id.slice(0, at)}${other}${id.slice(at + 1)}`;
        t.true(isKept(encodeCbor([near, near, "and more"]), []), near);
      }
    }
  }
});

const edit = (value: Accepted["value"], key = UUID): Accepted => ({
  id: { device: deviceId("a1".repeat(16)), run: runId("b2".repeat(8)), sequence: 2_695 },
  owner: must(userOwner("user0011"), "an owner"),
  item: "personal-address",
  key,
  value,
  seen: 2_600,
  stamp: 1_795_394_922_934,
  certain: true,
  by: "",
  why: "later",
});

const ADDRESS = {
  cn: "Jürgen Müller",
  cnread: "Jürgen Müller",
  cnshort: "Müller",
  objectclass: "email",
  mailaddress: "juergen.mueller@berlin.example",
  dialdata: "+49 30 1234567",
  protocol: "smtp",
  uuid: UUID,
};

test("an address takes three fifths of its bytes where it is stored, and comes back as it was", (t) => {
  const address = edit(ADDRESS);
  const key = entryKey(address);
  const record = packEntry(3_000, encodeAccepted(address));
  const stored = packStored(key, record);
  t.true(stored.length <= 0.6 * record.length, `${stored.length} of ${record.length}`);
  t.is(hex(unpackStored(key, stored)), hex(record));
  const alone = packStoredEdit(encodeAccepted(address));
  t.true(alone.length <= 0.75 * record.length, `${alone.length} of ${record.length}`);
  t.is(hex(unpackStoredEdit(alone)), hex(encodeAccepted(address)));
});

test("any entry comes back as it was, over a segment and among the pending edits", (t) => {
  fc.assert(
    fc.property(accepted, fc.nat(2 ** 31), (edit, revision) => {
      const [key, bytes] = [entryKey(edit), encodeAccepted(edit)];
      const record = packEntry(revision, bytes);
      const isSame = hex(unpackStored(key, packStored(key, record))) === hex(record);
      return isSame && hex(unpackStoredEdit(packStoredEdit(bytes))) === hex(bytes);
    }),
  );
  t.pass();
});

test("a text that a probe looks for stands as it is", (t) => {
  const stored = packStored("e/user:user0011\0personal-address\0x", packEntry(1, encodeAccepted(edit({ cn: "@edit-0000001" }, "x"))));
  t.true(Buffer.from(stored).includes("@edit-0000001"));
});

test("records of revisions of any size, deletions, and whatever an older store has, are read", (t) => {
  for (const revision of [0, 1, 255, 256, 2 ** 32, 2 ** 50]) {
    for (const one of [edit(ADDRESS), edit(undefined, ""), edit(null, "k")]) {
      const key = entryKey(one);
      const record = packEntry(revision, encodeAccepted(one));
      t.is(hex(unpackStored(key, packStored(key, record))), hex(record));
      t.is(hex(unpackStored(key, record)), hex(record), "as it is");
    }
  }
  const owner = encodeCbor([1, [], null]);
  t.is(packStored("o/user:alice", owner), owner);
  t.is(unpackStored("o/user:alice", owner), owner);
  const plain = encodeAccepted(edit("x"));
  t.is(unpackStoredEdit(plain), plain);
});

test("what nobody can have written is refused, and no other bytes are made of it", (t) => {
  for (const bytes of ["c0", "df", "f8ff", "f900", "fa", "fc", "62"])
    t.throws(() => fromTerse(Buffer.from(bytes, "hex"), []), { instanceOf: SyncError, code: "storage-damaged" }, bytes);
});

test("the numbers of the words stay what they are", (t) => {
  t.is(new Set(WORDS).size, WORDS.length);
  t.true(WORDS.length <= 20 + 256);
  t.deepEqual(
    ["cn", "own", "email", "scan-and-store", "#list-name"].map((word) => WORDS.indexOf(word)),
    [0, 19, 20, 91, 109],
  );
});
