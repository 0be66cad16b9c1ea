/** The hardware as one life of the module sees it in the simulated fleet: the same promises through `viewed`, on a virtual disk. */
import test, { type ExecutionContext } from "ava";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { NodeNetwork } from "../../hal/parts/node-network.ts";
import { createSimHal, type SimHal } from "../../hal/sim/sim-hal.ts";
import { halView, viewed } from "../fleet/hal-view.ts";
import { seededDice } from "../fleet/random.ts";
import { VirtualDisk } from "../fleet/virtual-disk.ts";
import { ClockHardware, Life, World } from "../fleet/virtual-time.ts";
import { type ItemStoreFixture, ownerNamed } from "./item-store-samples.ts";
import { itemStoreContract } from "./item-store.ts";
import { jobsContract } from "./jobs.ts";
import { networkSettingsContract } from "./network-settings.ts";
import { panelContract } from "./panel.ts";
import { knobsOf } from "./sim-knobs.ts";
import { powerContract } from "./power.ts";
import { restrictionsContract } from "./restrictions.ts";
import { usersContract } from "./users.ts";
import { pass, runFreely } from "./virtual-world.ts";

class Bench {
  readonly world = new World();
  readonly hardware = new ClockHardware(this.world, { offsetMs: 0, driftPpm: 0 });
  readonly disk = new VirtualDisk(seededDice("machine"));
  /** Of the machine, which a kill of the module leaves alone. */
  life = new Life(this.world, "machine");

  async start(): Promise<SimHal> {
    const { life } = this;
    return await createSimHal({
      clock: this.hardware.view(life),
      random: seededDice("chance").bytes,
      storage: new MemoryStorage(),
      machineStorage: this.disk.mount(life),
      network: new NodeNetwork({ address: "127.0.0.1" }),
      deviceKey: new Uint8Array(32).fill(5),
      device: { serialNumber: "V1", productName: "Virtual MFP", deviceName: "virtual", location: "nowhere", server: true },
    });
  }

  losePower(): void {
    this.life.end();
    this.disk.kill(this.life);
    this.life = new Life(this.world, "machine");
  }
}

async function machine(t: ExecutionContext) {
  const bench = new Bench();
  bench.hardware.powerOn("not set");
  const stop = runFreely(t, bench.world);
  const hal = await bench.start();
  stop();
  const life = new Life(bench.world, "module");
  const clock = bench.hardware.view(life);
  return { bench, hal, life, view: halView(hal, { clock, storage: new MemoryStorage() }, life) };
}

powerContract(test, "viewed power", async (t) => {
  const { bench, hal, view } = await machine(t);
  return {
    power: view.power,
    fallAsleep: () => hal.power.pressEnergySaver(),
    pressKey: () => void hal.power.wake("key"),
    visit: () => void hal.power.wake("connection"),
    advance: (ms) => pass(bench.world, ms),
  };
});

restrictionsContract(test, "viewed restrictions", async (t) => {
  const { bench, hal, view } = await machine(t);
  return {
    restrictions: view.restrictions,
    advance: (ms) => pass(bench.world, ms),
    fallAsleep: () => hal.power.pressEnergySaver(),
    sleeps: () => hal.power.state !== "active",
    sleepsFully: () => hal.power.state === "full-sleep",
    chooseMaxUsersPolicy: (policy) => hal.restrictions.chooseMaxUsersPolicy(policy),
    restart: undefined,
  };
});

jobsContract(test, "viewed jobs", async (t) => {
  const { bench, hal, view } = await machine(t);
  return {
    jobs: view.jobs,
    finish: () => pass(bench.world, 10_000),
    fallAsleep: () => hal.power.pressEnergySaver(),
    sleepsFully: () => hal.power.state === "full-sleep",
  };
});

networkSettingsContract(test, "viewed network settings", async (t) => ({
  settings: (await machine(t)).view.networkSettings,
  restart: undefined,
}));

panelContract(test, "viewed panel", async (t) => {
  const { hal, view } = await machine(t);
  return {
    panel: view.panel,
    press: async (key) => hal.panel.press(key),
    type: async (text) => hal.panel.type(text),
    shown: () => hal.panel.screen()?.title,
    sleepFully: () => hal.power.pressEnergySaver(),
  };
});

usersContract(test, "viewed users", async (t) => {
  const { hal, view } = await machine(t);
  return {
    users: view.users,
    administrator: { name: "administrator", owner: ownerNamed("user:Administrator"), password: "desk" },
    person: { name: "alice", owner: ownerNamed("user:alice"), password: "", groups: [ownerNamed("group:1")] },
    changePolicy: (loginService) => hal.users.setPolicy({ loginService }),
    restart: undefined,
  };
});

const storesOf =
  (which: "settings" | "addressBook") =>
  async (t: ExecutionContext): Promise<ItemStoreFixture> => {
    const { bench, hal, life } = await machine(t);
    runFreely(t, bench.world);
    const other = which === "settings" ? "addressBook" : "settings";
    return {
      store: viewed(hal[which], life),
      other: viewed(hal[other], life),
      restart: async () => {
        bench.losePower();
        life.end();
        const again = await bench.start();
        return { store: again[which], other: again[other] };
      },
      time: bench.hardware,
      ...knobsOf(hal.stores),
      atRest: undefined,
    };
  };

itemStoreContract(test, "viewed settings on a virtual disk", storesOf("settings"));
itemStoreContract(test, "viewed address book on a virtual disk", storesOf("addressBook"));

test("what was told while the machine slept is heard on waking, in its order, and not by a listener that has ended", async (t) => {
  const { bench, hal, life, view } = await machine(t);
  const heard: string[] = [];
  const end = view.users.onLogin(() => heard.push("ended too late"));
  view.users.onLogin(({ owner }) => heard.push(`in ${owner}`));
  view.users.onLogout(({ owner }) => heard.push(`out ${owner}`));
  life.fallAsleep();
  await hal.users.logIn(ownerNamed("user:alice"), "");
  await hal.users.logOut();
  t.deepEqual(heard, []);
  end();
  life.wake();
  await pass(bench.world, 1);
  t.deepEqual(heard, ["in user:alice", "out user:alice"]);
  life.end();
  await hal.users.logIn(ownerNamed("user:bob"), "");
  await pass(bench.world, 1);
  t.is(heard.length, 2, "a killed module hears nothing");
});
