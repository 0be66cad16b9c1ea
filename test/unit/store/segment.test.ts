import test from "ava";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Value } from "../../../src/model/value.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { packPart } from "../../../src/protocol/part.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { Segment } from "../../../src/store/segment.ts";
import { readLazy } from "../../../src/store/state-records.ts";
import { accepted, owner } from "../../wire/samples.ts";

const ALICE = owner("user:alice");

/** The entry of a name, as its own record says it: so a part in columns can leave out what its key says already. */
const editOf = (name: string) => ({ ...accepted, owner: ALICE, item: "personal-button", key: name });
const entry = (name: string): string => entryKey(editOf(name));

/** Of the values that one byte says, and of longer ones; "c" was deleted. */
const VALUES: readonly (readonly [name: string, value: Value | undefined])[] = [
  ["a", "first"],
  ["b", 5],
  ["c", undefined],
  ["d", true],
  ["e", null],
  ["f", { zoom: 70.5 }],
  ["é", "beyond ASCII"],
  ["ü", "and behind it"],
];

const RECORDS = VALUES.map(([name, value]) => [entry(name), packEntry(1, encodeAccepted({ ...editOf(name), value }))] as const);

for (const form of ["columns", "rows"] as const) {
  const segment = Segment.read(packPart(RECORDS, form));
  const told = (from: string, to: string) => segment.lazyValues(from, to).map((of) => [of.stateKey.slice(entry("").length), readLazy(of)]);

  test(`P29 whatever range of a segment in ${form} is asked for, its values are told with their own keys, and no deletion`, (t) => {
    const standing = VALUES.filter(([, value]) => value !== undefined).map(([name, value]) => [name, value]);
    for (const [at, [first]] of VALUES.entries())
      for (const [after] of VALUES.slice(at))
        t.deepEqual(
          told(entry(first), entry(after)),
          standing.filter(([name]) => String(name) >= first && String(name) < after),
          `${first} to ${after}`,
        );
    t.deepEqual(told("e/", "e0"), standing);
  });

  test(`P29 a segment in ${form} has the records that came in it, and none before, between or after them`, (t) => {
    for (const [key, record] of RECORDS) t.deepEqual(Buffer.from(segment.get(key) ?? []), Buffer.from(record), key);
    for (const name of ["", "aa", "cc", "zz"]) t.is(segment.get(entry(name)), undefined, name);
  });
}

test("P29 a key may have as many characters as the storage takes beside its own prefix, however many bytes they are", (t) => {
  const roomForPrefix = 32;
  const most = LIMITS.storageKeyCharactersMax - roomForPrefix;
  for (const letter of ["x", "é", "ﬀ"]) {
    const key = "e/".padEnd(most, letter);
    const value = packEntry(1, encodeAccepted(accepted));
    t.notThrows(() => Segment.read(packPart([[key, value]])).check("", key), letter);
    const longer = key + letter;
    const error = t.throws(() => Segment.read(packPart([[longer, value]])).check("", longer), { instanceOf: SyncError }, letter);
    t.true(error?.message.includes("a key that is too long"), error?.message);
  }
});
