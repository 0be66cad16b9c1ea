import test from "ava";
import { must } from "../../../src/model/assert.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { type Owner, userOwner } from "../../../src/model/owner.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { Purger, purgeOf, type Tombstone } from "../../../src/roles/server/purger.ts";
import { entriesOfOwner, entryKey } from "../../../src/store/keys.ts";
import { packEntry } from "../../../src/store/records.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { editOf } from "./own-copy.ts";

const OWNER = must(userOwner("alice"), "an owner");
const deleted = (revision: number, stamp: number): Tombstone => ({ revision, stamp });

test("P25 what goes together, as a table", (t) => {
  const rows: [what: string, tombstones: Tombstone[], upTo: number | undefined, stamp?: number][] = [
    ["nothing was deleted", [], undefined],
    ["nothing is old", [deleted(5, 101)], undefined],
    ["what is old goes, with the highest stamp and the highest revision among it", [deleted(3, 100), deleted(7, 40)], 7, 100],
    ["what is not old stays, and so does all that was deleted after it", [deleted(3, 90), deleted(5, 101), deleted(7, 40)], 3, 90],
    ["the first one is not old", [deleted(3, 101), deleted(5, 100)], undefined],
  ];
  for (const [what, tombstones, upTo, stamp] of rows) {
    const expected = upTo === undefined || stamp === undefined ? undefined : { owner: OWNER, upTo, stamp };
    t.deepEqual(purgeOf(OWNER, tombstones, 100), expected, what);
    t.deepEqual(purgeOf(OWNER, [...tombstones].reverse(), 100), expected, `${what}, in any order`);
  }
});

test("P25 some owners have their turn with each beat, each of them once a day, and what stands of them is no matter", async (t) => {
  const clock = new ManualClock();
  const now = LIMITS.tombstoneMs + 100;
  const count = 2 * LIMITS.purgeOwnersAtOnce + 1;
  const owners = Array.from({ length: count }, (_, index) => must(userOwner(`u${1_000 + index}`), "an owner"));
  const recordsOf = (owner: Owner) =>
    // The last byte of the value is that of a deletion; the third one is not old enough.
    [undefined, Uint8Array.of(0xf7), undefined].map((value, index) => {
      const edit = { ...editOf(index, { owner, value, stamp: index < 2 ? 100 : 101 }), why: "first" } as const;
      return [entryKey(edit), packEntry(3 + index, encodeAccepted(edit))] as const;
    });
  const range = async function* (asked: object) {
    const owner = owners.find((one) => entriesOfOwner(one).from === Reflect.get(asked, "from"));
    yield* recordsOf(must(owner, "an owner"));
  };
  const purger = new Purger({
    journal: { view: () => ({ range }) },
    journalTime: { now: () => now },
    owners: { all: () => owners },
    clock,
  } as never);
  const purges = [...(await purger.next()), ...(await purger.next()), ...(await purger.next())];
  t.deepEqual(
    purges,
    owners.map((owner) => ({ owner, upTo: 3, stamp: 100 })),
  );
  await clock.advance(LIMITS.purgeEveryMs - 1);
  t.is((await purger.next()).length, 0, "they had their turn");
  await clock.advance(1);
  t.is((await purger.next()).length, LIMITS.purgeOwnersAtOnce);
  await clock.advance(LIMITS.purgeEveryMs);
  t.is((await purger.next())[0]?.owner, owners[LIMITS.purgeOwnersAtOnce], "a round goes to its end, however slowly");
});
