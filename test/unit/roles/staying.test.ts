/** The list of what cannot leave a machine (M27), and what a machine's own side says of entries that come to it. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { EntryName } from "../../../src/model/entry.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { COMMON } from "../../../src/model/owner.ts";
import type { NotAppliedBecause } from "../../../src/model/not-applied.ts";
import { localValues } from "../../../src/roles/client/local-values.ts";
import { hasOwnOver, positionToShow } from "../../../src/roles/client/own-over.ts";
import { Staying } from "../../../src/roles/client/staying.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { NotAppliedList } from "../../../src/store/not-applied.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, at, replicaOf } from "./own-copy.ts";

const name = (key: string): EntryName => ({ owner: ALICE, item: "shortcut", key });
const listed = (key: string, because: NotAppliedBecause) => ({ ...name(key), because, detail: "" });

async function staying() {
  const storage = new MemoryStorage();
  const notApplied = await NotAppliedList.open(storage);
  const list = () => notApplied.all().map(({ key, because }) => `${key} ${because}`);
  return { staying: new Staying({ notApplied, log: new CommunicationLog({ storage, clock: new ManualClock() }) }), notApplied, list };
}

test("M27 an entry that travels again is off the list where that said it could not; what the machine itself does not take stays on it", async (t) => {
  const { staying: side, notApplied, list } = await staying();
  await notApplied.note([], [listed("1", "machine"), listed("2", "cannot-travel")]);
  for (const key of ["1", "2"])
    t.is(
      side.travelling(() => "made", name(key)),
      "made",
    );
  await side.note();
  t.deepEqual(list(), ["1 machine"]);
});

test("M27 what could not travel is listed once: when another machine has replaced it, nothing that is found later lists it again", async (t) => {
  const { staying: side, notApplied, list } = await staying();
  const tooLarge = () => {
    throw new SyncError("message-too-large", "too large");
  };
  t.is(side.travelling(tooLarge, name("1")), undefined);
  await side.note();
  t.deepEqual(list(), ["1 cannot-travel"]);
  await notApplied.note([name("1")], []);
  side.travelling(() => "made", name("2"));
  await side.note();
  t.deepEqual(list(), []);
});

test("P19 in which of the common lists an entry is, is told by what the machine itself has of it while any of them is on offer", async (t) => {
  const replica = await replicaOf(new MemoryStorage(), {}, []);
  const entry = { owner: COMMON, item: "common-address", key: "k", value: { subdbid: "2" } };
  const stores = { readAmong: async () => [entry] } as never;
  t.is((await localValues([entry], { replica, stores })).size, 0, "nobody asks without need");
  replica.offers.set("common/2", { kind: "wanted" });
  t.deepEqual([...(await localValues([entry], { replica, stores })).values()], [entry.value]);
});

test("M20 B03 stores that show own edits which they do not know of are given a position that no copy has, as long as one of those waits", (t) => {
  const shown = (size: number, haveOwnOver: boolean) => {
    const position = positionToShow({ replica: { position: at(10), pending: { size } as never }, stores: { haveOwnOver } });
    t.is(position?.revision, 10);
    return hasOwnOver(position);
  };
  t.deepEqual([shown(1, true), shown(0, true), shown(1, false), shown(0, false)], [true, false, false, false]);
});
