import { createHash } from "node:crypto";
import test, { type ExecutionContext } from "ava";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import type { MachineSettings } from "../../hal/sim/control.ts";
import { KeptSettings, SettingsFile } from "../../hal/sim/machine-settings.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { SimDevice } from "../../hal/sim/sim-device.ts";
import { type SimHal, createSimHal } from "../../hal/sim/sim-hal.ts";
import { SimPower } from "../../hal/sim/sim-power.ts";
import { FACTORY_POLICY, SimUsers } from "../../hal/sim/sim-users.ts";
import type { Random } from "../../src/model/random.ts";
import { freshFolder } from "../fresh-folder.ts";
import { deviceContract } from "./device.ts";
import { ownerNamed } from "./item-store-samples.ts";
import { jobsContract } from "./jobs.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { networkSettingsContract } from "./network-settings.ts";
import { panelContract, screen } from "./panel.ts";
import { powerContract } from "./power.ts";
import { restrictionsContract } from "./restrictions.ts";
import { usersContract } from "./users.ts";

/** The same chance each time. */
function seeded(seed: string): Random {
  let count = 0;
  return (bytes) => {
    count += 1;
    return Uint8Array.from(createHash("shake256", { outputLength: bytes }).update(`${seed} ${count}`).digest());
  };
}

const FACTS = { serialNumber: "SIM00001", productName: "Sim MFP", deviceName: "sim", location: "here", server: true };

async function machine(clock = new ManualClock()): Promise<SimHal> {
  return await createSimHal({
    clock,
    random: seeded("machine"),
    storage: new MemoryStorage(),
    machineStorage: new MemoryStorage(),
    network: new NodeNetwork({ address: "127.0.0.1" }),
    deviceKey: new Uint8Array(32).fill(5),
    device: FACTS,
  });
}

/** Switches the machine on, each time with what an administrator had set at it before. */
function machineThatKeeps(t: ExecutionContext, clock = new ManualClock()): () => Promise<SimHal> {
  const file = new SettingsFile(freshFolder(t));
  const network = { proxy: null, proxyExcludesLocalhost: true, sntp: null, networkPlaces: [] };
  const factory: MachineSettings = { network, maxUsersPolicy: "delete-oldest", policy: FACTORY_POLICY };
  return async () => {
    const hal = await machine(clock);
    const applied = {
      network: { setProxy: () => undefined },
      setTimeServer: () => undefined,
      checkTimeServer: async () => "silent" as const,
    };
    new KeptSettings({ file, factory, settings: file.read(factory), hal, ...applied }).start();
    return hal;
  };
}

powerContract(test, "simulated power", async () => {
  const clock = new ManualClock();
  const power = new SimPower({ clock });
  return {
    power,
    fallAsleep: () => power.pressEnergySaver(),
    pressKey: () => void power.wake("key"),
    visit: () => void power.wake("connection"),
    advance: (ms) => clock.advance(ms),
  };
});

restrictionsContract(test, "simulated restrictions", async (t) => {
  const clock = new ManualClock();
  const powerOn = machineThatKeeps(t, clock);
  const { restrictions, power } = await powerOn();
  return {
    restrictions,
    advance: (ms) => clock.advance(ms),
    fallAsleep: () => power.pressEnergySaver(),
    sleeps: () => power.state !== "active",
    sleepsFully: () => power.state === "full-sleep",
    chooseMaxUsersPolicy: (policy) => restrictions.chooseMaxUsersPolicy(policy),
    restart: async () => (await powerOn()).restrictions,
  };
});

jobsContract(test, "simulated jobs", async () => {
  const clock = new ManualClock();
  const { jobs, power } = await machine(clock);
  return {
    jobs,
    finish: () => clock.advance(10_000),
    fallAsleep: () => power.pressEnergySaver(),
    sleepsFully: () => power.state === "full-sleep",
  };
});

networkSettingsContract(test, "simulated network settings", async (t) => {
  const powerOn = machineThatKeeps(t);
  return { settings: (await powerOn()).networkSettings, restart: async () => (await powerOn()).networkSettings };
});

panelContract(test, "simulated panel", async (_: ExecutionContext) => {
  const { panel, power } = await machine();
  return {
    panel,
    press: async (key) => panel.press(key),
    type: async (text) => panel.type(text),
    shown: () => panel.screen()?.title,
    sleepFully: () => power.pressEnergySaver(),
  };
});

usersContract(test, "simulated users", async (t) => {
  const powerOn = machineThatKeeps(t);
  const { users } = await powerOn();
  return {
    users,
    administrator: { name: "administrator", owner: ownerNamed("user:Administrator"), password: "desk" },
    person: { name: "alice", owner: ownerNamed("user:alice"), password: "", groups: [ownerNamed("group:1")] },
    changePolicy: (loginService) => users.setPolicy({ loginService }),
    restart: async () => (await powerOn()).users,
  };
});

test("a machine with more accounts offers two hundred of them, and everybody can log in", async (t) => {
  const accounts = Array.from({ length: 300 }, (_, index) => ({ name: `u${index}`, password: "", administrator: false }));
  const users = new SimUsers({ random: seeded("many"), accounts });
  t.is((await users.accounts()).length, 200);
  t.is(await users.logIn(ownerNamed("user:u299"), ""), "logged-in");
});

deviceContract(test, "simulated device", async () => {
  const random = seeded("device");
  const device = (serialNumber: string, key: number): SimDevice =>
    new SimDevice({ random, deviceKey: new Uint8Array(32).fill(key), facts: { ...FACTS, serialNumber } });
  return { device: device("A", 1), another: device("B", 2), restart: async () => device("A", 1) };
});

test("an import keeps the simulated machine awake, and shows among the reasons", async (t) => {
  const clock = new ManualClock();
  const { power, restrictions } = await machine(clock);
  const running = restrictions.beginImportExport();
  const hold = power.holdFromFullSleep("clients-operating", 20_000);
  t.deepEqual(power.holds(), ["import-export", "clients-operating"]);
  await power.pressEnergySaver();
  await clock.advance(3_600_000);
  t.deepEqual(power.holds(), ["import-export"], "an import does not lapse");
  t.is(power.state, "active");
  if (running !== "locked") running.end();
  hold.release();
  await clock.advance(1);
  t.is(power.state, "full-sleep");
});

test("a simulated machine without anything to wait for waits for nothing", async (t) => {
  const clock = new ManualClock();
  const { power } = await machine(clock);
  const hold = power.holdFromFullSleep("a-test", 60_000);
  for (let times = 0; times < 100; times += 1) hold.renew();
  t.is(clock.waits, 1, "however often a hold is renewed");
  hold.release();
  await settle();
  t.is(clock.waits, 0);
});

test("[Energy Saver] puts the simulated machine to sleep; the key that wakes it is not passed on, from partial sleep either", async (t) => {
  const { panel, power } = await machine();
  const keys: string[] = [];
  panel.onKey((key) => keys.push(key));
  const hold = power.holdFromFullSleep("a-test", 60_000);
  panel.press("energy-saver");
  t.is(power.state, "partial-sleep");
  panel.press("energy-saver");
  t.is(power.state, "active");
  panel.press("energy-saver");
  panel.type("x");
  t.is(power.state, "active");
  panel.press("ok");
  t.deepEqual(keys, ["energy-saver", "energy-saver", "ok"]);
  hold.release();
});

test("a restart is asked for, and whoever works the simulated machine hears of it", async (t) => {
  const { power } = await machine();
  let restarts = 0;
  power.onRestart(() => {
    restarts += 1;
  });
  await power.restart();
  t.is(restarts, 1);
});

test("people watch the simulated display, type names in any letter case, and join later", async (t) => {
  const { panel, users, device } = await machine();
  const titles: string[] = [];
  panel.onShow(({ title }) => titles.push(title));
  panel.show(screen("Home"));
  t.deepEqual(titles, ["Home"]);
  t.deepEqual(await users.prove("ADMINISTRATOR"), await users.prove("Administrator"));
  const before = await users.prove("Administrator");
  users.setAccount({ name: "Administrator", password: "new", administrator: true });
  t.notDeepEqual(await users.prove("Administrator"), before, "another password, another proof");
  t.is(await users.logIn(ownerNamed("user:Administrator"), "desk"), "wrong-password");
  users.setPolicy({ groups: [{ id: "7", name: "New", members: ["dave"] }] });
  await users.logIn(ownerNamed("user:dave"), "");
  t.deepEqual(users.loggedIn()?.groups, [ownerNamed("group:7")]);
  device.rename({ deviceName: "other", location: "there" });
  t.is(device.deviceName, "other");
  t.is(device.location, "there");
});
