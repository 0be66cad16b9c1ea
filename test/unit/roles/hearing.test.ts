/** What a client does about what its server says: a table of beats, welcomes and ends. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { epochId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import { keepLost, CLIENT_HISTORY, readHistory } from "../../../src/store/history.ts";
import type { Changes } from "../../../src/protocol/changes.ts";
import { isOfThePeer } from "../../../src/roles/client/hearing.ts";
import { SyncError } from "../../../src/model/errors.ts";
import type { Block } from "../../../src/roles/client/catch-up.ts";
import type { Down, DownBody } from "../../../src/protocol/down.ts";
import type { Envelope } from "../../../src/protocol/envelope.ts";
import type { Welcome } from "../../../src/protocol/welcome.ts";
import type { Refusal } from "../../../src/model/refusal.ts";
import type { ServerEnd } from "../../../src/protocol/end.ts";
import { Hearing } from "../../../src/roles/client/hearing.ts";
import { JournalClock } from "../../../src/roles/client/journal-clock.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { Replica } from "../../../src/store/replica.ts";
import { pendingOf } from "../../../src/store/pending.ts";
import { at, DEVICE, editOf, replicaOf, RUN } from "./own-copy.ts";
import { beatAt, ENVELOPE, exchangeWithNobody, HELLO, SESSION, welcomeTo } from "./own-exchange.ts";

/** A client at revision 10 with one edit pending, whose catching up and showing only note that they were asked. */
async function listening() {
  const storage = new MemoryStorage();
  const replica = await replicaOf(storage, {}, [pendingOf(editOf(1))]);
  const { clock, link, exchange } = exchangeWithNobody();
  const log = new CommunicationLog({ storage, clock });
  const asked: string[] = [];
  const note = (what: string) => async () => void asked.push(what);
  const state = { importing: false, underWay: false, isDue: false, block: "more" as Block };
  const journalClock = new JournalClock(clock, undefined);
  const hearing = new Hearing({
    exchange,
    journalClock,
    replica,
    storage,
    clock,
    log,
    link: { ...link, restart: () => void asked.push("restart") },
    names: { learn: async () => undefined },
    places: { hear: async () => undefined },
    restrictions: { importExportRunning: () => state.importing },
    joiner: {
      forgetUnderWay: () => void asked.push("forget offers"),
      retryOverLimit: note("retry"),
      noticeHeld: async (owners: Iterable<Owner>) => void asked.push(`notice ${[...owners].join()}`),
      answered: note("offer answered"),
    },
    shower: { show: note("show") },
    later: { take: note("show"), showWith: async (names: readonly unknown[]) => void asked.push(`show ${names.length} and what waits`) },
    forwarding: { amidTurn: note("push") },
    crossing: { isDue: () => state.isDue, follow: note("follow") },
    catchUp: {
      begin: note("begin"),
      pull: note("pull"),
      isBehind: false,
      part: note("part"),
      brought: () => void asked.push("brought"),
      changes: async (bodies: readonly Changes[], broadcast: boolean) => {
        asked.push(`changes ${bodies.map(({ last }) => last).join()} ${broadcast}`);
        return state.block;
      },
      get isUnderWay() {
        return state.underWay;
      },
    },
  } as never);
  const hear = async (body: DownBody, other: Partial<Envelope> = {}, also: readonly Changes[] = []): Promise<void> => {
    asked.length = 0;
    await hearing.message({ envelope: { ...ENVELOPE, ...other }, body } satisfies Down, also);
  };
  /** Enters with the next hello. */
  const enter = async (other: Partial<Welcome> = {}): Promise<void> => {
    exchange.hello(HELLO);
    await hear(welcomeTo(10, { number: exchange.helloNumber, ...other }));
  };
  return { storage, replica, clock, exchange, log, asked, state, journalClock, hear, enter };
}

const ANSWER = { run: RUN, sequence: 1, outcome: "accepted", revision: 11 } as const;
const OTHER_SESSION = sessionId("6".repeat(16));
const OTHER_EPOCH = { number: 2, id: epochId("d".repeat(16)) };

test("P14 a welcome that answers no hello, or one that was overtaken, changes nothing", async (t) => {
  const { exchange, asked, hear, enter } = await listening();
  await hear(welcomeTo(10));
  t.is(exchange.phase, "silent");
  exchange.hello(HELLO);
  exchange.hello(HELLO);
  await hear(welcomeTo(10, { number: 1 }));
  t.is(exchange.phase, "asked");
  await enter();
  t.is(exchange.phase, "in");
  await hear(welcomeTo(99, { number: 3 }), { session: undefined });
  t.deepEqual([exchange.newest, asked], [10, []], "nor does one that comes twice");
  t.is(exchange.place({ envelope: { ...ENVELOPE, session: SESSION }, body: beatAt(10) }), "session");
});

test("P14 a refusal counts for the hello that it answers", async (t) => {
  const { exchange, hear, enter } = await listening();
  const refuse = (number: number): DownBody => ({ kind: "refuse", number, refusal: { word: "own-client-first" } });
  await hear(refuse(1));
  t.is(exchange.phase, "silent");
  exchange.hello(HELLO);
  exchange.hello(HELLO);
  await hear(refuse(1));
  t.is(exchange.phase, "asked");
  await hear(refuse(2));
  t.is(exchange.phase, "refused");
  await enter();
  await hear(refuse(3));
  t.is(exchange.phase, "in");
});

test("P12 the answers of a welcome count in the epoch of the base, and say nothing in another", async (t) => {
  const { replica, asked, enter } = await listening();
  await enter({ answers: [ANSWER], position: { ...at(12), epoch: OTHER_EPOCH } });
  t.is(replica.pending.get(1)?.answer, undefined);
  t.deepEqual(asked, ["forget offers", "begin", "pull", "retry"]);
  await enter({ answers: [ANSWER] });
  t.deepEqual(replica.pending.get(1)?.answer, { outcome: "accepted", revision: 11 });
  t.deepEqual(asked, ["forget offers", "begin", "pull", "retry", "show"]);
});

test("P1 P4 the journal time that a machine hears first after it has power is durable", async (t) => {
  const { storage, replica, clock, enter } = await listening();
  await enter({ journalTime: 7_000 });
  t.is((await Replica.open(storage, DEVICE)).head.heard?.time, 7_000);
  await clock.advance(60_000);
  await enter({ journalTime: 67_000 });
  t.is(replica.head.heard?.time, 7_000, "from there its own clock counts");
  await replica.write([], { heard: { time: 7_000, boot: "the power-on before", monotonicMs: 1 } });
  await enter({ journalTime: 90_000 });
  t.like((await Replica.open(storage, DEVICE)).head.heard, { time: 90_000, boot: clock.boot });
});

test("P15 a beat that is ahead is doubted once, and the next one that still is means a loss", async (t) => {
  const { exchange, hear, enter } = await listening();
  await enter();
  await hear(beatAt(10));
  t.is(exchange.doubted, undefined);
  await hear(beatAt(11));
  t.deepEqual([exchange.doubted, exchange.phase], [11, "in"]);
  await hear(beatAt(10));
  t.is(exchange.phase, "silent", "what was named has not come");
});

test("P15 a beat that names a copy this machine cannot be of is asked about at once", async (t) => {
  const { exchange, hear, enter } = await listening();
  const other = (revision: number) => ({ ...at(revision), chainHash: "1".repeat(32) });
  await enter();
  await hear(beatAt(9));
  t.is(exchange.phase, "silent", "the server knows less than this machine");
  await enter();
  await hear(beatAt(10, { position: other(10) }));
  t.is(exchange.phase, "silent", "the same revision, and other changes");
  await enter();
  await hear(beatAt(11, { position: other(11) }));
  t.is(exchange.phase, "in", "what is ahead leads to another chain hash");
});

test("P15 while a machine catches up a beat is no loss: it says how far there is to go", async (t) => {
  const { exchange, state, hear, enter } = await listening();
  await enter();
  state.underWay = true;
  await hear(beatAt(15));
  await hear(beatAt(14));
  t.deepEqual([exchange.newest, exchange.doubted, exchange.phase], [15, undefined, "in"]);
});

test("P14 P16 what is said in another epoch ends the session, what is said in another session does not", async (t) => {
  const { exchange, hear, enter } = await listening();
  await enter();
  await hear(beatAt(99), { session: OTHER_SESSION });
  t.deepEqual([exchange.phase, exchange.doubted], ["in", undefined]);
  await hear(beatAt(10), { epoch: OTHER_EPOCH });
  t.is(exchange.phase, "silent");
});

test("M24 while an import or export runs nothing is taken, and whatever passed by is asked for afterwards", async (t) => {
  const { exchange, state, asked, journalClock, replica, hear, enter } = await listening();
  await enter();
  state.importing = true;
  await hear(beatAt(10, { journalTime: 9_000_000 }));
  t.deepEqual([exchange.doubted, journalClock.heard?.time], [undefined, 9_000_000], "a beat leaves nothing to ask for");
  exchange.awaitReply();
  await hear({ kind: "answers", number: 1, answers: [ANSWER] });
  t.deepEqual([exchange.doubted, asked, exchange.isAwaiting], [0, [], false]);
  t.is(replica.pending.get(1)?.answer, undefined);
  await enter();
  t.deepEqual([exchange.doubted, asked], [0, ["forget offers"]], "a welcome as well");
});

test("M02 M11 how a session ends: put out with the reason, unknown to the server, or stopped with its function", async (t) => {
  const { exchange, asked, log, hear, enter } = await listening();
  const end = async (reason: ServerEnd["reason"], refusal?: Refusal): Promise<string> => {
    await enter();
    await hear({ kind: "server-end", reason, ...(refusal === undefined ? {} : { refusal }) });
    return `${exchange.phase} ${asked.join()}`.trim();
  };
  t.is(await end("put-out", { word: "put-out" }), "refused");
  t.is(exchange.refusal?.word, "put-out");
  t.is(await end("unknown-session"), "silent");
  t.is(await end("off"), "silent restart");
  t.false(exchange.isServerStopped, "it will be back");
  t.is(await end("stopped"), "silent restart");
  t.true(exchange.isServerStopped);
  t.is(log.records().at(-1)?.code, "server-unreachable");
  exchange.hello(HELLO);
  await hear({ kind: "server-end", reason: "unknown-session" });
  t.is(exchange.phase, "asked", "the hello that is under way is answered by a welcome");
});

test("B07 whatever belongs to the session is a sign of life, what does not is none", async (t) => {
  const { clock, exchange, hear, enter } = await listening();
  await enter();
  await clock.advance(LIMITS.leaseMs);
  await hear(beatAt(10), { session: OTHER_SESSION });
  t.is(exchange.silenceMs, LIMITS.leaseMs);
  await hear(beatAt(10));
  t.is(exchange.silenceMs, 0);
});

const changesTo = (last: number): Changes => ({
  kind: "changes",
  first: last,
  last,
  part: 0,
  of: 1,
  deflated: false,
  bytes: new Uint8Array(),
});

test("P15 changes that were missed end the session, those that bring nothing new ask for nothing", async (t) => {
  const { exchange, state, asked, hear, enter } = await listening();
  await enter();
  for (const block of ["more", "passed-over"] as const) {
    state.block = block;
    await hear(changesTo(11));
    t.deepEqual([exchange.phase, asked], ["in", ["changes 11 false"]], block);
  }
  await hear(changesTo(11), { session: undefined }, [changesTo(12)]);
  t.deepEqual(asked, ["changes 11,12 true"], "those that wait after it come along");
  state.block = "gap";
  await hear(changesTo(13));
  t.is(exchange.phase, "silent");
});

test("P15 changes to all that come before the welcome count with it, all that wait of them", async (t) => {
  const { exchange, asked, hear } = await listening();
  exchange.hello(HELLO);
  await hear(changesTo(11), { session: undefined }, [changesTo(12)]);
  await hear(beatAt(99), { session: undefined });
  t.deepEqual(asked, []);
  await hear(welcomeTo(10, { number: exchange.helloNumber }));
  t.is(exchange.newest, 12);
});

test("M15 M19 P19 what changes brought is shown, a scope followed, an offer noticed, and a deleted owner's history erased, not an evicted one's", async (t) => {
  const { storage, replica, state, asked, hear, enter } = await listening();
  const bob = "user:bob" as Owner;
  replica.offers.set(bob, { kind: "wanted" });
  const entry = { ...editOf(1), because: "superseded", lostAtMs: 1 } as const;
  await storage.write([keepLost(CLIENT_HISTORY, entry, 1), keepLost(CLIENT_HISTORY, { ...entry, owner: bob }, 2)]);
  await enter();
  const removals = [
    { owner: entry.owner, kind: "deleted" },
    { owner: bob, kind: "evicted" },
  ] as const;
  const change = { revision: 11, at: 50, edits: [], removals, adoption: undefined, logins: [], scopes: [], purges: [] };
  state.block = {
    entries: new Map([["bob's", editOf(2, { owner: bob })]]),
    changes: [change],
    values: new Map(),
    own: new Map(),
    overtaken: [],
  };
  await hear(changesTo(11));
  t.deepEqual(asked, ["changes 11 false", "push", "show", `notice ${bob},${entry.owner},${bob}`, "retry"]);
  const left: Owner[] = [];
  for await (const { owner } of readHistory(storage, CLIENT_HISTORY)) left.push(owner);
  t.deepEqual(left, [bob]);
  await storage.write([keepLost(CLIENT_HISTORY, entry, 3)]);
  state.block = { ...state.block, changes: [{ ...change, removals: [{ owner: entry.owner, kind: "deleted", at: 0 }] }] };
  await hear(changesTo(11));
  const later: Owner[] = [];
  for await (const { owner } of readHistory(storage, CLIENT_HISTORY)) later.push(owner);
  t.deepEqual(later.sort(), [entry.owner, bob], "what was brought tells of a deletion before it was made");
  state.isDue = true;
  await hear(changesTo(11));
  t.deepEqual(asked.slice(0, 3), ["changes 11 false", "show", "follow"], "nothing is pushed before the scope is followed");
});

test("P7 P18 B06 each answer goes to who waits for it", async (t) => {
  const { exchange, replica, asked, hear, enter } = await listening();
  await enter();
  const answered = async (...answers: readonly (typeof ANSWER)[]) => {
    exchange.startPush([]);
    await hear({ kind: "answers", number: exchange.push?.number ?? 0, answers });
    t.is(exchange.push, undefined);
    return [...asked];
  };
  t.deepEqual(await answered(), []);
  t.deepEqual(
    await answered(ANSWER),
    [],
    "the base has not come so far: nothing else is to be shown, and nobody waits for what is being shown",
  );
  t.deepEqual(await answered(ANSWER), [], "it is known, as after a change");
  await replica.write([], { unshown: "show" });
  t.deepEqual(await answered(ANSWER), ["show 0 and what waits"]);
  await replica.write([], { unshown: undefined });
  await replica.record([pendingOf(editOf(2))], 2);
  const lost = { ...ANSWER, sequence: 2, outcome: "superseded", revision: 10 } as const;
  t.deepEqual(await answered(lost as never), ["show 1 and what waits"], "whatever is shown says that all is");
  const joined = { kind: "offer-answer", join: "7".repeat(16) as never, holding: "user:bob", item: undefined } as const;
  await hear({ ...joined, outcome: "accepted", revision: 11 });
  t.deepEqual(asked, ["offer answered"]);
  await hear({ kind: "brought", number: 1 });
  t.deepEqual(asked, ["brought"]);
  await hear({ kind: "part", after: "", last: "", end: true, revision: 1, bytes: new Uint8Array() } as never);
  t.deepEqual(asked, ["part"]);
});

test("M02 M11 an end without a refusal, or with a reason of its own, is no putting out", async (t) => {
  const { exchange, hear, enter } = await listening();
  await enter();
  await hear({ kind: "server-end", reason: "put-out" });
  t.is(exchange.phase, "silent");
  await enter();
  await hear({ kind: "server-end", reason: "off", refusal: { word: "put-out" } });
  t.deepEqual([exchange.phase, exchange.refusal], ["silent", undefined]);
});

test("B08 the server is to blame for what cannot be read or is too large, and for nothing else", (t) => {
  for (const [code, isTo] of [
    ["message-malformed", true],
    ["message-too-large", true],
    ["storage-damaged", false],
    ["hal-unavailable", false],
  ] as const)
    t.is(isOfThePeer(new SyncError(code, "")), isTo, code);
});
