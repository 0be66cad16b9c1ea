import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { userOwner } from "../../../src/model/owner.ts";
import { must } from "../../../src/model/assert.ts";
import { chosenIn } from "../../../src/roles/chosen.ts";
import { recordId } from "../../../src/roles/record-id.ts";
import { CLIENT_HISTORY, type HistoryPlace, keepLost, type Lost, SERVER_HISTORY } from "../../../src/store/history.ts";

const ALICE = must(userOwner("alice"), "an owner");
const BOB = must(userOwner("bob"), "an owner");

interface Loss extends Partial<Lost> {
  readonly place?: HistoryPlace;
}

/** Losses of Alice's shortcuts; each has its number as its value, and is named by it. */
async function history(losses: readonly Loss[]) {
  const storage = new MemoryStorage();
  const ids: string[] = [];
  for (const [number, { place = CLIENT_HISTORY, ...loss }] of losses.entries()) {
    const lost: Lost = {
      owner: ALICE,
      item: "shortcut",
      key: "a",
      value: number,
      because: "later",
      stamp: 1,
      lostAtMs: 100 + number,
      ...loss,
    } as Lost;
    const write = keepLost(place, lost, number);
    ids.push(recordId(write.key));
    await storage.write([write]);
  }
  const chosen = async (numbers?: readonly (number | string)[]) => {
    const named = numbers?.map((one) => (typeof one === "string" ? one : (ids[one] ?? "")));
    const found = await chosenIn(storage, [CLIENT_HISTORY, SERVER_HISTORY], ALICE, named);
    return found?.map(({ storageKey }) => ids.indexOf(recordId(storageKey))).sort();
  };
  return { chosen };
}

test("B02 without a name the newest loss of each entry is meant, in either history, of this owner alone", async (t) => {
  const { chosen } = await history([
    { key: "a" },
    { key: "a" },
    { key: "b", lostAtMs: 500 },
    { key: "b", lostAtMs: 400, place: SERVER_HISTORY },
    { key: "c", lostAtMs: 300 },
    { key: "c", lostAtMs: 301, place: SERVER_HISTORY },
    { key: "d", owner: BOB },
  ]);
  t.deepEqual(await chosen(), [1, 2, 5]);
});

test("B02 of two losses of one entry in one moment the machine's own is meant", async (t) => {
  const { chosen } = await history([{ lostAtMs: 100 }, { lostAtMs: 100, place: SERVER_HISTORY }]);
  t.deepEqual(await chosen(), [0]);
});

test("B02 without a name nothing is meant that was a deletion, or was put back; by its name it is", async (t) => {
  const { chosen } = await history([{ key: "a", value: undefined }, { key: "b", putBackMs: 1 }, { key: "c" }]);
  t.deepEqual(await chosen(), [2]);
  t.deepEqual(await chosen([0, 1]), [0, 1]);
});

test("B02 an older loss is meant when it is named, and of several of one entry the newest of these", async (t) => {
  const { chosen } = await history([{}, {}, {}]);
  t.deepEqual(await chosen([0]), [0]);
  t.deepEqual(await chosen([0, 1]), [1]);
});

test("B02 a name of nothing that is kept means that nothing is chosen, also beside one that is there", async (t) => {
  const { chosen } = await history([{}, { owner: BOB }]);
  t.is(await chosen([0, "nothing"]), undefined);
  t.is(await chosen([1]), undefined, "and so does another owner's");
  t.deepEqual(await chosen([]), []);
});
