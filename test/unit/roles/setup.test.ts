import test from "ava";
import { MemoryStorage } from "../../../hal/sim/memory-storage.ts";
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
    t.deepEqual((await opened(storage)).state, { server: true, client, duringOperation: true });
  });
}

test("what was set before confirmed identities were kept is read, and waits for the first answer", async (t) => {
  const storage = new MemoryStorage();
  await storage.write([{ key: "m/setup", value: encodeCbor([false, ["10.0.0.1", "Administrator", "b", Uint8Array.of(1, 2), null]]) }]);
  t.deepEqual((await opened(storage)).state, {
    server: false,
    client: { ...WAITING, expected: undefined },
    duringOperation: false,
  });
});
