/** A look at what a server holds (B01, B06): what it takes of what the server says, and when it is given up. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Refusal } from "../../../src/model/refusal.ts";
import type { Changes } from "../../../src/protocol/changes.ts";
import type { DownBody } from "../../../src/protocol/down.ts";
import type { Envelope } from "../../../src/protocol/envelope.ts";
import type { Up } from "../../../src/protocol/up.ts";
import type { Part } from "../../../src/protocol/welcome.ts";
import { Look } from "../../../src/roles/client/look.ts";
import { Replica } from "../../../src/store/replica.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { changesOf, partOf } from "./own-blocks.ts";
import { at, DEVICE } from "./own-copy.ts";
import { ENVELOPE, HELLO, welcomeTo } from "./own-exchange.ts";

const STOOD_DOWN: Refusal = { word: "stood-down" };

/** A look at a server for which the test speaks. What came of it is "seen", a refusal's word, or an error's code. */
async function looking(state: "up" | "down" = "up") {
  const clock = new ManualClock();
  const replica = await Replica.open(new MemoryStorage(), DEVICE);
  const said: string[] = [];
  let hear: (message: { readonly envelope: Envelope; readonly body: DownBody }) => void = () => undefined;
  let change: (now: "up" | "down", why?: SyncError | Refusal) => void = () => undefined;
  const link = {
    state,
    onMessage: (listener: typeof hear) => (hear = listener),
    onState: (listener: typeof change) => (change = listener),
    send: ({ body }: Up) => said.push("after" in body ? `${body.kind} ${body.after === "" ? "first" : "next"}` : body.kind),
    restart: () => undefined,
    close: async () => void said.push("closed"),
  };
  const ending = new AbortController();
  const look = new Look({ link: link as never, replica, clock, device: DEVICE, hello: HELLO, protocol: { min: 1, max: 2 } });
  let came = "";
  const outcome = look.run(ending.signal).then(
    (seen) => (came = seen === "seen" ? "seen" : seen.word),
    (error) => (came = error instanceof SyncError ? error.code : "a bug"),
  );
  await settle();
  const server = async (body: DownBody, envelope: Envelope = ENVELOPE): Promise<string> => {
    hear({ envelope, body });
    await settle();
    return came;
  };
  const changing = async (...how: Parameters<typeof change>): Promise<string> => {
    change(...how);
    await settle();
    return came;
  };
  return { clock, replica, said, server, ending, outcome, change: changing, came: () => came };
}

const SNAPSHOT = { way: { kind: "snapshot", start: at(10), resume: false } } as const;
const WELCOME = welcomeTo(12, SNAPSHOT);
const LAST: Part = partOf("", [1], { end: true, revision: 11 });
const [CHANGES] = changesOf(11, 12) as [Changes];

test("B01 a look asks for the whole state and the changes after it, sees it at the revision that the server named, and says goodbye", async (t) => {
  const { replica, said, server, outcome } = await looking();
  await server(WELCOME);
  await server(partOf("", [1], { revision: 11 }));
  await server(partOf(partOf("", [1]).last, [2], { end: true, revision: 11 }));
  await server(CHANGES);
  t.is(await outcome, "seen");
  t.deepEqual(said, ["hello", "pull-part first", "pull-part next", "pull-changes next", "client-end", "closed"]);
  t.is(replica.position?.revision, 12);
  t.deepEqual(replica.head.lineage, WELCOME.lineage);
});

test("B01 what a part shows beyond the revision that was named has to be reached as well, and so has the named one beyond all parts", async (t) => {
  for (const [named, reach] of [
    [10, 12],
    [12, 10],
  ] as const) {
    const { said, server } = await looking();
    await server(welcomeTo(named, SNAPSHOT));
    await server({ ...LAST, revision: reach });
    const [first, second] = [changesOf(11, 11), changesOf(12, 12)].flat();
    t.is(await server(first as Changes), "", `${named}, ${reach}`);
    t.is(said.at(-1), "pull-changes next");
    t.is(await server(second as Changes), "seen");
  }
});

test("B01 a part that was not asked for, changes before the last part, and what is of another session are passed over", async (t) => {
  const { replica, said, server } = await looking();
  await server(LAST);
  t.is(replica.head.transfer, undefined, "nobody is welcome yet");
  await server(WELCOME);
  await server(CHANGES);
  await server(partOf("e/beyond", [9], { end: true, revision: 11 }));
  await server(LAST, { ...ENVELOPE, session: undefined });
  t.false(replica.head.transfer?.complete);
  await server(LAST);
  await server(LAST);
  t.deepEqual(said, ["hello", "pull-part first", "pull-changes next"]);
  t.is(await server(CHANGES), "seen");
});

test("B01 a look at the server's state wants a snapshot, and takes one welcome: that of its own hello", async (t) => {
  const { said, server } = await looking();
  await server({ ...WELCOME, number: 2 });
  t.deepEqual(said, ["hello"]);
  await server(WELCOME);
  await server(WELCOME);
  t.deepEqual(said, ["hello", "pull-part first"]);
  const other = await looking();
  t.is(await other.server(welcomeTo(12)), "message-malformed", "changes lead nowhere from an empty copy");
});

test("B01 a refusal is told in its own words, that of another hello is passed over", async (t) => {
  const { said, server } = await looking();
  t.is(await server({ kind: "refuse", number: 2, refusal: STOOD_DOWN }), "");
  t.is(await server({ kind: "refuse", number: 1, refusal: STOOD_DOWN }), "stood-down");
  t.deepEqual(said, ["hello", "closed"], "who never came in says no goodbye");
});

test("B01 a server that ends says why, or nothing", async (t) => {
  t.is(await (await looking()).server({ kind: "server-end", reason: "stopped", refusal: STOOD_DOWN }), "stood-down");
  t.is(await (await looking()).server({ kind: "server-end", reason: "stopped" }), "server-unreachable");
});

test("B01 changes that do not follow each other, or pieces out of their order, end the look", async (t) => {
  const [late] = changesOf(12, 12);
  const [, second] = changesOf(11, 12, 2);
  for (const wrong of [late, second]) {
    const { said, server } = await looking();
    await server(WELCOME);
    await server(LAST);
    t.is(await server(wrong as Changes), "server-unreachable");
    t.deepEqual(said.slice(-2), ["client-end", "closed"]);
  }
});

test("B01 changes in pieces are taken when all of them are there", async (t) => {
  const { server } = await looking();
  await server(WELCOME);
  await server(LAST);
  const [first, second] = changesOf(11, 12, 2) as [Changes, Changes];
  t.is(await server(first), "");
  t.is(await server(second), "seen");
});

test("B01 a look begins when its link is up, once; a link that breaks before it began may come up, one that breaks after it ends it", async (t) => {
  const { said, change } = await looking("down");
  t.deepEqual(said, []);
  t.is(await change("down"), "", "it is not up yet");
  await change("up");
  await change("up");
  t.deepEqual(said, ["hello"]);
  t.is(await change("down"), "server-unreachable");
});

test("B01 why a link does not come up is told as it is: a refusal, or an error", async (t) => {
  t.is(await (await looking("down")).change("down", STOOD_DOWN), "stood-down");
  t.is(await (await looking("down")).change("down", new SyncError("address-unusable", "nobody is called so")), "address-unusable");
});

test("B01 a server that is silent for twice as long as an answer may take is given up, counted from its last word", async (t) => {
  const patience = 2 * LIMITS.answerMs;
  const { clock, server, came } = await looking();
  await clock.advance(patience);
  t.is(came(), "");
  await server(WELCOME);
  await clock.advance(patience);
  t.is(came(), "", "it has said something since");
  await clock.advance(LIMITS.beatMs);
  t.is(came(), "server-unreachable");
});

test("B01 a look that is called off ends, also before its link is up", async (t) => {
  for (const state of ["up", "down"] as const) {
    const { said, ending, outcome, clock } = await looking(state);
    ending.abort();
    t.is(await outcome, "server-unreachable");
    t.is(said.at(-1), "closed");
    t.is(clock.waits, 0);
  }
});
