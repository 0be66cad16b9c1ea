/**
 * The provider bundle of a simulated machine, one process each: the simulated hardware on real parts (LevelDB, sockets,
 * the system's time), worked by the desk over the process's IPC channel. Started by hand without such a channel it is a
 * machine that nobody touches.
 *
 * Arguments: `number`, `serial`, `product`, `name`, `location`, `server` ("yes"/"no"), `address`, `sockets` (a folder with
 * a short path), `local` (leave from the own address: "yes"/"no"), `map` (JSON: "address:port" to "host:port"), `sntp`
 * (the time server of a factory-new machine, `host:port`), `cable` and `clock` (JSON: their knobs at power-on).
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SyncError } from "../../src/model/errors.ts";
import type { Random } from "../../src/model/random.ts";
import { CAPABILITIES } from "../capabilities.ts";
import { type LevelStorageOptions, openLevelStorage } from "../parts/level-storage.ts";
import { RealClock } from "../parts/real-clock.ts";
import { SNTP_OFF, SntpClock, type SntpSettings } from "../parts/sntp-clock.ts";
import type { ProviderBundle } from "../services.ts";
import type { Storage } from "../storage.ts";
import { Cable, PLAIN_CABLE } from "./cable.ts";
import { type AddressMap, CableNetwork } from "./cable-network.ts";
import type { MachineSettings, NetworkSettings } from "./control.ts";
import { MachineLine } from "./control-line.ts";
import { ControlledMachine } from "./control-machine.ts";
import { ipcWire } from "./control-wire.ts";
import { KeptSettings, SettingsFile } from "./machine-settings.ts";
import type { SimDeviceFacts } from "./sim-device.ts";
import { createSimHal } from "./sim-hal.ts";
import { FACTORY_POLICY } from "./sim-users.ts";

/** A join fills the printer's own store with all that the fleet has. */
const MACHINE_BUFFER_BYTES = 1024 * 1024;

type Arguments = Readonly<Record<string, string>>;

/** Opens the machine: its databases, its clock, its network; the desk is told that it has power. */
export const openMachine: ProviderBundle["openMachine"] = async ({ dataDir, arguments: args }) => {
  mkdirSync(dataDir, { recursive: true });
  const random: Random = (bytes) => randomBytes(bytes);
  const settingsFile = new SettingsFile(dataDir);
  const factory = factorySettings(args.sntp);
  const settings = settingsFile.read(factory);
  // The process is the machine: it starts when the machine is switched on.
  const clock = new RealClock({ boot: randomBytes(8).toString("hex") });
  const cable = new Cable({ nowMs: () => performance.now(), after: timer, chance: Math.random });
  cable.set(JSON.parse(args.cable ?? JSON.stringify(PLAIN_CABLE)));
  clock.setWallKnobs(JSON.parse(args.clock ?? "{}"));
  const network = openNetwork(args, cable, settings);
  const [machineStorage, storage] = await openBoth(
    { dir: join(dataDir, "machine"), writeBufferBytes: MACHINE_BUFFER_BYTES },
    { dir: join(dataDir, "module") },
  );
  const [device, key] = [deviceFacts(args, settings.network), deviceKey(dataDir, random)];
  const hal = await createSimHal({ clock, random, storage, machineStorage, network, deviceKey: key, device });
  const sntp = new SntpClock({ clock, network, random, settings: sntpSettings(settings.network.sntp) });
  const ending = new AbortController();
  const asking = sntp.run(ending.signal);
  const line = new MachineLine(ipcWire(process));
  const kept = new KeptSettings({
    file: settingsFile,
    factory,
    settings,
    hal,
    network,
    setTimeServer: (server) => sntp.set(sntpSettings(server)),
    checkTimeServer: async () => ((await sntp.check()).some(({ result }) => result === "ok") ? "answers" : "silent"),
  });
  kept.start();
  const machine = new ControlledMachine({
    hal,
    network,
    cable,
    line,
    settings: kept,
    setClock: (knobs) => clock.setWallKnobs(knobs),
    stopProcess: () => {
      process.kill(process.pid, "SIGSTOP");
      clock.woke();
    },
  });
  machine.start();
  return {
    hal,
    capabilities: CAPABILITIES,
    onModule: (administration) => machine.onModule(administration),
    onResources: (report) => machine.onResources(report),
    async close() {
      await machine.close();
      ending.abort();
      await asking;
      clock.stop();
      await storage.close();
      await machineStorage.close();
    },
  };
};

/** At once: each waits for the disk several times. Where one cannot be opened the other is closed again. */
async function openBoth(...[one, other]: readonly [LevelStorageOptions, LevelStorageOptions]): Promise<[Storage, Storage]> {
  const [first, second] = await Promise.allSettled([openDatabase(one), openDatabase(other)]);
  if (first.status === "fulfilled" && second.status === "fulfilled") return [first.value, second.value];
  const faults: unknown[] = [];
  for (const opened of [first, second]) {
    if (opened.status === "fulfilled") await opened.value.close();
    else faults.push(opened.reason);
  }
  throw faults[0];
}

function factorySettings(sntp: string | undefined): MachineSettings {
  return {
    network: { proxy: null, proxyExcludesLocalhost: true, sntp: sntp ?? null, networkPlaces: [] },
    maxUsersPolicy: "delete-oldest",
    policy: FACTORY_POLICY,
  };
}

const deviceFacts = (args: Arguments, { networkPlaces }: NetworkSettings): SimDeviceFacts => ({
  serialNumber: args.serial ?? "SIM-0001",
  productName: args.product ?? "Simulated printer",
  deviceName: args.name ?? "printer",
  location: args.location ?? "",
  server: args.server !== "no",
  networkPlaces: networkPlaces.length === 0 ? "" : JSON.stringify(networkPlaces),
  ...(args.language === undefined ? {} : { language: args.language }),
});

function openNetwork(args: Arguments, cable: Cable, { network }: MachineSettings): CableNetwork {
  const address = args.address ?? "127.0.0.1";
  const socketDir = args.sockets ?? "/tmp";
  mkdirSync(socketDir, { recursive: true });
  // A machine that lost its power left its socket lying there.
  rmSync(join(socketDir, "8443.sock"), { force: true });
  return new CableNetwork({
    cable,
    address,
    localAddress: args.local === "yes" ? address : undefined,
    map: addressMap(args.map),
    socketDir,
    proxy: { proxy: network.proxy ?? undefined, proxyExcludesLocalhost: network.proxyExcludesLocalhost },
  });
}

/** Polled as often as the manuals allow: on a desk, time servers change their minds. */
const sntpSettings = (server: string | null): SntpSettings => ({
  ...SNTP_OFF,
  ...(server === null ? {} : { servers: [server], pollHours: 1 }),
});

/** The desk wrote it: an object from `address:port` to `host:port`. */
function addressMap(text: string | undefined): AddressMap {
  const pairs = Object.entries(JSON.parse(text ?? "{}") as Readonly<Record<string, string>>);
  return new Map(
    pairs.map(([from, to]) => {
      const colon = to.lastIndexOf(":");
      return [from, { host: to.slice(0, colon), port: Number(to.slice(colon + 1)) }];
    }),
  );
}

/** A database that cannot be repaired is moved aside by the first opening; the second starts an empty one. */
async function openDatabase(database: Pick<LevelStorageOptions, "dir" | "writeBufferBytes">): Promise<Storage> {
  const options = { ...database, notice: (text: string) => console.log(`machine: ${text}`) };
  try {
    return await openLevelStorage(options);
  } catch (cause) {
    if (!(cause instanceof SyncError) || cause.code !== "hal-broken") throw cause;
    return await openLevelStorage(options);
  }
}

/** What a printer keeps in its security chip; the simulated one has a file. Losing it is losing the machine's identity. */
function deviceKey(dataDir: string, random: Random): Uint8Array {
  const path = join(dataDir, "device.key");
  if (!existsSync(path)) {
    writeFileSync(`${path}.new`, random(32), { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  }
  return readFileSync(path);
}

function timer(ms: number, fn: () => void): () => void {
  const timeout = setTimeout(fn, ms);
  return () => clearTimeout(timeout);
}
