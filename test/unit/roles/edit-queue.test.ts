import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { type Config, DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { type Edit, ONE_TOUCH_LIST } from "../../../src/model/entry.ts";
import { deviceId, epochId, fleetId, joinId, runId } from "../../../src/model/ids.ts";
import { COMMON, type Owner } from "../../../src/model/owner.ts";
import type { Answer } from "../../../src/protocol/answers.ts";
import type { OfferAnswer } from "../../../src/protocol/offer.ts";
import { draftOf, EditQueue } from "../../../src/roles/server/edit-queue.ts";
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
async function server({ usersMax, capacities }: Partial<Pick<Config, "usersMax" | "capacities">> = {}) {
  const config = { ...DEFAULT_CONFIG, usersMax: usersMax ?? DEFAULT_CONFIG.usersMax, capacities: capacities ?? {} };
  const evicted: string[] = [];
  const log = { refused: () => undefined, write: () => undefined };
  const first = () => ({ fleet: fleetId("f".repeat(32)), epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } });
  const journal = await Journal.open(new MemoryStorage(), first);
  const decided = async <Answered>(decide: (queue: EditQueue) => Promise<Answered>): Promise<Answered[]> => {
    const view = journal.view();
    const tables = { owners: await OwnerTable.open(view), scopes: await ScopeTable.open(view), config };
    const answered: Answered[] = [];
    await journal.commit(
      1_000,
      async (transaction) => {
        const history = { keepEvicted: async () => 0 };
        const queue = new EditQueue(transaction, { ...tables, history, log, loggedIn: new Set(), policy: "delete-oldest" } as never);
        answered.push(await decide(queue));
        evicted.push(...queue.evictions.map(({ owner }) => owner));
      },
      Number.POSITIVE_INFINITY,
    );
    return answered;
  };
  return {
    evicted,
    /** Pushes that are decided in one write. */
    pushes: async (...pushed: readonly (readonly Edit[])[]): Promise<string[]> =>
      (
        await decided(async (queue) => {
          const answers: Answer[] = [];
          for (const edits of pushed) {
            answers.push(
              ...(await queue.push(
                A,
                edits.map((edit) => ({ id: edit.id, came: { edit, stem: undefined } })),
              )),
            );
          }
          return answers;
        })
      )
        .flat()
        .map(({ sequence, outcome }) => `${sequence} ${outcome}`),
    remove: async (owner: Owner): Promise<void> => {
      const removals = [{ owner, kind: "deleted" }] as const;
      await journal.commit(
        1_000,
        async (transaction) => void (await transaction.append({ ...draftOf([]), removals })),
        Number.POSITIVE_INFINITY,
      );
    },
    push: async (edits: readonly Edit[]): Promise<Answer[]> =>
      (
        await decided((queue) =>
          queue.push(
            A,
            edits.map((edit) => ({ id: edit.id, came: { edit, stem: undefined } })),
          ),
        )
      ).flat(),
    offer: async (holding: string, entries: readonly Edit[], baseRevision = journal.position.revision): Promise<OfferAnswer[]> => {
      const named = { kind: "offer", join: joinId("7".repeat(16)), holding, item: undefined } as const;
      const whole = { ...named, baseRevision, lastSequence: 1, part: 0, of: 1, deflated: false } as const;
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

const shortcut = (owner: string, sequence: number, other: Partial<Edit> = {}): Edit => ({
  ...address("k", sequence, "1"),
  owner: owner as Owner,
  item: "shortcut",
  value: "x",
  ...other,
});

test("M22 P26 a change makes room for one new user: the next one, and whatever follows, waits for the next push; each write has as many changes as it needs", async (t) => {
  const { pushes, evicted } = await server({ usersMax: 1 });
  t.deepEqual(await pushes([shortcut("user:alice", 1)]), ["1 accepted"]);
  t.deepEqual(await pushes([shortcut("user:bob", 2), shortcut("user:carol", 3), shortcut("user:bob", 4)]), ["2 accepted"]);
  t.deepEqual(evicted, ["user:alice"]);
  t.deepEqual(await pushes([shortcut("user:carol", 5)], [shortcut("user:dave", 6)]), ["5 accepted", "6 accepted"]);
  t.deepEqual(evicted, ["user:alice", "user:bob", "user:carol"], "of two pushes in one write each is a change");
});

test("P5 P22 an owner begins with the first edit of a push: what the same push deletes again is there to be deleted", async (t) => {
  const { pushes, value } = await server();
  t.deepEqual(await pushes([shortcut("user:alice", 1, { value: undefined })]), ["1 owner-unknown"]);
  const edits = [shortcut("user:alice", 2), shortcut("user:alice", 3, { value: undefined })];
  t.deepEqual(await pushes(edits), ["2 accepted", "3 accepted"]);
  t.is(await value(shortcut("user:alice", 2)), undefined);
});

test("M13 M15 what becomes of an offer whose owner has ended, that has too much, or nothing that is new", async (t) => {
  const { pushes, offer, push, remove, value } = await server({ capacities: { shortcut: 1 } });
  await pushes([shortcut("user:alice", 1)]);
  const alices = [shortcut("user:alice", 9, { id: { device: B, run: RUN, sequence: 9 } })];
  await remove("user:alice" as Owner);
  t.like((await offer("user:alice", alices, 1))[0], { outcome: "owner-removed", revision: 2 });
  t.like((await offer("user:bob", [shortcut("user:bob", 9), shortcut("user:bob", 9, { key: "l" })]))[0], { outcome: "too-many-entries" });
  await push([address("moved", 11, "1"), address("gone", 12, "1")]);
  t.like((await offer("common/2", [address("moved", 9, "2", B)]))[0], { outcome: "owner-held" }, "all of it stands in another list");
  await push([{ ...address("gone", 13, "1"), value: undefined }]);
  const again = address("gone", 9, "2", B);
  t.like((await offer("common/2", [again]))[0], { outcome: "accepted" });
  t.deepEqual(await value(again), again.value, "what was deleted before this machine came is there again");
});
