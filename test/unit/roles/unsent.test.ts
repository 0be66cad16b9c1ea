/** P21: what a client function that is stopped, or joins, leaves unsent: counted before it goes, and said in the log. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { discardUnsent } from "../../../src/roles/unsent.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import { Replica } from "../../../src/store/replica.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { answeredAt, DEVICE, editOf, replicaOf } from "./own-copy.ts";

/** One edit was answered, one was not, and one is not recorded yet. */
async function discarded(then: "stops" | "joins", hasJoined: boolean) {
  const storage = new MemoryStorage();
  if (hasJoined) await replicaOf(storage, { mark: 2 }, [answeredAt(editOf(1), 9), pendingOf(editOf(2))]);
  const log = new CommunicationLog({ storage: new MemoryStorage(), clock: new ManualClock() });
  const stores = { mark: () => 3, editsSince: async (mark: number) => [1, 2, 3].filter((each) => each > mark) } as never;
  const edits = await discardUnsent({ hal: { storage }, stores, log }, then);
  const { pending, head } = await Replica.open(storage, DEVICE);
  return { edits, kinds: log.records().map(({ note }) => note?.kind), left: [pending.size, head.position, head.mark] };
}

test("P21 P20 unsent is what the server has not answered, of what is recorded and of what is not; what is edited before a first join is data of that", async (t) => {
  const begun = [0, undefined, 3];
  for (const then of ["stops", "joins"] as const)
    t.deepEqual(await discarded(then, true), { edits: 2, kinds: ["unsent"], left: begun }, then);
  t.deepEqual(await discarded("joins", false), { edits: 0, kinds: [], left: begun });
});
