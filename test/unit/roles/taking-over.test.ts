/** What a machine goes on from that takes the place of a lost server, when it may, and what it then looks for at the one that returns. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { must } from "../../../src/model/assert.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { SyncError } from "../../../src/model/errors.ts";
import { deviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { unpackPart } from "../../../src/protocol/part.ts";
import { Bringing } from "../../../src/roles/client/bringing.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { inherit } from "../../../src/roles/inheritance.ts";
import { JournalTime } from "../../../src/roles/server/journal-time.ts";
import { Setup } from "../../../src/roles/setup.ts";
import { takeOver } from "../../../src/roles/take-over.ts";
import { unpackAnswers } from "../../../src/store/device-answers.ts";
import { noteFormerServer } from "../../../src/store/former-servers.ts";
import { Journal } from "../../../src/store/journal.ts";
import { answersKey, machineKey } from "../../../src/store/journal-keys.ts";
import { COPY_OF, entryKey } from "../../../src/store/keys.ts";
import { readPredecessors } from "../../../src/store/predecessor.ts";
import type { ReplicaHead } from "../../../src/store/replica-head.ts";
import { Segments } from "../../../src/store/segments.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { ALICE, at, DEVICE, editOf, replicaOf, RUN, type Standings } from "./own-copy.ts";

const SERVER = deviceId("5e".repeat(16));
const ANOTHER = deviceId("b".repeat(32));
const { fleet, epoch } = at(0);
const signal = new AbortController().signal;
const silent = () => new SyncError("server-unreachable", "nobody answers");
const standing = (revision: number, key: string, other: Partial<Parameters<typeof editOf>[1]> = {}) =>
  ({ revision, edit: { ...editOf(revision, { key, ...other }), why: "first" } }) as const;

interface World {
  readonly head?: Partial<ReplicaHead>;
  readonly standings?: Standings;
  /** What the machine's own server function, and its client function, say. */
  readonly server?: string;
  readonly client?: { readonly state: string; readonly refusal?: { readonly word: string } };
  readonly isServerModel?: boolean;
  /** Why its server function cannot start. */
  readonly refusal?: { readonly word: string };
  /** Who answers at the server's address. */
  readonly answers?: typeof SERVER;
}

/** A client at revision 10 whose server is lost. */
async function heir({ head = {}, standings = {}, server, client, answers, refusal, isServerModel = true }: World) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const keyStore = { seal: async (bytes: Uint8Array) => bytes, open: async (bytes: Uint8Array) => bytes };
  const device = { capabilities: { server: isServerModel, networkPlaces: "" }, keyStore } as never;
  const random = (bytes: number) => new Uint8Array(bytes).fill(7);
  const setup = new Setup({ storage, device, random });
  const replica = await replicaOf(storage, { lineage: [{ ...epoch, first: 1 }], ...head }, [], standings);
  const paired = { server: SERVER, fleetSecret: Uint8Array.of(3) };
  const how = { searchDepth: 2, account: "", startedInBoot: "b", password: undefined, expected: undefined };
  await setup.set({ client: { ...how, destination: "10.0.0.1", paired } });
  const contact = async () => {
    if (answers === undefined) throw silent();
    return { server: answers, close: () => undefined };
  };
  const aside = <T>(act: () => Promise<T>) => act();
  const parts = {
    hal: { storage, clock, device },
    config: DEFAULT_CONFIG,
    links: { firstContact: contact },
    random,
    setup,
    device: DEVICE,
    log: new CommunicationLog({ storage, clock }),
    server: { status: () => server && { state: server }, refusal: async () => refusal, aside, settled: async () => undefined },
    client: { status: () => client, aside },
    signal,
  };
  const take = async () => {
    const outcome = await takeOver(parts as never);
    return outcome === "done" ? outcome : outcome.word;
  };
  return { storage, clock, replica, setup, take };
}

const OFFLINE = { state: "offline" };
const STOOD_DOWN = { state: "refused", refusal: { word: "stood-down" } };

test("B06 when a machine may take the place of its server, as a table", async (t) => {
  const rows: readonly (readonly [what: string, world: World, outcome: "done" | "server-alive"])[] = [
    ["nobody answers", { client: OFFLINE }, "done"],
    ["another machine answers there", { client: OFFLINE, answers: ANOTHER }, "done"],
    ["the server answers, though it does not serve this machine now", { client: OFFLINE, answers: SERVER }, "server-alive"],
    ["it answers and refuses this machine", { client: { state: "refused", refusal: { word: "full" } }, answers: SERVER }, "server-alive"],
    ["it answers that it has stood down", { client: STOOD_DOWN, answers: SERVER }, "done"],
    ["this machine is in session with it", { client: { state: "synchronized" } }, "server-alive"],
    ["this machine joins it", { client: { state: "joining" } }, "server-alive"],
    ["somebody imports here", { client: { state: "paused" } }, "server-alive"],
    ["this machine has to be started anew first", { client: { state: "restart-needed" } }, "done"],
    ["the client function does not run yet", {}, "done"],
    ["this machine serves itself", { client: OFFLINE, server: "running" }, "server-alive"],
  ];
  for (const [what, world, outcome] of rows) t.is(await (await heir(world)).take(), outcome, what);
});

test("B06 nobody takes over who cannot serve, was never let in, or has no copy", async (t) => {
  const client = await heir({ client: OFFLINE, isServerModel: false });
  t.is(await client.take(), "not-a-server-model");
  const unpaired = await heir({ client: OFFLINE });
  const { client: set } = unpaired.setup.state;
  await unpaired.setup.set({ client: set && { ...set, paired: undefined } });
  t.is(await unpaired.take(), "client-not-running");
  const stopped = await heir({ client: OFFLINE });
  await stopped.setup.set({ client: undefined });
  t.is(await stopped.take(), "client-not-running");
  const empty = await heir({ client: OFFLINE, head: { position: undefined } });
  t.is(await empty.take(), "client-not-running");
});

test("B06 an heir whose server said nothing of its epochs goes on from the one it was in; nothing of a large copy is lost", async (t) => {
  const text = "x".repeat(16_000);
  const entries = Array.from({ length: Math.ceil((2.5 * LIMITS.partBytesTarget) / text.length) }, (_, index) =>
    standing(8, `${100 + index}`, { value: { text } }),
  );
  const { storage, take } = await heir({ client: OFFLINE, head: { lineage: [] }, standings: { entries } });
  t.is(await take(), "done");
  const journal = await Journal.open(storage, () => ({ fleet, epoch: { ...epoch, first: 1 } }));
  t.like(journal.lineage, [
    { ...epoch, first: 1 },
    { number: epoch.number + 1, first: 11 },
  ]);
  t.is((await journal.part("", Number.POSITIVE_INFINITY)).records.length, entries.length);
});

test("B06 a machine that may not serve, for want of its own time say, takes no place", async (t) => {
  const { storage, take } = await heir({ client: OFFLINE, refusal: { word: "clock-not-right" } });
  t.is(await take(), "clock-not-right");
  t.is(await storage.get("s/meta"), undefined);
});

test("B06 P12 the heir serves what its copy held, in an epoch of its own that begins with the next change, and takes part by itself", async (t) => {
  const { storage, setup, take } = await heir({ client: OFFLINE, standings: { entries: [standing(5, "1")] } });
  t.is(await take(), "done");
  const journal = await Journal.open(storage, () => ({ fleet, epoch: { ...epoch, first: 1 } }));
  t.is(journal.position.revision, 10);
  t.deepEqual(
    journal.lineage.map(({ number, first, born }) => [number, first, born]),
    [
      [epoch.number, 1, undefined],
      [epoch.number + 1, 11, "promotion"],
    ],
  );
  const { records } = await journal.part("", LIMITS.partBytesTarget);
  t.deepEqual(keysOf(records), [entryKey(editOf(5, { key: "1" }))]);
  t.true(setup.state.server);
  const { destination, searchDepth, paired } = setup.state.client ?? {};
  t.deepEqual([destination, searchDepth, paired], ["localhost", undefined, undefined]);
});

test("P6 B06 of each machine the heir knows how far its edits were decided: what it pushes again is not decided anew", async (t) => {
  const { storage, take } = await heir({ client: OFFLINE, standings: { entries: [standing(5, "1"), standing(8, "2")] } });
  t.is(await take(), "done");
  const answers = unpackAnswers(must(await storage.get(answersKey(DEVICE)), "answers"));
  t.deepEqual([...answers.marks], [[RUN, 8]]);
});

test("B06 the heir is to tell the server it was joined to, and those it had left before, but not itself", async (t) => {
  const { storage, take } = await heir({ client: OFFLINE });
  await storage.write([{ key: COPY_OF, value: Uint8Array.of(1) }]);
  for (const server of [ANOTHER, DEVICE]) await noteFormerServer(storage, { server, destination: "10.0.0.2" });
  t.is(await take(), "done");
  t.deepEqual(await readPredecessors(storage), [
    { server: SERVER, destination: "10.0.0.1", isTold: false },
    { server: ANOTHER, destination: "10.0.0.2", isTold: false },
  ]);
});

test("B06 P29 a copy of which a part was found damaged is not installed: what is in that part would be gone from the whole fleet", async (t) => {
  const { storage, replica, take } = await heir({ client: OFFLINE, standings: { entries: [standing(5, "1")] } });
  await storage.write([(await Segments.open(storage, replica.head.generation)).damage()]);
  await t.throwsAsync(take(), { instanceOf: SyncError, code: "storage-damaged" });
});

test("B06 P4 journal time goes on from the latest that the heir knows of: what it heard, the newest entry, the last change", async (t) => {
  const late = 6e13;
  const heard = { time: late, boot: "another", monotonicMs: 0 };
  const worlds: readonly World[] = [
    { head: { heard } },
    { head: { at: late } },
    { standings: { entries: [standing(5, "1", { stamp: late })] } },
  ];
  for (const world of worlds) {
    const { storage, clock, take } = await heir({ client: OFFLINE, ...world });
    t.is(await take(), "done");
    t.is((await JournalTime.open(storage, clock)).now(), late);
    const journal = await Journal.open(storage, () => ({ fleet, epoch: { ...epoch, first: 1 } }));
    t.true((journal.lineage.at(-1)?.mandate?.at ?? 0) >= late, "and so does the mandate");
  }
});

test("B06 a power-on that goes on reckons with its own time, not with the date", async (t) => {
  const { storage, clock, take } = await heir({ client: OFFLINE, head: { heard: { time: 5_000, boot: "boot-1", monotonicMs: 400 } } });
  t.is(await take(), "done");
  t.is((await JournalTime.open(storage, clock)).now(), 5_600);
});

test("M02 B06 who was the fleet's server before still knows the machines that have a place in it", async (t) => {
  const { storage, take } = await heir({ client: OFFLINE });
  await Journal.open(storage, () => ({ fleet, epoch: { ...epoch, first: 1 } }));
  await storage.write([{ key: machineKey(ANOTHER), value: Uint8Array.of(1) }]);
  t.is(await take(), "done");
  t.deepEqual(await storage.get(machineKey(ANOTHER)), Uint8Array.of(1));
});

const keysOf = (records: readonly (readonly [string, Uint8Array])[]): string[] => records.map(([key]) => key);

test("B06 what was made beyond what a restore undid is brought, and nothing before it; owners before their entries", async (t) => {
  const entries = [standing(4, "1"), standing(7, "2"), standing(8, "3")];
  const replica = await replicaOf(new MemoryStorage(), {}, [], { owners: { [ALICE]: { revision: 8 } }, entries });
  const bringing = new Bringing(replica, { common: 5, undoneTo: 7 });
  const owners = must(await bringing.next(), "owners");
  t.is(owners.common, 5);
  t.deepEqual(keysOf(unpackPart(owners.bytes)), [`o/${ALICE}`]);
  t.deepEqual(keysOf(unpackPart(must(await bringing.next(), "entries").bytes)), [entryKey(editOf(1, { key: "3" }))]);
  t.is(await bringing.next(), undefined);
});

test("B06 what does not fit one message follows in the next, each record once", async (t) => {
  const text = "x".repeat(16_000);
  const count = Math.ceil((2.5 * LIMITS.partBytesTarget) / text.length);
  const entries = Array.from({ length: count }, (_, index) => standing(8, `${100 + index}`, { value: { text } }));
  const replica = await replicaOf(new MemoryStorage(), {}, [], { entries });
  const bringing = new Bringing(replica, { common: 0, undoneTo: 0 });
  const brought: string[][] = [];
  for (let bring = await bringing.next(); bring !== undefined && brought.length < 4; bring = await bringing.next()) {
    t.is(bring.number, brought.length + 1);
    brought.push(keysOf(unpackPart(bring.bytes)));
  }
  t.is(brought.length, 3);
  t.deepEqual(
    brought.flat(),
    entries.map(({ edit }) => entryKey(edit)),
  );
});

test("B06 a look at the machine that returns begins with nothing of one that a kill has cut off, and leaves nothing when it fails", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([{ key: "i/c/meta-of-before", value: Uint8Array.of(1) }]);
  const aside = async () => {
    const keys: string[] = [];
    for await (const [key] of storage.range({ from: "i/", to: "i0" })) keys.push(key);
    return keys;
  };
  const found: string[][] = [];
  const link = {
    state: "down",
    onState: (tell: (state: string, why: unknown) => void) => tell("down", silent()),
    onMessage: () => undefined,
    close: async () => void found.push(await aside()),
  };
  const parts = {
    hal: {
      storage,
      clock: new ManualClock(),
      device: { capabilities: { networkPlaces: "" } },
      users: { policy: () => ({ loginService: "off", domains: [], departments: { ids: [] }, groups: [] }) },
    },
    config: DEFAULT_CONFIG,
    links: { connect: () => link },
    device: DEVICE,
    random: (bytes: number) => new Uint8Array(bytes),
    journal: await Journal.open(new MemoryStorage(), () => ({
      fleet: fleetId("1".repeat(32)),
      epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 },
    })),
    other: { inherit: async () => "done" },
  };
  const looking = inherit(parts as never, { server: SERVER, destination: "10.0.0.1", isTold: true }, signal);
  await t.throwsAsync(looking, { code: "server-unreachable" });
  t.deepEqual(found, [[]]);
  t.deepEqual(await aside(), []);
});

test("B06 what was deleted is brought before all entries, for it makes room, and once more in its place", async (t) => {
  const entries = [standing(8, "1"), standing(8, "2", { value: undefined })];
  const bringing = new Bringing(await replicaOf(new MemoryStorage(), {}, [], { entries }), { common: 0, undoneTo: 0 });
  const next = async () => unpackPart(must(await bringing.next(), "a message").bytes).map(([key]) => key.slice(-1));
  t.deepEqual([await next(), await next()], [["2"], ["1", "2"]]);
  t.is(await bringing.next(), undefined);
});
