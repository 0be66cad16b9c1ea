/** What a server's loop makes of each message of its machines: who is in session, who pushes, who leaves, and what is said to whom. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { DEFAULT_CONFIG } from "../../../src/model/config.ts";
import { type DeviceId, deviceId, epochId, fleetId, sessionId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Down } from "../../../src/protocol/down.ts";
import { encodeEdit } from "../../../src/protocol/edit.ts";
import type { Envelope } from "../../../src/protocol/envelope.ts";
import type { Hello } from "../../../src/protocol/hello.ts";
import type { Up, UpBody } from "../../../src/protocol/up.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { digestsOf } from "../../../src/roles/digests.ts";
import { JournalTime } from "../../../src/roles/server/journal-time.ts";
import { carryOut, Machines } from "../../../src/roles/server/machines.ts";
import { OwnerTable } from "../../../src/roles/server/owner-table.ts";
import { ScopeTable } from "../../../src/roles/server/scope-table.ts";
import { SyncServer } from "../../../src/roles/server/server.ts";
import { SnapshotParts } from "../../../src/roles/server/snapshot-parts.ts";
import { Succession } from "../../../src/roles/server/succession.ts";
import { UserNotices } from "../../../src/roles/server/user-notices.ts";
import { Journal } from "../../../src/store/journal.ts";
import type { Rival } from "../../../src/store/stood-down.ts";
import { MachineNames } from "../../../src/store/machine-names.ts";
import { ManualClock, settle } from "../../contract/manual-clock.ts";
import { seededRandom } from "../../link/lan.ts";
import { ALICE, DEVICE, editOf, RUN } from "./own-copy.ts";
import { HELLO } from "./own-exchange.ts";

const SERVER = deviceId("5e".repeat(16));
const FLEET = fleetId("f".repeat(32));
const EPOCH = { number: 1, id: epochId("e".repeat(16)) };
const POLICY = { loginService: "local", domains: [], departments: { on: false, ids: [] }, groups: [] };

/** A server that runs, with one machine that was paired. */
async function running(stoodDown?: Rival) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const journal = await Journal.open(storage, () => ({ fleet: FLEET, epoch: { ...EPOCH, first: 1 } }));
  const journalTime = await JournalTime.open(storage, clock);
  const machines = await Machines.open(storage);
  const pin = () => carryOut(machines.pin({ device: DEVICE, serialNumber: "1", deviceName: "a" }, 0), storage);
  await pin();
  const log = new CommunicationLog({ storage, clock });
  const random = seededRandom("server");
  let said: [to: DeviceId | "all", message: Down][] = [];
  let hear: (from: DeviceId, message: Up, by: "network") => void = () => undefined;
  const power = { holds: 0, renewed: 0 };
  const setup = { isStopped: false };
  const server = new SyncServer({
    ...{ journal, journalTime, machines, storage, clock, log, random, config: DEFAULT_CONFIG, device: SERVER, run: RUN },
    owners: await OwnerTable.open(journal.view()),
    scopes: await ScopeTable.open(journal.view()),
    names: await MachineNames.open(storage, clock),
    succession: new Succession({ journal, journalTime, storage, random, log, stoodDown }),
    snapshotParts: new SnapshotParts(journal),
    notices: new UserNotices({ log, config: DEFAULT_CONFIG }),
    link: {
      onMessage: (listener) => void (hear = listener),
      onGone: () => undefined,
      send: (to, message) => void said.push([to, message]),
      broadcast: (message) => void said.push(["all", message]),
      cut: () => undefined,
      close: async () => undefined,
    },
    power: {
      holdFromFullSleep: () => {
        power.holds += 1;
        return { renew: () => void (power.renewed += 1), release: () => void (power.holds -= 1) };
      },
      wakeOn: () => () => undefined,
      onState: () => () => undefined,
    } as never,
    users: { policy: () => POLICY, onPolicy: () => () => undefined, loggedIn: () => undefined } as never,
    restrictions: { maxUsersPolicy: () => "delete-oldest" } as never,
    networkPlaces: "0",
    protocol: { min: 1, max: 2 },
    ownClient: () => false,
    onStatus: () => undefined,
    isStopped: () => setup.isStopped,
  });
  const over = new AbortController();
  const ended = server.run(over.signal);
  let counter = 0;
  let session: Envelope["session"];
  /** What is said to it, or to all, when it says this. */
  const say = async (body: UpBody, other: Partial<Envelope> = {}): Promise<string[]> => {
    said = [];
    counter += 1;
    hear(DEVICE, { envelope: { version: 2, fleet: FLEET, epoch: EPOCH, from: DEVICE, session, counter, ...other }, body }, "network");
    for (let turns = 0; turns < 5; turns += 1) await settle();
    session =
      said.find(
        ([
          ,
          {
            body: { kind },
          },
        ]) => kind === "welcome",
      )?.[1].envelope.session ?? session;
    return said.map(
      ([
        to,
        {
          body: { kind },
        },
      ]) => (to === "all" ? `> ${kind}` : kind),
    );
  };
  let number = 0;
  const hello = (other: Partial<Hello> = {}): Promise<string[]> => {
    number += 1;
    const digests = { ...digestsOf(POLICY as never), networkPlaces: "0" };
    return say({ ...HELLO, digests, number, ...other }, { session: undefined });
  };
  const end = async (isStopped = false) => {
    said = [];
    setup.isStopped = isStopped;
    over.abort();
    await ended;
  };
  const logged = () => log.records().map(({ note }) => note?.kind);
  return { server, power, storage, clock, machines, pin, say, hello, end, logged, journal, told: () => said };
}

const push = (number: number): UpBody => ({ kind: "push", number, edits: [encodeEdit(editOf(number))] });
const beat = (waiting: number): UpBody => ({ kind: "client-beat", loggedIn: [ALICE], waiting });

test("P13 P14 a push of another epoch or session changes nothing, and its machine has to say hello; one of this epoch is decided", async (t) => {
  const { say, hello, end, journal } = await running();
  t.deepEqual(await say(push(1)), ["server-end"], "before a hello");
  t.deepEqual(await hello(), ["welcome"]);
  for (const epoch of [{ ...EPOCH, number: 2 }, { ...EPOCH, id: epochId("d".repeat(16)) }, undefined])
    t.deepEqual(await say(push(1), { epoch }), ["server-end"]);
  t.deepEqual(await say(push(1), { session: sessionId("0".repeat(16)) }), ["server-end"]);
  t.is(journal.position.revision, 0);
  t.deepEqual(await say(push(1)), ["> changes", "answers"]);
  await end();
});

test("B01 whoever only looks takes no place, is not told of as new, and pushes nothing", async (t) => {
  const { server, say, hello, end, machines, logged, journal } = await running();
  t.deepEqual(await hello({ purpose: "preview" }), ["welcome"]);
  t.deepEqual(await say(push(1)), ["server-end"]);
  t.deepEqual([machines.get(DEVICE)?.placed, journal.position.revision, server.registered()], [false, 0, []]);
  t.false(logged().includes("machine-registered"));
  await hello();
  t.true(logged().includes("machine-registered"));
  await end();
});

test("B07 P14 what a machine says again, or what was overtaken, tells nothing of what waits on it now", async (t) => {
  const { server, say, hello, end } = await running();
  await hello();
  t.deepEqual(await say(beat(3), { counter: 50 }), []);
  await say(beat(7), { counter: 50 });
  await say(beat(8), { counter: 49 });
  t.like(server.registered(), [{ operating: true, waiting: 3 }]);
  await say(beat(0), { counter: 51 });
  t.is(server.registered()[0]?.waiting, undefined);
  await end();
});

test("M02 M11 who stops leaves its place, and who sleeps keeps it; one that was paired anew is another beginning", async (t) => {
  const { server, say, hello, pin, end, machines } = await running();
  await hello();
  t.deepEqual(await say({ kind: "client-end", reason: "sleep" }), []);
  t.like(server.registered(), [{ operating: false }]);
  t.deepEqual(await say({ kind: "client-end", reason: "stopped" }), [], "it is in no session, and hears nothing");
  t.true(machines.get(DEVICE)?.placed);
  await hello();
  await pin();
  await say({ kind: "client-end", reason: "stopped" });
  t.true(machines.get(DEVICE)?.placed, "paired anew meanwhile");
  await hello();
  await say({ kind: "client-end", reason: "stopped" });
  t.is(machines.get(DEVICE), undefined);
  await end();
});

test("M10 whoever is refused is in session no more, whatever session it had", async (t) => {
  const { server, say, hello, end } = await running();
  await hello();
  t.deepEqual(await hello({ digests: { ...digestsOf(POLICY as never), domains: "other", networkPlaces: "0" } }), ["refuse"]);
  t.like(server.registered(), [{ operating: false }]);
  t.deepEqual(await say(push(1)), ["server-end"]);
  await end();
});

test("P4 B05 each beat goes to all while anybody is in session, and journal time is durable at least every ten seconds", async (t) => {
  const { clock, storage, say, hello, end, told } = await running();
  await hello();
  for (let ms = 0; ms < 3 * LIMITS.journalTimeMs; ms += LIMITS.beatMs) {
    await say(beat(0));
    await clock.advance(LIMITS.beatMs);
  }
  t.deepEqual(
    told().map(([to, { body }]) => [to, body.kind]),
    [["all", "server-beat"]],
  );
  const later = new ManualClock("after a power-off");
  later.stepWall(-86_400_000);
  const now = new ManualClock();
  await now.advance(clock.monotonicMs() - now.monotonicMs() - LIMITS.journalTimeMs - LIMITS.beatMs);
  t.true((await JournalTime.open(storage, later)).now() >= now.wallMs());
  await say({ kind: "client-end", reason: "off" });
  await clock.advance(3 * LIMITS.beatMs);
  t.deepEqual(told(), [], "nobody is there to hear it");
  await end();
});

test("M28 B07 a server machine stays awake for a lease after a start, and then as long as a machine operates: by one hold, renewed with each beat", async (t) => {
  const { power, clock, say, hello, end } = await running();
  t.is(power.holds, 1);
  await clock.advance(LIMITS.leaseMs - 1);
  t.is(power.holds, 1);
  await clock.advance(1);
  t.is(power.holds, 0);
  await hello();
  t.is(power.holds, 1);
  const { renewed } = power;
  await clock.advance(LIMITS.beatMs);
  await say(beat(0));
  t.deepEqual([power.holds, power.renewed], [1, renewed + 1]);
  await clock.advance(LIMITS.leaseMs);
  t.is(power.holds, 0, "it was not heard for a lease");
  await hello();
  await say({ kind: "client-end", reason: "sleep" });
  t.is(power.holds, 0);
  await hello();
  await end();
  t.is(power.holds, 0);
});

test("M18 until a lease after a start nobody knows who operates: whoever has a place may", async (t) => {
  const { server, machines, clock, end } = await running();
  machines.place(DEVICE, { ...HELLO, number: 1 }, 0).take();
  const scopes = new Map([["timeline", "device-specific"]] as const);
  t.like(await server.orders.setSharing(scopes), { word: "machines-operating" });
  await clock.advance(LIMITS.leaseMs);
  t.is(await server.orders.setSharing(scopes), "done");
  await end();
});

test("M11 a server that ends says whether it was stopped, and answers who still asks for something", async (t) => {
  for (const [isStopped, reason] of [
    [false, "off"],
    [true, "stopped"],
  ] as const) {
    const { server, hello, end, told } = await running();
    await hello();
    await end(isStopped);
    t.like(
      told().map(([, { body }]) => body),
      [{ kind: "server-end", reason }],
    );
    t.deepEqual(await server.orders.deleteOwner(ALICE), { word: "server-not-running" });
  }
});

test("B06 a server that has stood down is asked in vain, refuses its machines, and keeps its own machine awake for nobody", async (t) => {
  const { server, power, hello, end } = await running({ number: 2, mandate: undefined });
  t.deepEqual(await server.orders.deleteOwner(ALICE), { word: "stood-down" });
  t.deepEqual(await hello(), ["refuse"]);
  t.deepEqual([server.status().state, server.registered(), power.holds], ["stood-down", [], 0]);
  await end();
});
