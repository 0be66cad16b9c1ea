/** Offers of a joining machine: what is kept of them at each answer, and what waits for it. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import type { Entry } from "../../../src/model/entry.ts";
import { joinId } from "../../../src/model/ids.ts";
import { COMMON, type Owner } from "../../../src/model/owner.ts";
import { type Change, encodeChange } from "../../../src/protocol/change.ts";
import { packPart } from "../../../src/protocol/part.ts";
import type { Offer, OfferAnswer } from "../../../src/protocol/offer.ts";
import { Joiner } from "../../../src/roles/client/joiner.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { CLIENT_HISTORY, readHistory } from "../../../src/store/history.ts";
import type { OfferState } from "../../../src/store/offers.ts";
import { type PendingEdit, pendingOf } from "../../../src/store/pending.ts";
import { Replica } from "../../../src/store/replica.ts";
import type { ReplicaHead } from "../../../src/store/replica-head.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, at, DEVICE, editOf, replicaOf, RUN, type Standings } from "./own-copy.ts";

const JOIN = joinId("7".repeat(16));
const WANTED: OfferState = { kind: "wanted" };
const NO_CHANGE: Omit<Change, "revision"> = { at: 200, edits: [], removals: [], adoption: undefined, logins: [], scopes: [], purges: [] };
const user = (name: string) => `user:${name}` as Owner;

interface Given {
  readonly offers?: Readonly<Record<string, OfferState>>;
  readonly edits?: readonly PendingEdit[];
  readonly head?: Partial<ReplicaHead>;
  readonly standings?: Standings;
  /** Owners with data on this machine. */
  readonly here?: readonly Owner[];
  /** The newest mark of the machine's stores. */
  readonly mark?: number;
  /** What recording does, where anything is new. */
  readonly record?: (replica: Replica) => Promise<void>;
}

/** A client that has joined at revision 10, with these offers still to be made. */
async function joined({ offers = {}, edits = [], head = {}, standings = {}, here = [], mark = 0, record }: Given) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const replica = await replicaOf(storage, { join: { id: JOIN, base: 10 }, ...head }, edits, standings);
  await replica.write(
    Object.entries(offers).map(([name, state]) => replica.offers.set(name, state)),
    {},
  );
  const shown: string[] = [];
  const fake = { isShowing: true };
  const joiner = new Joiner({
    replica,
    storage,
    clock,
    log: new CommunicationLog({ storage, clock }),
    device: DEVICE,
    run: RUN,
    random: (size) => new Uint8Array(size).fill(1),
    staying: { note: async () => undefined, travelling: <T>(make: () => T) => make() } as never,
    recorder: { record: () => record?.(replica) } as never,
    travel: { isShared: () => true, outgoing: ({ value }: Entry) => value, setScopes: () => undefined } as never,
    stores: {
      mark: () => mark,
      owners: async () => new Set(here),
      read: async (owner: Owner) => (here.includes(owner) ? [{ owner, item: "shortcut", key: "1", value: "x" }] : []),
    } as never,
    shower: {
      showOwner: async (owner: Owner, keep: string | undefined) => {
        if (!fake.isShowing) throw new Error("killed");
        shown.push(`${owner} ${keep}`);
      },
    } as never,
  });
  const answer = (holding: string, outcome: OfferAnswer["outcome"], other: Partial<OfferAnswer> = {}) =>
    joiner.answered({ kind: "offer-answer", join: JOIN, holding, item: undefined, outcome, revision: 12, ...other });
  const messages = async (): Promise<Offer[]> => {
    const said: Offer[] = [];
    await joiner.offer((offer) => said.push(offer));
    return said;
  };
  const offered = async (): Promise<string[]> => (await messages()).map(({ holding }) => holding);
  /** As the next start finds it. */
  const durable = async () => await Replica.open(storage, DEVICE);
  return { storage, replica, joiner, fake, shown, answer, messages, offered, durable };
}

test("P17 what was accepted is known as accepted after the next start", async (t) => {
  const { answer, durable } = await joined({ offers: { [ALICE]: WANTED } });
  await answer(ALICE, "accepted");
  t.deepEqual((await durable()).offers.state(ALICE), { kind: "accepted", revision: 12 });
});

test("P14 P18 the answer to an offer of another join is no answer to this one: it is offered again", async (t) => {
  const { replica, answer, offered } = await joined({ offers: { [ALICE]: WANTED }, here: [ALICE] });
  t.deepEqual(await offered(), [ALICE]);
  for (const outcome of ["accepted", "owner-held", "owner-removed", "too-many-users", "device-specific"] as const)
    await answer(ALICE, outcome, { join: joinId("8".repeat(16)) });
  t.deepEqual(replica.offers.state(ALICE), WANTED);
  t.deepEqual(await offered(), [ALICE]);
});

test("P18 an answer that comes twice is taken once", async (t) => {
  const { replica, shown, answer } = await joined({ offers: { [ALICE]: WANTED } });
  await answer(ALICE, "accepted");
  await answer(ALICE, "owner-held");
  t.deepEqual(replica.offers.state(ALICE), { kind: "accepted", revision: 12 });
  t.deepEqual(shown, []);
});

test("P17 eight offers are under way at once, each until its answer: however many have no room, all are made", async (t) => {
  const names = Array.from({ length: 20 }, (_, index) => user(`u${index + 10}`));
  const { replica, answer, offered } = await joined({ offers: Object.fromEntries(names.map((name) => [name, WANTED])), here: names });
  const made: string[] = [];
  for (let round = await offered(); round.length > 0; round = await offered()) {
    t.true(round.length <= 8);
    t.deepEqual(await offered(), [], "nothing twice");
    for (const name of round) await answer(name, "too-many-users");
    made.push(...round);
  }
  t.deepEqual(made, names);
  t.deepEqual(replica.offers.wanted(), []);
});

test("P17 P19 what the base holds by now leaves its place to the next offers, unanswered as it is", async (t) => {
  const names = Array.from({ length: 12 }, (_, index) => user(`u${index + 10}`));
  const held = { "": { since: 11, adopted: undefined } };
  const owners = Object.fromEntries(names.slice(0, 8).map((name) => [name, { holdings: held }]));
  const offers = Object.fromEntries(names.map((name) => [name, WANTED]));
  const { joiner, offered } = await joined({ offers, here: names, standings: { owners } });
  t.is((await offered()).length, 8);
  await joiner.noticeHeld();
  t.deepEqual(await offered(), names.slice(8));
});

test("P18 an offer names the last edit that it contains: what was made before it is recorded before it is read", async (t) => {
  const record = (replica: Replica) => replica.record([pendingOf(editOf(5))], 5);
  const { messages } = await joined({ offers: { [ALICE]: WANTED }, here: [ALICE], head: { sequence: 4 }, record });
  const [offer] = await messages();
  t.is(offer?.lastSequence, 5);
});

test("P17 P18 an offer that was accepted is over when the base has it: at once where it has it already, or knows that it ended since", async (t) => {
  const adopted = { since: 9, adopted: { device: DEVICE, join: JOIN } };
  const supplied = await joined({ offers: { [ALICE]: WANTED }, standings: { owners: { [ALICE]: { holdings: { "": adopted } } } } });
  await supplied.answer(ALICE, "accepted", { revision: 9 });
  t.deepEqual([supplied.replica.offers.size, supplied.shown], [0, [`${ALICE} superseded`]]);
  for (const [revision, left] of [
    [10, 0],
    [11, 1],
  ] as const) {
    const { joiner, replica } = await joined({ offers: { [ALICE]: { kind: "accepted", revision } } });
    await joiner.noticeHeld();
    t.is(replica.offers.size, left, `accepted at ${revision}, and the base is at 10`);
  }
});

test("M15 P28 an item of an owner who has ended since the offer was found wanted is offered no more; who had ended before was known of", async (t) => {
  for (const [revision, left] of [
    [10, 1],
    [11, 0],
  ] as const) {
    const name = `item/timeline/${ALICE}`;
    const standings = { owners: { [ALICE]: { deleted: { revision, at: 1 } } } };
    const { joiner, replica } = await joined({ offers: { [name]: WANTED }, standings });
    const scope = { scope: "shared", since: 10, renewed: 10, offer: { id: JOIN, base: 10 } } as const;
    await replica.write([replica.scopes.set("timeline", scope)], {});
    await joiner.noticeHeld();
    t.is(replica.offers.size, left, `ended at ${revision}`);
  }
});

test("M22 P19 edits of what the server has no room for are part of what is offered again", async (t) => {
  const edits = [pendingOf(editOf(1)), pendingOf(editOf(2, { owner: user("bob") }))];
  const { joiner, replica, answer, durable } = await joined({ offers: { [ALICE]: WANTED }, edits });
  await answer(ALICE, "too-many-users");
  await joiner.absorbOverLimit();
  for (const copy of [replica, await durable()]) {
    t.deepEqual(
      [...copy.pending.all()].map(({ edit }) => edit.id.sequence),
      [2],
    );
    t.deepEqual(copy.offers.state(ALICE), { kind: "over-limit", word: "too-many-users" });
  }
  await joiner.retryOverLimit();
  t.deepEqual((await durable()).offers.state(ALICE), WANTED);
});

test("P19 an edit waits for the offer that it is part of; a deletion in a common list, which names no list, waits for all of them", async (t) => {
  const { joiner } = await joined({ offers: { [ALICE]: WANTED, "common/1": WANTED } });
  const common = { owner: COMMON, item: "common-address" };
  t.true(joiner.blocks(editOf(1)));
  t.false(joiner.blocks(editOf(1, { owner: user("bob") })));
  t.true(joiner.blocks(editOf(1, { ...common, value: { subdbid: "1" } })));
  t.false(joiner.blocks(editOf(1, { ...common, value: { subdbid: "2" } })));
  t.true(joiner.blocks(editOf(1, { ...common, value: undefined })));
  t.true(joiner.blocks(editOf(1, { value: undefined })));
  t.false(joiner.blocks(editOf(1, { owner: user("bob"), value: undefined })));
  const { joiner: over } = await joined({ offers: { "common/1": { kind: "over-limit", word: "too-many-lists" } } });
  t.false(over.blocks(editOf(1, { ...common, value: undefined })), "what is over a limit is not waited for");
});

test("P17 P19 a machine that dies while it shows who supplied an owner shows it at the next start, and keeps what goes by it", async (t) => {
  const { storage, fake, answer, durable } = await joined({ offers: { [ALICE]: WANTED }, edits: [pendingOf(editOf(1))] });
  fake.isShowing = false;
  await t.throwsAsync(answer(ALICE, "owner-held"), { message: "killed" });
  const { head, offers, pending } = await durable();
  t.deepEqual([head.unshown, offers.size, pending.size], ["owner-held", 0, 0]);
  const kept: string[] = [];
  for await (const { key, because } of readHistory(storage, CLIENT_HISTORY)) kept.push(`${key} ${because}`);
  t.deepEqual(kept, ["1 owner-held"]);
});

test("P17 when it is shown the head says so", async (t) => {
  const { shown, answer, durable } = await joined({ offers: { [ALICE]: WANTED } });
  await answer(ALICE, "owner-held");
  t.deepEqual(shown, [`${ALICE} owner-held`]);
  t.is((await durable()).head.unshown, undefined);
});

test("M15 P18 an owner who has ended since leaves, and is kept where nobody else has it", async (t) => {
  const ends: readonly (readonly [Standings["owners"], accepted: boolean, keep: string | undefined])[] = [
    [{ [ALICE]: { deleted: { revision: 11, at: 1 } } }, false, undefined],
    [{ [ALICE]: { deleted: { revision: 10, at: 1 } } }, false, "owner-removed"],
    [{ [ALICE]: { evicted: { revision: 11, at: 1 } } }, false, "owner-evicted"],
    [{}, false, "owner-removed"],
    [{ [ALICE]: { evicted: { revision: 10, at: 1 } } }, true, undefined],
  ];
  for (const [owners, accepted, keep] of ends) {
    const state: OfferState = accepted ? { kind: "accepted", revision: 9 } : WANTED;
    const { joiner, replica, shown, answer } = await joined({ offers: { [ALICE]: state }, standings: { owners: owners ?? {} } });
    if (accepted) await joiner.noticeHeld([ALICE]);
    else await answer(ALICE, "owner-removed");
    t.deepEqual(shown, [`${ALICE} ${keep}`], JSON.stringify(owners));
    t.is(replica.offers.size, 0);
  }
});

test("P19 what the base holds is on offer no more: superseded by itself where this join supplied it, lost where somebody else did", async (t) => {
  const held = (device: string, join = JOIN): Standings => ({
    owners: { [ALICE]: { holdings: { "": { since: 11, adopted: { device: device.repeat(32) as never, join } } } } },
  });
  const outcome = async (standings: Standings, among?: readonly Owner[]) => {
    const { joiner, shown } = await joined({ offers: { [ALICE]: WANTED }, standings });
    await joiner.noticeHeld(among);
    return shown;
  };
  t.deepEqual(await outcome(held("a")), [`${ALICE} superseded`]);
  t.deepEqual(await outcome(held("b")), [`${ALICE} owner-held`]);
  t.deepEqual(await outcome(held("a", joinId("8".repeat(16)))), [`${ALICE} owner-held`]);
  t.deepEqual(await outcome(held("b"), [user("bob")]), []);
  t.deepEqual(await outcome({}), []);
});

test("P20 what was edited before a join is visible is data of the join: it is recorded by no mark of before", async (t) => {
  const { replica, joiner, durable } = await joined({
    edits: [pendingOf(editOf(1))],
    offers: { [user("carol")]: WANTED },
    here: [ALICE, user("bob")],
    mark: 7,
  });
  await replica.beginTransfer(at(20), 100);
  await replica.storePart({ bytes: packPart([]), last: "", end: true, revision: 20 });
  await replica.replay([encodeChange({ ...NO_CHANGE, revision: 21 })]);
  const offer = { id: JOIN, base: 3 };
  const timeline = replica.scopes.set("timeline", { scope: "device-specific", since: 3, renewed: 0, offer });
  await replica.write([timeline, replica.removed.add(ALICE, { kind: "deleted", at: 1, mark: 1 })], {});
  await joiner.switchAtJoin([]);
  for (const { head, pending, offers, scopes, removed } of [replica, await durable()]) {
    t.deepEqual([head.mark, pending.size, head.join?.base, head.unshown], [7, 0, 21, "replaced-at-join"]);
    t.deepEqual([scopes.items(), removed.size], [[], 0], "what the fleet before had to say of this machine is over");
    t.deepEqual(offers.all(), [
      [ALICE, WANTED],
      [user("bob"), WANTED],
    ]);
  }
});

test("P17 of what is not here any more nothing is offered, and it is wanted no more", async (t) => {
  const { replica, offered } = await joined({ offers: { "user:bob": WANTED, "user:carol": WANTED }, here: [user("carol")] });
  t.deepEqual(await offered(), ["user:carol"]);
  t.deepEqual(replica.offers.wanted(), ["user:carol"]);
});

test("P19 M20 what a damaged copy does not have is no answer to an offer", async (t) => {
  const { replica, joiner, shown } = await joined({ offers: { "user:bob": { kind: "accepted", revision: 9 } }, here: [user("bob")] });
  Object.defineProperty(replica, "isDamaged", { value: true });
  await joiner.noticeHeld();
  t.deepEqual([shown, replica.offers.size], [[], 1]);
});
