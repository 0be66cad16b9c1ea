import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { type ErrorCode, SyncError } from "../../../src/model/errors.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { encodeCbor } from "../../../src/protocol/cbor.ts";
import { type ClientSetup, Setup } from "../../../src/roles/setup.ts";

const SERVER = deviceId("ab".repeat(16));
const keyStore = { seal: async (bytes: Uint8Array) => bytes, open: async (bytes: Uint8Array) => bytes };
const random = (bytes: number) => new Uint8Array(bytes);

async function opened(storage: MemoryStorage): Promise<Setup> {
  const device = {
    serialNumber: "",
    productName: "",
    deviceName: "",
    location: "",
    capabilities: { server: true, networkPlaces: "" },
    keyStore,
  };
  const setup = new Setup({ storage, device, random });
  await setup.open();
  return setup;
}

const WAITING: ClientSetup = {
  destination: "10.0.0.1",
  searchDepth: undefined,
  account: "Administrator",
  startedInBoot: "b",
  password: Uint8Array.of(1, 2),
  expected: SERVER,
  paired: undefined,
};
const STATES: readonly (readonly [name: string, client: ClientSetup])[] = [
  ["waits for the confirmed server", WAITING],
  ["was found by a search", { ...WAITING, searchDepth: 2 }],
  ["waits for the first answer", { ...WAITING, expected: undefined }],
  ["is paired", { ...WAITING, password: undefined, expected: undefined, paired: { server: SERVER, fleetSecret: Uint8Array.of(3) } }],
];

for (const [name, client] of STATES) {
  test(`a client function that ${name} is read as it was set`, async (t) => {
    const storage = new MemoryStorage();
    await (await opened(storage)).set({ server: true, client, duringOperation: true });
    t.deepEqual((await opened(storage)).state, { server: true, client, duringOperation: true, storageLost: false });
  });
}

test("what was set before confirmed identities were kept is read, and waits for the first answer", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([{ key: "m/setup", value: encodeCbor([false, ["10.0.0.1", "Administrator", "b", Uint8Array.of(1, 2), null]]) }]);
  t.deepEqual((await opened(storage)).state, {
    server: false,
    client: { ...WAITING, expected: undefined },
    duringOperation: false,
    storageLost: false,
  });
});

test("B05 that what was kept is lost is known until somebody starts one of the functions, and not for what else is set", async (t) => {
  for (const start of [{ server: true }, { client: WAITING }]) {
    const storage = new MemoryStorage();
    await (await opened(storage)).set({ storageLost: true });
    await (await opened(storage)).set({ server: false, client: undefined, duringOperation: true });
    t.true((await opened(storage)).state.storageLost);
    await (await opened(storage)).set(start);
    t.false((await opened(storage)).state.storageLost);
  }
});

/** A key store that turns bytes round, and may have lost its key. */
function guarded() {
  const storage = new MemoryStorage();
  const state: { lost: readonly number[]; code: ErrorCode } = { lost: [], code: "hal-refused" };
  const turned = (bytes: Uint8Array) => bytes.map((byte) => 255 - byte);
  let drawn = 0;
  const keys = {
    seal: async (bytes: Uint8Array) => turned(bytes),
    open: async (bytes: Uint8Array) => {
      if (state.lost.includes(255 - (bytes[0] ?? 0))) throw new SyncError(state.code, "no key");
      return turned(bytes);
    },
  };
  const draw = (bytes: number) => new Uint8Array(bytes).fill((drawn += 1));
  const open = () => new Setup({ storage, device: { keyStore: keys } as never, random: draw });
  return { storage, state, open, setup: open() };
}

const secret = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const sealed = (n: number): Uint8Array => new Uint8Array(32).fill(255 - n);
const firsts = (secrets: readonly Uint8Array[]): (number | undefined)[] => secrets.map(([first]) => first);

test("what is set at once is set on top of each other, and in force when it is durable", async (t) => {
  const { storage, setup, open } = guarded();
  const write = storage.write.bind(storage);
  const states: boolean[] = [];
  storage.write = async (batch) => {
    states.push(setup.state.server);
    await write(batch);
  };
  await Promise.all([setup.set({ server: true }), setup.set({ duringOperation: true }), setup.set({ client: WAITING })]);
  t.deepEqual(states, [false, true, true]);
  const again = open();
  await again.open();
  t.deepEqual(again.state, { server: true, client: WAITING, duringOperation: true, storageLost: false });
});

test("what cannot be written is not in force, and the next change is made all the same", async (t) => {
  const { storage, setup } = guarded();
  const write = storage.write.bind(storage);
  storage.write = async () => {
    storage.write = write;
    throw new SyncError("hal-full", "no space");
  };
  const failing = t.throwsAsync(setup.set({ server: true }), { code: "hal-full" });
  const next = setup.set({ duringOperation: true });
  await failing;
  await next;
  t.deepEqual(setup.state, { server: false, client: undefined, duringOperation: true, storageLost: false });
});

test("a client function is replaced only while nobody has set it otherwise", async (t) => {
  const { setup } = guarded();
  await setup.set({ client: WAITING });
  const was = setup.state.client ?? WAITING;
  t.true(await setup.replaceClient(was, { ...was, destination: "10.0.0.2" }));
  t.false(await setup.replaceClient(was, { ...was, destination: "10.0.0.3" }));
  t.is(setup.state.client?.destination, "10.0.0.2");
});

test("B08 the secret of the fleet that a machine serves is drawn once, and sealed where it lies", async (t) => {
  const { storage, setup, open } = guarded();
  t.is(await setup.servedSecret(), undefined);
  t.deepEqual(await setup.fleetSecret(), secret(1));
  t.deepEqual(await setup.fleetSecret(), secret(1));
  t.deepEqual(await open().fleetSecret(), secret(1), "after the next start as well");
  t.deepEqual(await storage.get("m/fleet-secret"), sealed(1));
});

test("B02 secrets of fleets that were left are kept once each, the newest first, eight of them; one that nobody can open goes as the oldest", async (t) => {
  const { state, setup } = guarded();
  for (let n = 1; n <= 9; n += 1) await setup.retire(sealed(n));
  t.deepEqual(firsts(await setup.pastSecrets()), [9, 8, 7, 6, 5, 4, 3, 2]);
  await setup.retire(sealed(5));
  t.deepEqual(firsts(await setup.pastSecrets()), [5, 9, 8, 7, 6, 4, 3, 2]);
  state.lost = [9, 2];
  t.deepEqual(firsts(await setup.pastSecrets()), [5, 8, 7, 6, 4, 3]);
  await setup.retire(sealed(10));
  state.lost = [];
  t.deepEqual(firsts(await setup.pastSecrets()), [10, 5, 9, 8, 7, 6, 4, 3]);
});

test("B02 whoever begins to serve another fleet keeps the secret of the one before, and of the same fleet nothing", async (t) => {
  const { storage, state, setup } = guarded();
  await storage.write(await setup.serveSecret(secret(1)));
  await storage.write(await setup.serveSecret(secret(1)));
  t.deepEqual(firsts(await setup.pastSecrets()), []);
  await storage.write(await setup.serveSecret(secret(2)));
  t.deepEqual(firsts(await setup.pastSecrets()), [1]);
  t.deepEqual(await setup.fleetSecret(), secret(2));
  state.lost = [2];
  await storage.write(await setup.serveSecret(secret(2)));
  state.lost = [];
  t.deepEqual(firsts(await setup.pastSecrets()), [2, 1], "one that cannot be opened for now may be another");
});

test("a secret that the key store refuses for good is known as lost; one that it cannot open for now is not", async (t) => {
  const { state, setup } = guarded();
  t.true(await setup.canUnseal(sealed(1)));
  state.lost = [1];
  t.false(await setup.canUnseal(sealed(1)));
  state.code = "hal-unavailable";
  t.true(await setup.canUnseal(sealed(1)));
});
