import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { type Edit, ONE_TOUCH_LIST } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, joinId, runId } from "../../../src/model/ids.ts";
import { COMMON } from "../../../src/model/owner.ts";
import type { Answer } from "../../../src/protocol/answers.ts";
import type { OfferAnswer } from "../../../src/protocol/offer.ts";
import { EditQueue } from "../../../src/roles/server/edit-queue.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { Journal } from "../../../src/store/journal.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { unpackEntry } from "../../../src/store/records.ts";

const A = deviceId("a".repeat(32));
const B = deviceId("b".repeat(32));
const RUN = runId("1".repeat(16));

const address = (key: string, sequence: number, list: string, device = A): Edit => ({
  id: { device, run: RUN, sequence },
  owner: COMMON,
  item: "common-address",
  key,
  value: { name: key, subdbid: list, indxid: String(sequence) },
  seen: 0,
  stamp: sequence,
  certain: true,
  by: "",
});

/** What a server that begins with nothing decides, one durable write after the other. */
async function server() {
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(new MemoryStorage(), first);
  const decided = async <Answered>(decide: (queue: EditQueue) => Promise<Answered>): Promise<Answered[]> => {
    const view = journal.view();
    const tables = { owners: await OwnerTable.open(view), scopes: await ScopeTable.open(view), config: DEFAULT_CONFIG };
    const answered: Answered[] = [];
    const policy = { inForce: () => "delete-oldest" };
    await journal.commit(
      1_000,
      async (transaction) =>
        void answered.push(await decide(new EditQueue(transaction, { ...tables, loggedIn: new Set(), policy } as never))),
      Number.POSITIVE_INFINITY,
    );
    return answered;
  };
  return {
    push: async (edits: readonly Edit[]): Promise<Answer[]> =>
      (
        await decided((queue) =>
          queue.push(
            A,
            edits.map((edit) => ({ id: edit.id, came: { edit, stem: undefined } })),
          ),
        )
      ).flat(),
    offer: async (holding: string, entries: readonly Edit[]): Promise<OfferAnswer[]> => {
      const named = { kind: "offer", join: joinId("7".repeat(16)), holding, item: undefined } as const;
      const whole = { ...named, baseRevision: journal.position.revision, lastSequence: 1, part: 0, of: 1, deflated: false } as const;
      return decided((queue) => queue.offer(B, { ...whole, bytes: new Uint8Array() }, entries));
    },
    value: async (edit: Edit): Promise<unknown> => {
      const record = await journal.stateRecord(entryKey(edit));
      return record === undefined ? undefined : unpackEntry(record).edit.value;
    },
  };
}

test("P10 what was decided long ago is answered with what stands now: its machine waits until it shows that", async (t) => {
  const { push } = await server();
  const [first, second, third] = [1, 2, 3].map((sequence) => address(`${sequence}`, sequence, "1"));
  if (first === undefined || second === undefined || third === undefined) return t.fail();
  t.deepEqual(
    (await push([first])).map(({ revision }) => revision),
    [1],
  );
  await push([second]);
  await push([third]);
  t.deepEqual(await push([first]), [{ run: RUN, sequence: 1, outcome: "accepted", revision: 3 }]);
});

test("M13 P18 a list that is offered does not take an entry that has moved to another list", async (t) => {
  const { push, offer, value } = await server();
  const moved = address("moved", 1, "1");
  await push([moved]);
  const [mine, theirs] = [address("theirs", 8, "2", B), address("moved", 9, "2", B)];
  t.like((await offer("common/2", [mine, theirs]))[0], { outcome: "accepted" });
  t.deepEqual(await value(moved), moved.value, "it stands in its list");
  t.deepEqual(await value(mine), mine.value);
});

test("M13 what an offer takes counts for the rest of it: of two of its entries with one number the later one moves", async (t) => {
  const { offer, value } = await server();
  const buttons = ["x", "y"].map((key) => address(key, 8, ONE_TOUCH_LIST, B));
  t.like((await offer(`common/${ONE_TOUCH_LIST}`, buttons))[0], { outcome: "accepted" });
  const stand = await Promise.all(buttons.map(value));
  t.like(stand, [{ indxid: "8" }, { indxid: "9" }]);
});
