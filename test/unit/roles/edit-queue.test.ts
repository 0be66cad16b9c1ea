import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { type Config, DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { type Accepted, type Edit, ONE_TOUCH_LIST } from "../../../src/model/entry.ts";
import { deviceId, type EditId, epochId, fleetId, joinId, runId } from "../../../src/model/ids.ts";
import { COMMON, type Owner } from "../../../src/model/owner.ts";
import type { Answer } from "../../../src/protocol/answers.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import type { OfferAnswer } from "../../../src/protocol/offer.ts";
import { EditQueue } from "../../../src/roles/server/edit-queue.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { DeviceAnswers } from "../../../src/store/device-answers.ts";
import { Journal } from "../../../src/store/journal.ts";
import { entryKey } from "../../../src/store/keys.ts";
import { unpackEntry } from "../../../src/store/records.ts";
import { ALICE, editOf } from "./own-copy.ts";

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
async function server({
  usersMax,
  capacities,
  loggedIn = [],
}: Partial<Pick<Config, "usersMax" | "capacities">> & { readonly loggedIn?: readonly string[] } = {}) {
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
        const queue = new EditQueue(transaction, {
          ...tables,
          history,
          log,
          loggedIn: new Set(loggedIn),
          policy: "delete-oldest",
        } as never);
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
    /** A push that has edits which cannot be read among others. */
    pushAsCame: async (pushed: readonly (Edit | EditId)[]): Promise<string[]> =>
      (
        await decided((queue) =>
          queue.push(
            A,
            pushed.map((each) => ("id" in each ? { id: each.id, came: { edit: each, stem: undefined } } : { id: each, came: undefined })),
          ),
        )
      )
        .flat()
        .map(({ sequence, outcome }) => `${sequence} ${outcome}`),
    /** What the server before this one decided of the machine's edits, how nobody knows here; and what stands of it. */
    inherits: async (last: number, stands: readonly Accepted[]): Promise<void> => {
      const marks = new Map([[RUN, last]]);
      const take = async (transaction: Parameters<Parameters<Journal["commit"]>[1]>[0]): Promise<void> => {
        transaction.setAnswers(A, new DeviceAnswers(marks, [], { inherited: marks }));
        await transaction.append(draftOf(stands.map((edit) => ({ edit, bytes: encodeAccepted(edit) }))));
      };
      await journal.commit(1_000, take, Number.POSITIVE_INFINITY);
    },
    revision: () => journal.position.revision,
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

test("P7 what became of a push of which nothing won is durable as well: it is answered alike when it comes again, whatever happened since", async (t) => {
  const { push, remove } = await server();
  await push([editOf(1, { key: "k", stamp: 900, id: { device: B, run: RUN, sequence: 1 } })]);
  const older = editOf(2, { key: "k", stamp: 10 });
  t.like(await push([older]), [{ outcome: "superseded", revision: 1 }]);
  await remove(ALICE);
  t.like(await push([older]), [{ outcome: "superseded", revision: 1 }]);
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

test("M22 a new user for whom only somebody would have to go whom the same push touches waits for the next push, and is not refused", async (t) => {
  const { pushes, evicted } = await server({ usersMax: 1 });
  await pushes([shortcut("user:alice", 1)]);
  t.deepEqual(await pushes([shortcut("user:alice", 2), shortcut("user:bob", 3)]), ["2 accepted"]);
  t.deepEqual(await pushes([shortcut("user:bob", 3)]), ["3 accepted"]);
  t.deepEqual(evicted, ["user:alice"]);
});

test("M17 M22 who cannot be taken at all is refused at once, whatever else the push has, and nothing waits for that", async (t) => {
  const { pushes } = await server({ usersMax: 1, loggedIn: ["user:alice"], capacities: { shortcut: 1 } });
  t.deepEqual(await pushes([shortcut("user:alice", 1)]), ["1 accepted"]);
  t.deepEqual(await pushes([shortcut("user:bob", 2)]), ["2 too-many-users"], "whoever is logged in does not go");
  const beyond = [shortcut("user:alice", 3, { key: "l" }), shortcut("user:alice", 4, { value: "y" })];
  t.deepEqual(await pushes(beyond), ["3 too-many-entries", "4 accepted"]);
});

test("B08 P7 an edit that cannot be read is answered as that, and holds up none of the others", async (t) => {
  const { pushAsCame, value } = await server();
  const unreadable = { device: A, run: RUN, sequence: 2 };
  const pushed = [shortcut("user:alice", 1), unreadable, shortcut("user:alice", 3, { key: "l" })];
  t.deepEqual(await pushAsCame(pushed), ["1 accepted", "2 edit-unreadable", "3 accepted"]);
  t.is(await value(shortcut("user:alice", 3, { key: "l" })), "x");
});

test("B06 P10 what the lost server had decided is not decided anew: accepted is what stands of it, all else its author keeps", async (t) => {
  const { inherits, pushes, value, revision } = await server();
  const own = { ...shortcut("user:alice", 4, { key: "own" }), why: "first" } as const;
  const others = { ...shortcut("user:alice", 9, { key: "others", value: "theirs" }), why: "first" } as const;
  await inherits(5, [own, { ...others, id: { ...others.id, device: B } }]);
  const again = [
    shortcut("user:alice", 3, { key: "own", value: "before" }),
    shortcut("user:alice", 4, { key: "own" }),
    shortcut("user:alice", 5, { key: "others", stamp: 900 }),
  ];
  t.deepEqual(await pushes(again), ["3 accepted", "4 accepted", "5 superseded"]);
  t.deepEqual([await value(own), await value(others), revision()], ["x", "theirs", 1]);
  t.deepEqual(await pushes([shortcut("user:alice", 6, { key: "others", stamp: 900 })]), ["6 accepted"], "it was made since");
});

test("B06 P10 what stands because somebody brought it was accepted by the lost server, and so was what its author had made of it before", async (t) => {
  const { inherits, pushes, value, revision } = await server();
  const brought = { ...shortcut("user:alice", 7, { value: "seventh" }), why: "brought" } as const;
  await inherits(0, [brought]);
  t.deepEqual(await pushes([shortcut("user:alice", 6, { value: "sixth", stamp: 900 }), shortcut("user:alice", 7, { value: "seventh" })]), [
    "6 accepted",
    "7 accepted",
  ]);
  t.deepEqual([await value(brought), revision()], ["seventh", 1]);
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
