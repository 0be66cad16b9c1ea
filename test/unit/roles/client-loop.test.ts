/** What a client's loop makes of each thing that happens to its machine: what is said, what is recorded first, what is shown, and what ends with it. */
import test from "ava";
import { type Owner, userOwner } from "../../../src/model/owner.ts";
import type { Edit } from "../../../src/model/entry.ts";
import { must } from "../../../src/model/assert.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId, joinId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { daysMs } from "../../../src/model/day.ts";
import { packRecords } from "../../../src/protocol/block.ts";
import { encodeChange } from "../../../src/protocol/change.ts";
import type { Changes } from "../../../src/protocol/changes.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { staysUnshown } from "../../../src/roles/client/client-event.ts";
import { CLIENT_HISTORY, keepLost, readHistory } from "../../../src/store/history.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import { ALICE, answeredAt, editOf, RUN } from "./own-copy.ts";
import { BUTTON, runningClient } from "./own-client.ts";
import { beatAt } from "./own-exchange.ts";

const BOB = must(userOwner("bob"), "an owner");
const OWNERS = [ALICE, BOB, ...["carol", "dave", "eve"].map((name) => must(userOwner(name), name))];
const alice = { owner: ALICE, displayName: "Alice", administrator: false, groups: [BOB] };

/** The record of a change with this edit alone. */
const recordOf = (revision: number, own: Edit): Uint8Array => {
  const edit = { ...own, why: "first" } as const;
  const edits = [{ edit, bytes: encodeAccepted(edit) }];
  return encodeChange({ revision, at: 200, edits, removals: [], adoption: undefined, logins: [], scopes: [], purges: [] });
};

/** What another machine set at this revision, as it goes to all. */
function changeOf(revision: number): Changes {
  const edit = editOf(revision, { id: { device: deviceId("b".repeat(32)), run: RUN, sequence: revision }, value: BUTTON });
  return {
    kind: "changes",
    first: revision,
    last: revision,
    part: 0,
    of: 1,
    deflated: false,
    bytes: packRecords([recordOf(revision, edit)]),
  };
}

const toAll = { session: undefined };

test("P14 a hello is said as soon as the link is up, nothing but it before the welcome, and anew when its answer is late", async (t) => {
  const { kinds, said, edit, linkState, clock, notes, welcome, end } = await runningClient({ isUp: false });
  t.deepEqual(said(), []);
  t.deepEqual(await kinds(() => linkState("up")), ["hello"]);
  t.deepEqual(await kinds(() => edit("1")), []);
  t.deepEqual(await kinds(() => clock.advance(LIMITS.answerMs)), []);
  t.deepEqual(notes, []);
  t.deepEqual(await kinds(() => clock.advance(LIMITS.beatMs)), [], "the connection is made anew first");
  t.deepEqual(notes, ["restart"]);
  linkState("down");
  t.deepEqual(await kinds(() => linkState("up")), ["hello"]);
  t.deepEqual(await welcome(), ["push"]);
  await end();
});

test("P4 the first hello needs no word of the link, nor a first beat, and brings the time that was heard before a restart", async (t) => {
  const { said, end } = await runningClient({ head: { heard: { time: 5_000, boot: "boot-1", monotonicMs: 400 } } });
  t.like(said(), [{ kind: "hello", journalTime: 5_600 }]);
  t.is(said().length, 1);
  await end();
});

test("P14 a connection that broke is told with its reason, and the next one begins with a hello", async (t) => {
  const { client, welcome, linkState, kinds, end } = await runningClient();
  await welcome();
  t.is(client.status().state, "synchronized");
  t.deepEqual(await kinds(() => linkState("down", { word: "not-paired" })), []);
  t.like(client.status(), { state: "refused", reason: "not-paired" });
  linkState("down");
  t.deepEqual(await kinds(() => linkState("up")), ["hello"]);
  await end();
});

test("M25 an order of network places that has changed with the start is known before anything is recorded", async (t) => {
  const { client, logged, end } = await runningClient({ head: { places: { server: "another order", apart: false } } });
  t.true(client.status().networkPlacesDiffer);
  t.deepEqual(logged(), ["places-differ"]);
  await end();
});

test("B03 P6 what people made while nobody listened is recorded, durably, at the start, and so is what they make: then it leaves, and whoever waits is told", async (t) => {
  const { client, welcome, kinds, edit, durable, end, said } = await runningClient({
    before: async ({ stores }) => void (await stores.settings.edit([{ owner: ALICE, item: "shortcut", key: "1", value: BUTTON }], "")),
  });
  t.deepEqual([(await durable()).pending.size, await client.recorded(1)], [1, "recorded"]);
  t.like(said(), [{ kind: "hello", pending: [{ first: 1, last: 1 }] }], "the first hello names it");
  await welcome();
  const told = client.recorded(2);
  t.deepEqual(await kinds(() => edit("2")), [], "the push before it has no answer yet");
  t.deepEqual([await told, (await durable()).pending.size, client.numberOf(2)], ["recorded", 2, 2]);
  await end();
});

test("M20 stores that lost everything are shown all of the copy at the start, and what they count anew is recorded", async (t) => {
  const { client, locals, durable, edit, quiet, end } = await runningClient({
    head: { mark: 7, sequence: 7 },
    pending: [pendingOf(editOf(7, { value: BUTTON }))],
    isNewHere: true,
  });
  t.deepEqual(await locals(), ["7"]);
  await edit("1");
  await quiet();
  t.deepEqual([(await durable()).head.mark, client.numberOf(1)], [1, 8]);
  await end();
});

test("B02 B03 what people made before the start is no loss of what the start shows anew, and amid a long showing what they make becomes durable", async (t) => {
  const own = (count: number, owner: Owner) =>
    Array.from({ length: count }, (_, index) => ({ owner, item: "shortcut", key: `${index}`, value: BUTTON }));
  const marks: number[] = [];
  const { storage, durable, news, end } = await runningClient({
    head: { unshown: "restored" },
    before: async ({ stores: { settings }, replica }) => {
      for (const owner of OWNERS) await settings.apply(own(500, owner), undefined, 0);
      await settings.edit([{ owner: ALICE, item: "shortcut", key: "new", value: BUTTON }], "");
      const apply = settings.apply.bind(settings);
      settings.apply = async (...args) => {
        marks.push(replica.head.mark);
        const refused = await apply(...args);
        if (marks.length === 1) await settings.edit([{ owner: BOB, item: "shortcut", key: "amid", value: BUTTON }], "");
        return refused;
      };
    },
  });
  t.deepEqual([marks[0], marks.at(-1)], [1, 2]);
  t.is((await durable()).pending.size, 2);
  const lost: string[] = [];
  for await (const { key } of readHistory(storage, CLIENT_HISTORY)) lost.push(key);
  t.deepEqual([lost.length, lost.includes("new"), lost.includes("amid")], [2_500, false, false]);
  t.true(news.length > 1, "how far it is is told");
  await end();
});

test("B03 a large import goes on by itself until all of it is recorded, whatever else happens or does not", async (t) => {
  const { edit, kinds, durable, welcome, end } = await runningClient();
  await welcome();
  const keys = Array.from({ length: 2 * LIMITS.recordedAtOnce + 1 }, (_, index) => `${index}`);
  await kinds(() => edit(...keys));
  for (let turns = 0; turns < 20; turns += 1) await kinds(() => undefined);
  t.is((await durable()).pending.size, keys.length);
  await end();
  const { said, end: endNext } = await runningClient({
    before: async ({ stores }) =>
      void (await stores.settings.edit(
        keys.map((key) => ({ owner: ALICE, item: "shortcut", key, value: BUTTON })),
        "",
      )),
  });
  t.like(
    said(),
    [{ kind: "hello", pending: [{ first: 1, last: keys.length }] }],
    "what was made before the start is recorded before the first hello",
  );
  await endNext();
});

test("M28 a machine that goes to sleep says so, says nothing more until it wakes, and then says hello", async (t) => {
  const { welcome, power, kinds, said, clock, edit, end } = await runningClient();
  await welcome();
  t.deepEqual(await kinds(() => power.pressEnergySaver()), ["client-end"]);
  t.like(said(), [{ reason: "sleep" }]);
  t.is(power.state, "full-sleep");
  t.deepEqual(await kinds(() => edit("1")), []);
  t.deepEqual(await kinds(() => clock.advance(LIMITS.sleepComesMs + 2 * LIMITS.beatMs)), []);
  t.deepEqual(await kinds(() => power.wake("service")), ["hello"]);
  t.deepEqual(await kinds(() => power.pressEnergySaver()), [], "it is in no session: nobody has to know");
  t.deepEqual(await end(), []);
});

test("M28 a sleep that was called off ends the silence once it can come no more", async (t) => {
  const { welcome, power, kinds, clock, end } = await runningClient();
  await welcome();
  power.beforeSleep(async () => void power.wake("key"), 1);
  t.deepEqual(await kinds(() => power.pressEnergySaver()), ["client-end"]);
  t.is(power.state, "active");
  t.deepEqual(await kinds(() => clock.advance(LIMITS.sleepComesMs)), [], "it may still come");
  t.deepEqual(await kinds(() => clock.advance(LIMITS.beatMs)), ["hello"]);
  await end();
});

test("M10 settings that change are told with a hello; who is logged in, and what waits, with a beat in a session", async (t) => {
  const { welcome, kinds, said, people, policies, logins, logouts, clock, edit, end } = await runningClient({
    head: { mark: 0, sequence: 7 },
    pending: [answeredAt(editOf(7, { value: BUTTON }), 12)],
  });
  people.user = alice;
  t.deepEqual(await kinds(() => logins.tell(alice)), [], "there is no session yet");
  await welcome();
  t.deepEqual(await kinds(() => logins.tell(alice)), ["client-beat"]);
  t.like(said(), [{ loggedIn: [ALICE, BOB], waiting: 1 }]);
  people.user = undefined;
  await kinds(() => edit("1"));
  t.deepEqual(await kinds(() => logouts.tell(alice)), ["client-beat"]);
  t.like(said(), [{ loggedIn: [], waiting: 2 }], "one is answered, and not here yet");
  t.deepEqual(await kinds(() => clock.advance(2 * LIMITS.beatMs - 1)), ["client-beat"]);
  t.deepEqual(await kinds(() => clock.advance(1)), ["client-beat", "push"], "whose answer is late");
  t.deepEqual(await kinds(() => policies.tell(people.policy)), ["hello"]);
  t.deepEqual(await kinds(() => clock.advance(LIMITS.beatMs)), [], "no beat before the welcome");
  await end();
});

test("P14 what cannot be read of a server is said, and the connection made anew; a fault of this machine's own ends the client, which closes its link", async (t) => {
  const { welcome, tell, kinds, notes, logged, client, items, quiet, clock, storage, ended } = await runningClient();
  await welcome();
  t.deepEqual(await kinds(() => tell({ ...changeOf(11), bytes: Uint8Array.of(255) }, toAll)), ["hello"]);
  t.deepEqual([notes, logged().at(-1)], [["restart"], "failed"]);
  const recorded = client.recorded(5);
  const prepared = client.prepared([ALICE], 99, new AbortController().signal);
  const failing = client.requests.run(() => Promise.reject(new Error("of the one who asks")));
  await t.throwsAsync(failing, { message: "of the one who asks" });
  await welcome();
  const failed = t.throwsAsync(ended);
  const apply = items.settings.apply.bind(items.settings);
  items.settings.apply = async (...args) => {
    await clock.wakeAfter(1);
    return await apply(...args);
  };
  for (const revision of [11, 12]) {
    tell(changeOf(revision), toAll);
    await quiet();
  }
  t.true(client.isBehind, "something waits to be shown");
  storage.write = () => Promise.reject(new SyncError("hal-broken", "no medium"));
  tell(changeOf(13), toAll);
  await quiet();
  await failed;
  t.deepEqual([await recorded, await prepared, notes, clock.waits], ["ended", "ended", ["restart", "close"], 0]);
  t.deepEqual(await client.requests.run(async () => "done"), { word: "client-not-running" });
});

test("what was let go for want of room is asked for with a hello, where there is a session", async (t) => {
  const { welcome, tell, kinds, said, end } = await runningClient();
  const flood = () => {
    for (let bytes = 0; bytes <= LIMITS.heardBytesMax; bytes += 1_000_000)
      tell({ ...changeOf(11), of: 2, bytes: new Uint8Array(1_000_000) }, toAll);
  };
  t.deepEqual(await kinds(flood), [], "the hello is said already");
  await welcome();
  t.is((await kinds(flood)).at(-1), "hello");
  t.is(said().length, 1);
  await end();
});

test("M27 what a store drops for want of room is listed", async (t) => {
  const { welcome, tell, quiet, items, client, logged, end } = await runningClient();
  await welcome();
  items.knobs.capacity.set("shortcut", 1);
  tell(changeOf(11), toAll);
  await quiet();
  tell(changeOf(12), toAll);
  await quiet();
  await client.requests.run(async () => "done");
  t.is(client.status().notApplied, 1);
  t.true(logged().includes("not-applied"));
  await end();
});

test("B05 what other machines edit is shown, at once or when it is due, before anything that is asked, and before the client ends", async (t) => {
  const { client, welcome, tell, quiet, locals, clock, items, news, end } = await runningClient();
  await welcome();
  const apply = items.settings.apply.bind(items.settings);
  // Each write of this store takes a while, after which it is left alone.
  items.settings.apply = async (...args) => {
    await clock.wakeAfter(1);
    return await apply(...args);
  };
  const hears = async (revision: number) => {
    tell(changeOf(revision), toAll);
    await quiet();
  };
  await hears(11);
  t.deepEqual([await locals(), client.isBehind], [["11"], false]);
  await hears(12);
  t.deepEqual([await locals(), client.isBehind, client.status().revision], [["11"], true, 11]);
  news.length = 0;
  await clock.advance(LIMITS.showingRestMs);
  await quiet();
  t.deepEqual(news, ["counts", "counts"]);
  t.deepEqual([await locals(), client.isBehind], [["11", "12"], false]);
  await hears(13);
  t.deepEqual(await client.requests.run(locals), ["11", "12", "13"]);
  await hears(14);
  t.true(client.isBehind);
  tell({ kind: "brought", number: 99 });
  await quiet();
  t.false(client.isBehind, "it is shown before anything else is heard");
  await hears(15);
  t.true(client.isBehind);
  await end();
  t.deepEqual([await locals(), clock.waits], [["11", "12", "13", "14", "15"], 0]);
});

test("M11 a client that ends says whether it was stopped, where it is in a session, and leaves nothing behind that listens or waits", async (t) => {
  for (const [isStopped, reason] of [
    [false, "off"],
    [true, "stopped"],
  ] as const) {
    const { client, welcome, end, clock, policies, notes, news, edit, quiet, tell, durable, listeners } = await runningClient();
    await welcome();
    const recorded = client.recorded(99);
    const waiting = client.prepared([ALICE], 99, new AbortController().signal);
    t.deepEqual(await end(isStopped), [{ kind: "client-end", reason }]);
    t.deepEqual([await recorded, await waiting, notes, clock.waits], ["ended", "ended", ["close"], 0]);
    t.deepEqual(await client.requests.run(async () => "done"), { word: "client-not-running" });
    const told = news.length;
    policies.tell(undefined as never);
    await edit("1");
    tell(changeOf(11), toAll);
    await quiet();
    t.deepEqual(new Set(Object.values(listeners())), new Set([0]));
    t.deepEqual([news.length, (await durable()).pending.size, (await durable()).position?.revision], [told, 0, 10]);
  }
  const { listeners, end } = await runningClient();
  t.false(Object.values(listeners()).includes(0), "while it works, it hears of all of it");
  t.deepEqual(await end(true), [], "nobody has welcomed it");
});

test("what is asked for is done one after the other, not amid anything else, and what one of them edits is recorded before the next", async (t) => {
  const { client, welcome, replica, items, edit, quiet, end } = await runningClient({
    head: { join: { id: joinId("1".repeat(16)), base: 10 } },
    before: async ({ replica, stores }) => {
      await replica.write([replica.offers.set(ALICE, { kind: "wanted" })], {});
      await stores.settings.apply([{ owner: ALICE, item: "shortcut", key: "1", value: BUTTON }], undefined, 0);
    },
  });
  const gate = new AbortController();
  const opened = new Promise((resolve) => gate.signal.addEventListener("abort", resolve));
  const read = items.settings.read.bind(items.settings);
  items.settings.read = async (...args) => {
    await opened;
    return await read(...args);
  };
  await welcome();
  const done: unknown[] = [];
  const first = client.requests.run(async () => {
    done.push("first");
    await edit("2");
    await quiet();
    return "done";
  });
  const second = client.requests.run(async () => void done.push(replica.pending.size));
  await quiet();
  t.deepEqual(done, [], "an offer is being read");
  gate.abort();
  await Promise.all([first, second]);
  t.deepEqual(done, ["first", 1]);
  await end();
});

test("P7 that all of a push was accepted is taken with what happens next, soon in any case; changes that came together are one write", async (t) => {
  const { client, welcome, tell, edit, kinds, replica, clock, quiet, items, storage, end } = await runningClient();
  await welcome();
  const recorded = client.recorded(1);
  await kinds(() => edit("1"));
  t.is(await recorded, "recorded");
  const { edit: own } = must(replica.pending.get(1), "it is recorded");
  const change = { ...changeOf(11), bytes: packRecords([recordOf(11, own)]) };
  tell(change, toAll);
  tell({ kind: "answers", number: 1, answers: [{ run: RUN, sequence: 1, outcome: "accepted", revision: 11 }] });
  await quiet();
  t.is(replica.position?.revision, 10);
  await clock.advance(LIMITS.ownWordRestMs);
  t.deepEqual([replica.position?.revision, replica.pending.size], [11, 0]);
  let writes = 0;
  const write = storage.write.bind(storage);
  storage.write = (batch) => {
    writes += 1;
    return write(batch);
  };
  for (const revision of [12, 13, 14]) tell(changeOf(revision), toAll);
  await quiet();
  t.deepEqual([replica.position?.revision, writes], [14, 1]);
  t.is(items.settings.mark(), 1, "what comes from others is no edit");
  await end();
});

test("M23 whoever prepares an export is told once this machine shows what the server had, and not before", async (t) => {
  const { client, welcome, tell, quiet, end } = await runningClient();
  await welcome();
  let outcome: string | undefined;
  void client.prepared([ALICE], 11, new AbortController().signal).then((come) => (outcome = come));
  await quiet();
  t.is(outcome, undefined);
  tell(changeOf(11), toAll);
  await quiet();
  t.is(outcome, "prepared");
  t.is(await client.prepared("all", 11, new AbortController().signal), "prepared", "at once, where it stands there");
  await end();
});

test("M24 what an import or export left out is asked for when it ends", async (t) => {
  const { welcome, restrictions, tell, kinds, client, locals, clock, end } = await runningClient();
  await welcome();
  const running = restrictions.beginImportExport();
  if (running === "locked") return t.fail();
  t.deepEqual(await kinds(() => tell(changeOf(11), toAll)), []);
  t.deepEqual([client.status().state, await locals()], ["paused", []]);
  await kinds(() => running.end());
  t.is(client.status().state, "offline", "it is known that something was missed");
  t.deepEqual(await kinds(() => clock.advance(LIMITS.beatMs)), ["hello"]);
  await end();
});

test("B02 the history is trimmed once the time is known, and once a day after that", async (t) => {
  const { storage, clock, tell, welcome, quiet, end } = await runningClient();
  const now = daysMs(400);
  const keep = (sequence: number, lostAtMs: number) =>
    storage.write([
      keepLost(
        CLIENT_HISTORY,
        {
          ...{ owner: ALICE, item: "shortcut", key: "1", value: "x", stamp: 1, notAfter: 1, because: "superseded", lostAtMs, by: "" },
          device: deviceId("b".repeat(32)),
        } as never,
        sequence,
      ),
    ]);
  const kept = async () => {
    let count = 0;
    for await (const _ of readHistory(storage, CLIENT_HISTORY)) count += 1;
    return count;
  };
  await keep(1, now - daysMs(31));
  await keep(2, now - daysMs(28));
  await welcome({ journalTime: now });
  t.is(await kept(), 2);
  await clock.advance(LIMITS.beatMs);
  t.is(await kept(), 1);
  await keep(3, now - daysMs(31));
  tell(beatAt(10, { journalTime: now }));
  await clock.advance(LIMITS.beatMs);
  t.is(await kept(), 2);
  await clock.wakeAfter(daysMs(1) + 1);
  await quiet();
  t.is(await kept(), 1);
  await end();
});

test("M20 P6 stores are told with a tick where the base stands, and those that gave up what they showed are shown all of it", async (t) => {
  const { welcome, replica, items, tell, quiet, clock, locals, restrictions, end } = await runningClient();
  await welcome();
  tell(changeOf(11), toAll);
  await quiet();
  let tidied = 0;
  replica.tidy = async () => void (tidied += 1);
  const revisions = () => [items.settings, items.addressBook].map((store) => store.appliedPosition()?.revision);
  t.deepEqual(revisions(), [11, 10]);
  await clock.advance(LIMITS.beatMs);
  t.deepEqual([...revisions(), tidied], [11, 11, 1]);
  for (const store of [items.settings, items.addressBook])
    await store.apply(
      [{ owner: ALICE, item: "shortcut", key: "11", value: undefined }].slice(store === items.settings ? 0 : 1),
      undefined,
      9,
    );
  items.settings.appliedPosition = () => undefined;
  const running = restrictions.beginImportExport();
  await clock.advance(LIMITS.beatMs);
  t.deepEqual(await locals(), [], "not amid an import");
  if (running !== "locked") running.end();
  await clock.advance(LIMITS.beatMs);
  t.deepEqual(await locals(), ["11"]);
  await end();
});

test("a status is told with each turn: in words, but where only numbers can have changed", async (t) => {
  const { client, welcome, news, edit, quiet, tell, clock, end } = await runningClient();
  t.deepEqual(news, ["words"]);
  await welcome();
  const told = async (act: () => unknown) => {
    news.length = 0;
    await act();
    await quiet();
    return news;
  };
  t.deepEqual(new Set(await told(() => edit("1"))), new Set(["counts"]));
  t.deepEqual(await told(() => tell(changeOf(11), toAll)), ["counts", "counts"], "when it is taken, and when it is shown");
  t.deepEqual(await told(() => clock.advance(LIMITS.beatMs)), ["words", "counts", "counts"], "a store without a part in it is told of it");
  t.deepEqual(await told(() => client.requests.run(async () => "done")), ["words"]);
  t.deepEqual(await told(() => tell(changeOf(14), toAll)), ["words"], "which leaves a gap");
  await end();
});

test("what may go on waiting to be shown: while only changes, answers, beats and own edits come", (t) => {
  const waits = (body: { readonly kind: string }) => staysUnshown({ kind: "message", message: { body } as never, also: [] });
  for (const kind of ["changes", "answers", "server-beat"]) t.true(waits({ kind }), kind);
  for (const kind of ["welcome", "refuse", "server-end", "part", "offer-answer", "brought"]) t.false(waits({ kind }), kind);
  t.true(staysUnshown({ kind: "edits" }));
  for (const kind of ["tick", "show", "overrun"] as const) t.false(staysUnshown({ kind }), kind);
});
