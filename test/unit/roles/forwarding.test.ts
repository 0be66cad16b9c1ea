/** Own edits on their way: when they are recorded, when they are pushed, what is offered of them, and whose the answer is. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Entry } from "../../../src/model/entry.ts";
import { deviceId, type JoinId, joinId, runId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Owner } from "../../../src/model/owner.ts";
import type { Answer } from "../../../src/protocol/answers.ts";
import { inflateBlock, unpackRecords } from "../../../src/protocol/block.ts";
import type { Down } from "../../../src/protocol/down.ts";
import { decodeEdit } from "../../../src/protocol/edit.ts";
import type { ClientEvent } from "../../../src/roles/client/client-event.ts";
import { Forwarding } from "../../../src/roles/client/forwarding.ts";
import { Inbox } from "../../../src/roles/client/inbox.ts";
import { missingIn } from "../../../src/roles/client/missing-in.ts";
import { isOfOffer } from "../../../src/roles/client/of-offer.ts";
import { offerOf } from "../../../src/roles/client/offer-of.ts";
import { Recording } from "../../../src/roles/client/recording.ts";
import { Staying } from "../../../src/roles/client/staying.ts";
import { withList } from "../../../src/roles/server/drafting.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { NotAppliedList } from "../../../src/store/not-applied.ts";
import { type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import { type Holding, NEW_OWNER, type OwnerRecord } from "../../../src/store/records.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, answeredAt, DEVICE, editOf, replicaOf, RUN } from "./own-copy.ts";

/** A client in session with nothing else to do; edits that `made` says are recorded when they are asked for. */
async function forwarding(
  edits: readonly PendingEdit[],
  other: Readonly<Record<string, unknown>> = {},
  isOffering = false,
  isImport = false,
  onRecorded: () => void = () => undefined,
) {
  const replica = await replicaOf(new MemoryStorage(), {}, edits);
  if (isOffering) await replica.write([replica.offers.set(ALICE, { kind: "wanted" })], {});
  const made: PendingEdit[] = [];
  const said: string[] = [];
  const record = async () => {
    said.push("record");
    await replica.record(made.splice(0), 1);
    onRecorded();
    return "done" as const;
  };
  const recordSome = async () => {
    await record();
    return isImport || other.isImport === true ? ("more" as const) : ("done" as const);
  };
  let push: readonly Uint8Array[] | undefined;
  const { phase = "in", doubted = 1, isUnderWay = false, isReturnDue = false, blocks = () => false } = other;
  const clock = new ManualClock();
  const exchange = {
    phase,
    doubted,
    get push() {
      return push;
    },
    place: ({ envelope }: Down) => (envelope.session === undefined ? "foreign" : "session"),
    repeatPush: () => void said.push("repeat"),
    startPush: (bytes: readonly Uint8Array[]) => {
      push = bytes;
      said.push(`push ${bytes.map((one) => decodeEdit(one).id.sequence).join()}`);
    },
  };
  const parts = {
    clock,
    recording: { record, recordSome, isIdle: other.isIdle ?? false },
    replica,
    exchange,
    catchUp: { isUnderWay },
    joiner: { blocks },
    places: { isReturnDue },
    restrictions: { importExportRunning: () => other.isImporting ?? false },
  };
  const take = (): string[] => said.splice(0);
  return { replica, made, take, clock, forwarding: new Forwarding(parts as never) };
}

test("B03 what is made is recorded and leaves at once, unless something else comes first: then it is recorded alone", async (t) => {
  const plain = await forwarding([]);
  plain.made.push(pendingOf(editOf(1)));
  t.is(await plain.forwarding.atTurnEnd(), "done");
  t.deepEqual(plain.take(), ["record", "push 1"], "it is durable before it leaves");
  const first: readonly Readonly<Record<string, unknown>>[] = [
    { phase: "asked" },
    { doubted: 0 },
    { isUnderWay: true },
    { isReturnDue: true },
    { isImporting: true },
  ];
  for (const other of first) {
    const busy = await forwarding([], other);
    busy.made.push(pendingOf(editOf(1)));
    await busy.forwarding.amidTurn();
    t.deepEqual(busy.take(), ["record"], JSON.stringify(other));
  }
  const offering = await forwarding([pendingOf(editOf(1))], {}, true);
  await offering.forwarding.amidTurn();
  t.deepEqual(offering.take(), ["record"], "an offer comes first");
});

test("P7 the push under way is said again until each of its edits was answered or came back; what blocks an edit holds back those after it", async (t) => {
  const { replica, forwarding: client, take } = await forwarding([pendingOf(editOf(1)), pendingOf(editOf(2))]);
  client.push();
  client.push();
  t.deepEqual(take(), ["push 1,2", "repeat"]);
  await replica.write([replica.pending.remove(1), replica.pending.add(pendingOf(editOf(3)))], {});
  client.push();
  t.deepEqual(take(), ["repeat"], "2 is not answered yet");
  await replica.write([replica.pending.replace(answeredAt(editOf(2), 12))], {});
  client.push();
  t.deepEqual(take(), ["push 3"]);
  const blocked = await forwarding([pendingOf(editOf(1)), pendingOf(editOf(2)), pendingOf(editOf(3))], {
    blocks: ({ id }: { readonly id: { readonly sequence: number } }) => id.sequence === 2,
  });
  blocked.forwarding.push();
  t.deepEqual(blocked.take(), ["push 1"]);
});

test("M34 B05 of an import one piece is recorded before messages are taken, and the next at the end of the turn", async (t) => {
  const client = await forwarding([], {}, false, true);
  await client.forwarding.beforeTurn([]);
  t.deepEqual(client.take(), ["record"]);
  await client.forwarding.amidTurn();
  t.deepEqual(client.take(), []);
  t.is(await client.forwarding.atTurnEnd(), "more");
  t.deepEqual(client.take(), ["record"]);
  await client.forwarding.beforeTurn([]);
  t.deepEqual(client.take(), []);
});

/** What the server says of edits of this run, in session, as it waits to be handled. */
const answersAtHand = (outcomes: readonly Answer["outcome"][], { run = RUN, isOfSession = true } = {}): ClientEvent => {
  const answers = outcomes.map((outcome, index): Answer => ({ run, sequence: index + 1, outcome, revision: 12 }));
  const envelope = isOfSession ? { session: sessionId("5".repeat(16)) } : {};
  return { kind: "message", message: { envelope, body: { kind: "answers", number: 1, answers } } as never, also: [] };
};

test("P7 what is new is recorded before messages are taken, and leaves where they say that all of the push under way was accepted", async (t) => {
  const underWay = async () => {
    const client = await forwarding([pendingOf(editOf(1)), pendingOf(editOf(2))]);
    client.forwarding.push();
    client.made.push(pendingOf(editOf(3)));
    client.take();
    return client;
  };
  const told = async (event: ClientEvent) => {
    const client = await underWay();
    await client.forwarding.beforeTurn([event]);
    return client.take();
  };
  t.deepEqual(await told(answersAtHand(["accepted", "accepted"])), ["record", "push 3"]);
  t.deepEqual(await told(answersAtHand(["accepted"])), ["record", "repeat"], "2 is not answered yet");
  t.deepEqual(await told(answersAtHand(["accepted", "superseded"])), ["record", "repeat"], "what lost is kept first");
  t.deepEqual(await told(answersAtHand(["accepted", "accepted"], { run: runId("2".repeat(16)) })), ["record", "repeat"], "another run");
  t.deepEqual(await told(answersAtHand(["accepted", "accepted"], { isOfSession: false })), ["record", "repeat"], "of no session");
  const client = await underWay();
  t.true(await client.forwarding.beforeTurn([{ kind: "edits" }]));
  t.deepEqual(client.take(), ["record", "repeat"]);
  t.false(await client.forwarding.beforeTurn([{ kind: "edits" }, { kind: "tick" }]), "something else may come first");
  const importing = await forwarding([], { isImporting: true });
  t.false(await importing.forwarding.beforeTurn([{ kind: "edits" }]));
  t.deepEqual([...client.take(), ...importing.take()], []);
});

/** A change to all machines, as it waits to be handled. */
const changeAtHand = (revision: number, { last = revision, of = 1 } = {}): ClientEvent => {
  const body = { kind: "changes", first: revision, last, part: 0, of, deflated: false, bytes: new Uint8Array() } as const;
  return { kind: "message", message: { envelope: {}, body } as never, also: [] };
};

/** As the client's loop does it. */
async function next({ forwarding: client }: Awaited<ReturnType<typeof forwarding>>, inbox: Inbox, signal: AbortSignal) {
  const events = await inbox.take(signal);
  return client.mayAwaitMore(events) ? await client.withMore(events, inbox, signal) : events;
}

/** What the client takes of events that come together, and when: at once, or with what comes later or nothing. */
async function takenBy(client: Awaited<ReturnType<typeof forwarding>>, events: readonly ClientEvent[], later?: ClientEvent) {
  const inbox = new Inbox();
  let taken: readonly ClientEvent[] | undefined;
  for (const event of events) inbox.put(event);
  const { signal } = new AbortController();
  void next(client, inbox, signal).then((all) => {
    taken = all;
  });
  await client.clock.advance(LIMITS.ownWordRestMs - 1);
  const atOnce = taken;
  if (later !== undefined) inbox.put(later);
  await client.clock.advance(0);
  const withLater = taken;
  await client.clock.advance(1);
  return atOnce !== undefined ? "at once" : withLater !== undefined ? withLater.length : taken === undefined ? "never" : "rested";
}

test("B05 that the push under way was accepted is taken with what happens next, so that no write of it stands before that", async (t) => {
  const pushed = async (edits = [pendingOf(editOf(1)), pendingOf(editOf(2))], other = {}) => {
    const client = await forwarding(edits, { isIdle: true, ...other });
    client.forwarding.push();
    return client;
  };
  const answers = answersAtHand(["accepted", "accepted"]);
  const word = [changeAtHand(12), answers];
  const edits: ClientEvent = { kind: "edits" };
  const client = await pushed();
  t.is(await takenBy(client, word, edits), 3);
  t.is(client.clock.waits, 0, "nothing waits for the end of a rest that is over");
  t.is(await takenBy(await pushed(), word), "rested", "it is taken when nothing happens");
  const isTakenAtOnce = async (what: string, events: readonly ClientEvent[], of = pushed()) =>
    t.is(await takenBy(await of, events, edits), "at once", what);
  await isTakenAtOnce("something else came with it", [...word, edits]);
  await isTakenAtOnce("only the change", [changeAtHand(12)]);
  await isTakenAtOnce("of another order", [answers, changeAtHand(12)]);
  await isTakenAtOnce("a change of others is with it", [changeAtHand(11, { last: 12 }), answers]);
  await isTakenAtOnce("the change is another's", [changeAtHand(13), answers]);
  await isTakenAtOnce("a piece of a change", [changeAtHand(12, { of: 2 }), answers]);
  await isTakenAtOnce("one is not answered", [changeAtHand(12), answersAtHand(["accepted"])]);
  await isTakenAtOnce("one has lost", [changeAtHand(12), answersAtHand(["accepted", "superseded"])]);
  await isTakenAtOnce("what was made meanwhile is not recorded", word, pushed(undefined, { isIdle: false }));
  await isTakenAtOnce("somebody prepares an export", word, pushed(undefined, { isImporting: true }));
  const more = await pushed();
  await more.replica.record([pendingOf(editOf(3))], 3);
  await isTakenAtOnce("the next one waits to leave", word, Promise.resolve(more));
  const nobodys = await forwarding([], { isIdle: true });
  await isTakenAtOnce("it made nothing itself", [changeAtHand(12), answersAtHand([])], Promise.resolve(nobodys));
});

test("B03 B05 a machine at rest does nothing at the end of a turn; with an edit that waits, or on a damaged copy, it does not rest", async (t) => {
  const nothing = await forwarding([], { isIdle: true });
  t.is(await nothing.forwarding.atTurnEnd(), "done");
  t.is(nothing.forwarding.amidTurn(), undefined);
  t.deepEqual(nothing.take(), []);
  const waiting = await forwarding([pendingOf(editOf(1))], { isIdle: true });
  await waiting.forwarding.atTurnEnd();
  t.deepEqual(waiting.take(), ["record", "push 1"]);
  nothing.replica.mustBeWhole = () => {
    throw new Error("damaged");
  };
  t.throws(() => nothing.forwarding.atTurnEnd(), { message: "damaged" });
});

test("B03 what came first is over once all is recorded: then it leaves with the same turn", async (t) => {
  const recorded = { isImporting: true };
  const client = await forwarding([], recorded, false, false, () => {
    recorded.isImporting = false;
  });
  client.made.push(pendingOf(editOf(1)));
  await client.forwarding.atTurnEnd();
  t.deepEqual(client.take(), ["record", "push 1"]);
});

test("M34 amid an import nothing leaves while something else comes first; after its last piece what is new is recorded at once again", async (t) => {
  const state = { isImporting: false, isImport: true };
  const client = await forwarding([], state);
  client.made.push(pendingOf(editOf(1)));
  t.is(await client.forwarding.atTurnEnd(), "more");
  await client.replica.write([client.replica.pending.remove(1), client.replica.pending.add(pendingOf(editOf(2)))], {});
  client.take();
  state.isImporting = true;
  await client.forwarding.amidTurn();
  t.deepEqual(client.take(), ["record"]);
  state.isImporting = false;
  state.isImport = false;
  await client.forwarding.atTurnEnd();
  client.take();
  await client.forwarding.amidTurn();
  t.deepEqual(client.take(), ["record", "repeat"]);
});

test("P7 M34 who has more waiting than a push takes does not push before the answers are taken: the fleet's edits come in between", async (t) => {
  const all = Array.from({ length: LIMITS.pushedAtOnce + 1 }, (_, index) => pendingOf(editOf(index + 1)));
  const client = await forwarding(all);
  client.forwarding.push();
  client.take();
  const accepted = (count: number) => client.forwarding.beforeTurn([answersAtHand(new Array(count).fill("accepted"))]);
  await accepted(LIMITS.pushedAtOnce);
  t.deepEqual(client.take(), ["record", "repeat"]);
  await client.replica.write([client.replica.pending.remove(1)], {});
  await accepted(LIMITS.pushedAtOnce);
  t.deepEqual(client.take(), ["record", `push ${LIMITS.pushedAtOnce + 1}`]);
});

test("B05 what comes amid the rest is taken after what was there", async (t) => {
  const client = await forwarding([pendingOf(editOf(1))], { isIdle: true });
  client.forwarding.push();
  const inbox = new Inbox();
  const taken = next(client, inbox, new AbortController().signal);
  const events = [changeAtHand(12), answersAtHand(["accepted"]), changeAtHand(13)];
  for (const event of events.slice(0, 2)) inbox.put(event);
  await client.clock.advance(1);
  for (const event of events.slice(2)) inbox.put(event);
  t.deepEqual(await taken, events);
});

test("B05 who stops amid the rest takes what there is", async (t) => {
  const client = await forwarding([pendingOf(editOf(1))], { isIdle: true });
  client.forwarding.push();
  const inbox = new Inbox();
  const stop = new AbortController();
  const taken = next(client, inbox, stop.signal);
  inbox.put(changeAtHand(12));
  inbox.put(answersAtHand(["accepted"]));
  await client.clock.advance(1);
  stop.abort();
  t.is((await taken).length, 2);
  t.is(client.clock.waits, 0);
});

test("an edit counts as saved when its mark is in the copy, or when the stores have to keep it for now; a client that ends says so", async (t) => {
  const replica = await replicaOf(new MemoryStorage(), { mark: 4 }, []);
  let outcome = "done";
  let isWhole = true;
  const mustBeWhole = () => {
    if (!isWhole) throw new Error("damaged");
  };
  const log: string[] = [];
  const recording = new Recording({
    recorder: { hasNews: false, record: async () => outcome },
    replica: {
      mustBeWhole,
      get head() {
        return replica.head;
      },
    },
    log: { write: ({ kind }: { readonly kind: string }) => log.push(kind) },
    onStatus: () => undefined,
  } as never);
  t.is(await recording.recorded(4), "recorded");
  t.true(recording.isIdle);
  const told: string[] = [];
  const ask = (mark: number) => void recording.recorded(mark).then((how) => told.push(`${mark} ${how}`));
  ask(5);
  ask(6);
  t.false(recording.isIdle, "somebody waits to be told");
  await replica.write([], { mark: 5 });
  await recording.recordSome();
  await new Promise(setImmediate);
  t.deepEqual(told, ["5 recorded"]);
  for (const kept of ["full", "put-off"]) {
    outcome = kept;
    t.is(await recording.recordSome(), "done");
    t.is(await recording.recorded(9), "recorded", kept);
    t.false(recording.isIdle, "the stores have something still");
  }
  outcome = "done";
  await recording.recordSome();
  t.deepEqual(log, ["edits-wait"]);
  ask(8);
  recording.end();
  await new Promise(setImmediate);
  t.deepEqual(told.slice(1), ["6 recorded", "8 ended"]);
  isWhole = false;
  await t.throwsAsync(recording.recordSome(), { message: "damaged" }, "nothing is recorded on what is damaged");
});

const JOIN = joinId("7".repeat(16));
const entryOf = (key: string, value: Entry["value"] = "x"): Entry => ({ owner: ALICE, item: "shortcut", key, value });

/** The offer of these entries; the value "stays" cannot travel. */
async function offered(entries: readonly Entry[]) {
  const storage = new MemoryStorage();
  const notApplied = await NotAppliedList.open(storage);
  const staying = new Staying({ notApplied, log: new CommunicationLog({ storage, clock: new ManualClock() }) });
  const travel = { outgoing: ({ value }: Entry) => (value === "secret" ? "sealed" : value) };
  const as = { id: JOIN, base: 10 };
  return offerOf({ holding: ALICE, item: undefined, entries, as, lastSequence: 40 }, {
    travel,
    device: DEVICE,
    run: RUN,
    staying,
  } as never);
}

test("P18 an offer names its join, its base and the last edit that it contains; secrets leave sealed, and what cannot travel stays", async (t) => {
  const offers = await offered([entryOf("1"), entryOf("2", "secret"), entryOf("3", "x".repeat(20_000))]);
  if (offers === "too-large") return t.fail();
  t.like(offers, [{ join: JOIN, holding: ALICE, baseRevision: 10, lastSequence: 40, part: 0, of: 1 }]);
  const [{ bytes, deflated } = { bytes: new Uint8Array(), deflated: false }] = offers;
  const edits = unpackRecords(inflateBlock(bytes, deflated, LIMITS.holdingBytesMax)).map((record) => decodeEdit(record));
  t.like(edits, [
    { key: "1", value: "x", id: { device: DEVICE, sequence: 40 } },
    { key: "2", value: "sealed" },
  ]);
  t.is(edits.length, 2);
  t.deepEqual(await offered([entryOf("3", "x".repeat(20_000))]), []);
});

test("P18 more than a server takes at once is not offered", async (t) => {
  const count = Math.ceil(LIMITS.holdingBytesMax / 16_000);
  t.is(await offered(Array.from({ length: count }, (_, index) => entryOf(`${index}`, "x".repeat(16_000)))), "too-large");
});

test("P18 P19 what the base holds is of this machine's offer where the join says so, or where it was brought of this machine since", async (t) => {
  const other = deviceId("b".repeat(32));
  const brought = (revision: number, more: object) => ({ revision, edit: { ...editOf(revision), why: "brought", ...more } }) as never;
  const isOf = async (adopted: Holding["adopted"], entries: readonly never[] = [], as: JoinId | undefined = JOIN) => {
    const replica = await replicaOf(new MemoryStorage(), {}, [], { entries });
    return await isOfOffer(ALICE, { since: 5, adopted }, as === undefined ? undefined : { id: as, base: 6 }, { replica, device: DEVICE });
  };
  t.true(await isOf({ device: DEVICE, join: JOIN }));
  t.false(await isOf({ device: DEVICE, join: joinId("8".repeat(16)) }), "another join of this machine");
  t.false(await isOf({ device: other, join: JOIN }));
  t.false(await isOf({ device: other, join: JOIN }, [brought(8, {})]));
  t.true(await isOf(undefined, [brought(8, {})]));
  t.false(await isOf(undefined, [brought(6, {})]), "from before the offer");
  t.false(await isOf(undefined, [brought(8, { why: "first" })]));
  t.false(await isOf(undefined, [brought(8, { id: { ...editOf(8).id, device: other } })]));
  t.false(await isOf(undefined, []));
});

test("M12 M13 M19 what is offered is what the base does not hold: owners and lists whole, items that are shared again by themselves", async (t) => {
  const [bob, carol, dave] = ["user:bob", "user:carol", "user:dave"] as [Owner, Owner, Owner];
  const held = (since: number) => ({ since, adopted: undefined });
  const here: readonly Entry[] = [
    entryOf("1"),
    { ...entryOf("j"), item: "timeline" },
    { ...entryOf("b"), owner: bob },
    // Nothing of these two travels.
    { ...entryOf("n"), owner: carol, item: "of-a-newer-version" },
    { ...entryOf("o"), owner: dave, item: "personal-button" },
  ];
  const missing = async (holdings: OwnerRecord["holdings"] | undefined, renewed = 0) => {
    const stores = {
      owners: async () => new Set([dave, carol, bob, ALICE]),
      read: async (owner: Owner) => here.filter((entry) => entry.owner === owner),
    };
    const travel = { isShared: (item: string) => item !== "personal-button" };
    const base = new Map<Owner, OwnerRecord>();
    if (holdings !== undefined) base.set(ALICE, { ...NEW_OWNER, holdings }).set(bob, { ...NEW_OWNER, holdings: { "": held(1) } });
    const scopes = new Map([["timeline", { scope: "shared", since: renewed, renewed } as const]]);
    return await missingIn(async () => base, scopes, { stores, travel } as never);
  };
  t.deepEqual(await missing(undefined), [ALICE, bob], "in one order on every machine");
  t.deepEqual(await missing({}), [ALICE]);
  t.deepEqual(await missing({ "": held(3) }), []);
  t.deepEqual(await missing({ "": held(3) }, 5), [`item/timeline/${ALICE}`], "held since before it was shared again");
  t.deepEqual(await missing({ "": held(5) }, 5), [], "whoever began with that change has all there is");
  t.deepEqual(await missing({ "": held(3), "item/timeline": held(6) }, 5), [], "somebody has supplied it");
});

test("P5 an owner that a push has begun is held in what it set, and in what was held before", (t) => {
  const edit = editOf(1);
  t.deepEqual(withList(undefined, edit, 7), { ...NEW_OWNER, holdings: { "": { since: 7, adopted: undefined } } });
  const before = { ...NEW_OWNER, holdings: { "item/timeline": { since: 3, adopted: undefined } } };
  t.deepEqual(Object.keys(withList(before, edit, 7).holdings).sort(), ["", "item/timeline"]);
});
