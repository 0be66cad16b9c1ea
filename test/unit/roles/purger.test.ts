import test from "ava";
import { must } from "../../../src/model/assert.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { purgeOf, type Tombstone } from "../../../src/roles/server/purger.ts";

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
