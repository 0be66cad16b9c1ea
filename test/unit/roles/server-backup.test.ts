/** M33: what of a backup comes into a server machine's storage, of this fleet and of another one, and which files are none. */
import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { sealFile } from "../../../src/import-export/sealed-file.ts";
import { deviceId, type DeviceId, epochId, fleetId } from "../../../src/model/ids.ts";
import { encodeCbor } from "../../../src/protocol/cbor.ts";
import { encodeAccepted } from "../../../src/protocol/edit.ts";
import { CommunicationLog } from "../../../src/roles/communication-log.ts";
import { JournalTime } from "../../../src/roles/server/journal-time.ts";
import { draftOf } from "../../../src/store/draft.ts";
import { ServerBackup } from "../../../src/roles/server-backup.ts";
import { Setup } from "../../../src/roles/setup.ts";
import { DeviceAnswers, packAnswers } from "../../../src/store/device-answers.ts";
import { Journal } from "../../../src/store/journal.ts";
import { answersKey, machineKey } from "../../../src/store/journal-keys.ts";
import { notePredecessors, readPredecessors } from "../../../src/store/predecessor.ts";
import { type CopyRecord, copyOfServer, packCopy } from "../../../src/store/server-copy.ts";
import { ManualClock } from "../../contract/manual-clock.ts";
import { quickStretcher } from "../../import-export/quick-stretcher.ts";
import { seededRandom } from "../../link/lan.ts";
import { DEVICE, editOf } from "./own-copy.ts";

const PASSPHRASE = "correct horse";
const FLEET = fleetId("f".repeat(32));
const MAKER = deviceId("5e".repeat(16));
const [OLD, TODAY] = [deviceId("1".repeat(32)), deviceId("2".repeat(32))];
const random = seededRandom("backup");
const tools = { random, stretcher: quickStretcher };
const machine = (device: DeviceId) => encodeCbor([device, "SN", "name", "product", "here", true, 1]);

/** A server machine at this revision of this fleet (or with no data), that knows these machines; and what is asked of it. */
async function machineWith({
  fleet = FLEET,
  revision = 0,
  machines = [] as readonly DeviceId[],
  isOwn = false,
  hasData = true,
  isServerModel = true,
} = {}) {
  const storage = new MemoryStorage();
  const clock = new ManualClock();
  const keyStore = { seal: async (bytes: Uint8Array) => bytes, open: async (bytes: Uint8Array) => bytes };
  const device = { capabilities: { server: isServerModel, networkPlaces: "" }, keyStore } as never;
  const setup = new Setup({ storage, device, random });
  if (hasData) {
    const journal = await Journal.open(storage, () => ({ fleet, epoch: { number: 1, id: epochId("e".repeat(16)), first: 1 } }));
    for (let sequence = 1; sequence <= revision; sequence += 1) {
      const edit = { ...editOf(sequence, { key: `${sequence}` }), why: "first" } as const;
      const append = async (transaction: Parameters<Parameters<Journal["commit"]>[1]>[0]) =>
        void (await transaction.append(draftOf([{ edit, bytes: encodeAccepted(edit) }])));
      await journal.commit(1, append, Number.POSITIVE_INFINITY);
    }
    await storage.write(machines.map((each) => ({ key: machineKey(each), value: machine(each) })));
    await setup.set({ server: true });
  }
  const said: string[] = [];
  const aside =
    (who: string) =>
    async <T>(act: () => Promise<T>): Promise<T> => {
      said.push(`${who} stops`);
      try {
        return await act();
      } finally {
        said.push(`${who} starts`);
      }
    };
  const backups = (own: DeviceId) =>
    new ServerBackup({
      ...tools,
      hal: { storage, clock, device, network: { address: "10.0.0.1" } },
      setup,
      log: new CommunicationLog({ storage, clock }),
      server: { aside: aside("server"), settled: async () => void said.push("settled") },
      client: { isOwn, aside: aside("client") },
      device: own,
    } as never);
  const restore = async (file: Uint8Array, own = DEVICE) => {
    const outcome = await backups(own).restore(file, PASSPHRASE);
    return outcome === "done" ? outcome : "fault" in outcome ? outcome.fault : outcome.word;
  };
  const has = async (...keys: readonly string[]) => (await storage.getMany(keys)).map((value) => value !== undefined);
  return { storage, clock, setup, said, backups, restore, has };
}

/** A backup of these records. */
async function sealed(records: readonly CopyRecord[]): Promise<Uint8Array> {
  const all = async function* () {
    yield* records;
  };
  const frames: Uint8Array[] = [];
  for await (const frame of sealFile("backup", PASSPHRASE, packCopy(all()), tools)) frames.push(frame);
  return Uint8Array.from(Buffer.concat(frames));
}

/** What a server at revision 2 keeps, that was made by `MAKER` and knew `OLD`; `other` in place of records of one name. */
async function kept(other: Readonly<Record<string, Uint8Array | undefined>> = {}): Promise<CopyRecord[]> {
  const { storage } = await machineWith({ revision: 2, machines: [OLD, MAKER] });
  const records: CopyRecord[] = [];
  for await (const record of (await copyOfServer(storage)) ?? []) records.push(record);
  const last: CopyRecord[] = [
    [`d/${DEVICE}`, packAnswers(DeviceAnswers.none)],
    ["fleet-secret", new Uint8Array(32).fill(9)],
    ["server", Buffer.from(MAKER)],
    ["server-address", Buffer.from("10.0.0.5")],
  ];
  const standing = [...records, ...last].filter(([key]) => !(key in other));
  return [...standing, ...Object.entries(other).flatMap(([key, value]): CopyRecord[] => (value === undefined ? [] : [[key, value]]))];
}

const journalOf = (storage: MemoryStorage) =>
  Journal.open(storage, () => {
    throw new Error("there is one");
  });

test("M33 P12 what was backed up is what is restored: the data, in an epoch of its own that begins behind it, and the fleet's secret", async (t) => {
  const server = await machineWith({ revision: 3 });
  const made = await server.backups(DEVICE).backup(PASSPHRASE);
  if (made.kind !== "backed-up") return t.fail(made.kind);
  const other = await machineWith({ hasData: false });
  t.is(await other.restore(made.file), "done");
  const [from, to] = [await journalOf(server.storage), await journalOf(other.storage)];
  t.deepEqual(await to.part("", 1e6), await from.part("", 1e6));
  t.is(to.position.revision, 3);
  t.deepEqual(
    to.lineage.map(({ first, born }) => [first, born]),
    [
      [1, undefined],
      [4, "restore"],
    ],
  );
  t.deepEqual(await other.setup.fleetSecret(), await server.setup.fleetSecret());
  t.deepEqual(await readPredecessors(other.storage), [], "it is restored on the machine that made it");
  const elsewhere = await machineWith({ hasData: false });
  t.is(await elsewhere.restore(made.file, TODAY), "done");
  t.deepEqual(await readPredecessors(elsewhere.storage), [{ server: DEVICE, destination: "10.0.0.1", isTold: false }]);
});

test("M33 what cannot be backed up, or restored here, is said", async (t) => {
  const backedUp = async (options: Parameters<typeof machineWith>[0], passphrase = PASSPHRASE) => {
    const outcome = await (await machineWith(options)).backups(DEVICE).backup(passphrase);
    return outcome.kind === "refused" ? outcome.refusal.word : outcome.kind;
  };
  t.is(await backedUp({ revision: 1 }), "backed-up");
  t.is(await backedUp({ revision: 1 }, "short"), "passphrase-short");
  t.is(await backedUp({ hasData: false }), "server-not-running");
  const stopped = await machineWith({ revision: 1 });
  await stopped.setup.set({ server: false });
  t.like(await stopped.backups(DEVICE).backup(PASSPHRASE), { kind: "refused", refusal: { word: "server-not-running" } });
  const client = await machineWith({ hasData: false, isServerModel: false });
  t.is(await client.restore(await sealed(await kept())), "not-a-server-model");
});

test("M02 M33 in its own fleet the machines of today keep their places; where there is another fleet or none, those of the backup have theirs, but not its maker", async (t) => {
  const file = await sealed(await kept());
  const same = await machineWith({ revision: 5, machines: [TODAY] });
  const elsewhere = await machineWith({ fleet: fleetId("a".repeat(32)), revision: 5, machines: [TODAY] });
  await elsewhere.setup.set({ server: false });
  const fresh = await machineWith({ hasData: false });
  const keys = [OLD, TODAY, MAKER].map(machineKey);
  for (const [server, expected] of [
    [same, [false, true, false]],
    [elsewhere, [true, false, false]],
    [fresh, [true, false, false]],
  ] as const) {
    t.is(await server.restore(file), "done");
    t.deepEqual(await server.has(...keys), [...expected]);
    t.deepEqual(await server.has(answersKey(DEVICE)), [true], "how far each machine's edits were decided comes along");
  }
  const maker = await machineWith({ hasData: false });
  t.is(await maker.restore(file, MAKER), "done");
  t.deepEqual(await maker.has(...keys), [true, false, true], "on the machine that made it");
});

test("M33 a backup of another fleet is refused where it would replace the data of others that have their places, and only there", async (t) => {
  const file = await sealed(await kept());
  const fleet = fleetId("a".repeat(32));
  const outcomeOn = async (machines: readonly DeviceId[], change: (server: Awaited<ReturnType<typeof machineWith>>) => Promise<void>) => {
    const server = await machineWith({ fleet, revision: 5, machines });
    await change(server);
    const before = await server.has("s/meta");
    const outcome = await server.restore(file);
    if (outcome !== "done") t.deepEqual(await server.has("s/meta"), before);
    return outcome;
  };
  const nothing = async () => undefined;
  t.is(await outcomeOn([TODAY], nothing), "backup-of-another-fleet");
  t.is(await outcomeOn([], nothing), "done", "a fresh server machine");
  t.is(await outcomeOn([DEVICE], nothing), "done", "only its own client has a place");
  t.is(await outcomeOn([TODAY], async ({ setup }) => setup.set({ server: false })), "done", "its server function was stopped");
  const pinned = { key: machineKey(TODAY), value: encodeCbor([TODAY, "SN", "name", "product", "here", false, 1]) };
  t.is(await outcomeOn([], async ({ storage }) => storage.write([pinned])), "done", "a machine that was only met has nothing from here");
  const said = (await (await machineWith({ fleet, revision: 1, machines: [TODAY] })).backups(DEVICE).restore(file, PASSPHRASE)) as object;
  t.deepEqual(said, { word: "backup-of-another-fleet", machine: "10.0.0.5", machines: ["name"] });
  for (const address of [undefined, Buffer.from("not an address")]) {
    const unsaid = await sealed(await kept({ "server-address": address }));
    const server = await machineWith({ fleet, revision: 1, machines: [TODAY] });
    t.like(await server.backups(DEVICE).restore(unsaid, PASSPHRASE), { machine: "" });
  }
});

test("P4 M33 journal time goes on from the later of the backup's and, in its own fleet, this machine's", async (t) => {
  const [early, late] = [5_000, 6e13];
  const time = (at: number, clock: ManualClock) => JournalTime.from(at, clock).write();
  const timeAfter = async (fleet: typeof FLEET, own: number, backup: number) => {
    const server = await machineWith({ fleet, revision: 5 });
    await server.storage.write([time(own, server.clock)]);
    t.is(await server.restore(await sealed(await kept({ time: time(backup, server.clock).value }))), "done");
    return (await JournalTime.open(server.storage, server.clock)).now();
  };
  t.is(await timeAfter(FLEET, early, late), late);
  t.is(await timeAfter(FLEET, late, early), late);
  t.is(await timeAfter(fleetId("a".repeat(32)), late, early), early, "another fleet's time is none");
});

test("B06 M33 the machine that made a backup is told; of its own fleet those who are to be told stay, of another fleet nobody", async (t) => {
  const toldAfter = async (fleet: typeof FLEET, other: Parameters<typeof kept>[0] = {}, own = DEVICE) => {
    const server = await machineWith({ fleet, revision: 5 });
    await server.storage.write([notePredecessors([{ server: TODAY, destination: "10.0.0.6", isTold: true }])]);
    t.is(await server.restore(await sealed(await kept(other)), own), "done");
    return (await readPredecessors(server.storage)).map(({ server: former, destination, isTold }) => [former, destination, isTold]);
  };
  const [maker, today] = [
    [MAKER, "10.0.0.5", false],
    [TODAY, "10.0.0.6", true],
  ];
  t.deepEqual(await toldAfter(FLEET), [maker, today]);
  t.deepEqual(await toldAfter(fleetId("a".repeat(32))), [maker]);
  t.deepEqual(await toldAfter(FLEET, { "server-address": undefined }), [today], "where it was is not known");
  t.deepEqual(await toldAfter(FLEET, { server: undefined }), [today], "a backup of an older module");
  t.deepEqual(await toldAfter(FLEET, {}, MAKER), [today], "it is this machine");
});

test("M33 what is no whole backup changes nothing, and the functions are not even stopped for it", async (t) => {
  const server = await machineWith({ revision: 5 });
  const before = await journalOf(server.storage);
  const misplaced = { [`m/${OLD}`]: machine(TODAY) };
  for (const [what, other, outcome] of [
    ["no secret", { "fleet-secret": undefined }, "damaged"],
    ["half a secret", { "fleet-secret": new Uint8Array(16) }, "damaged"],
    ["no head", { head: undefined }, "damaged"],
    ["a machine in another's place", misplaced, "damaged"],
    ["a machine that is none", { [`m/${OLD}`]: Uint8Array.of(1) }, "damaged"],
    ["a time that is none", { time: Uint8Array.of(0xff) }, "damaged"],
  ] as const)
    t.is(await server.restore(await sealed(await kept(other))), outcome, what);
  t.is(await server.restore(await sealed([["format", Uint8Array.of(9)]])), "newer");
  t.is(await server.restore(Uint8Array.of(1, 2, 3)), "damaged");
  t.deepEqual(server.said, []);
  t.deepEqual((await journalOf(server.storage)).lineage, before.lineage);
});

test("M33 while data is replaced neither the server function nor the machine's own client works, and who restored waits until it serves", async (t) => {
  const file = await sealed(await kept());
  const own = await machineWith({ revision: 5, isOwn: true });
  t.is(await own.restore(file), "done");
  t.deepEqual(own.said, ["client stops", "server stops", "server starts", "client starts", "settled"]);
  const alone = await machineWith({ revision: 5 });
  t.is(await alone.restore(file), "done");
  t.deepEqual(alone.said, ["server stops", "server starts", "settled"]);
});
