/** A simulated machine with the panel running on it, and the finger that presses its keys. */
import type { ExecutionContext } from "ava";
import { Listeners } from "../../hal/parts/listeners.ts";
import { createSimHal, type SimHal } from "../../hal/sim/sim-hal.ts";
import { MemoryStorage } from "../../hal/sim/memory-storage.ts";
import { must } from "../../src/model/assert.ts";
import { type Config, DEFAULT_CONFIG } from "../../src/model/config.ts";
import type { EntryChange, EntryName } from "../../src/model/entry.ts";
import { parseOwner } from "../../src/model/owner.ts";
import type { Key, Screen } from "../../src/model/screen.ts";
import type { Value } from "../../src/model/value.ts";
import { PanelApp } from "../../src/panel/panel-app.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import type { Languages } from "../../src/panel/texts/texts.ts";
import { ManualClock, settle } from "../contract/manual-clock.ts";
import { FakeAdministration } from "./fake-administration.ts";

const noNetwork = {
  address: "127.0.0.1",
  listen: () => Promise.reject(new Error("no network here")),
  connect: () => Promise.reject(new Error("no network here")),
  datagrams: () => Promise.reject(new Error("no network here")),
  joinGroup: () => Promise.reject(new Error("no network here")),
  askGroup: () => Promise.reject(new Error("no network here")),
  proxy: () => ({ proxy: undefined, proxyExcludesLocalhost: true }),
  onProxy: () => () => undefined,
};

export const owner = (text: string) => must(parseOwner(text), `an owner: ${text}`);

export class PanelMachine {
  readonly hal: SimHal;
  readonly clock: ManualClock;
  readonly administration: FakeAdministration;
  readonly #applied: Listeners<readonly EntryName[]>;
  /** What the client function was told of people at the panel. */
  readonly attended: boolean[] = [];
  /** What the client function does when somebody comes. */
  showWaiting: () => Promise<void> = async () => undefined;
  /** Every screen that was shown, in order. */
  readonly shown: Screen[] = [];
  /** Rejects when the panel ends with an error. */
  ended: Promise<void> = Promise.resolve();

  private constructor(hal: SimHal, clock: ManualClock) {
    this.hal = hal;
    this.clock = clock;
    this.administration = new FakeAdministration();
    this.#applied = new Listeners();
  }

  static async start(
    t: ExecutionContext,
    {
      server = true,
      entries = [],
      texts = LANGUAGES,
      capacities = {},
      language,
    }: { server?: boolean; entries?: readonly EntryChange[]; texts?: Languages; capacities?: Config["capacities"]; language?: string } = {},
  ): Promise<PanelMachine> {
    const clock = new ManualClock();
    const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(7);
    const device = { serialNumber: "S1", productName: "P", deviceName: "MFP-1", location: "here", server, ...(language && { language }) };
    const storages = { storage: new MemoryStorage(), machineStorage: new MemoryStorage() };
    const hal = await createSimHal({ clock, random, ...storages, network: noNetwork, deviceKey: random(32), device });
    const machine = new PanelMachine(hal, clock);
    for (const change of entries) await (hal.settings.items.has(change.item) ? hal.settings : hal.addressBook).edit([change], "import");
    hal.panel.onShow((screen) => machine.shown.push(screen));
    const applied = {
      onApplied: (listener: (names: readonly EntryName[]) => void) => machine.#applied.add(listener),
      attend: (isAttended: boolean) => void machine.attended.push(isAttended),
      shown: () => machine.showWaiting(),
    };
    const { panel, power, users, restrictions, networkSettings, settings, addressBook, jobs } = hal;
    const app = new PanelApp({
      panel,
      power,
      users,
      clock,
      settings,
      addressBook,
      restrictions,
      networkSettings,
      jobs,
      administration: machine.administration,
      texts,
      config: { ...DEFAULT_CONFIG, capacities },
      applied,
      device: hal.device,
    });
    const end = new AbortController();
    machine.ended = app.run(end.signal);
    t.teardown(async () => {
      end.abort();
      await machine.ended;
    });
    await machine.quiet();
    return machine;
  }

  /** Until nothing is under way: the stores of the simulation wait for microtasks only. */
  async quiet(): Promise<void> {
    for (let hop = 0; hop < 20; hop += 1) await settle();
  }

  get screen(): Screen {
    return must(this.hal.panel.screen(), "the panel shows a screen");
  }

  get lines(): readonly string[] {
    return this.screen.rows.map(({ text }) => text);
  }

  get selected(): string | undefined {
    return this.screen.rows[this.screen.selected ?? -1]?.text;
  }

  /** Presses keys without waiting in between, as a quick finger does. */
  async press(...keys: Key[]): Promise<Screen> {
    for (const key of keys) this.hal.panel.press(key);
    await this.quiet();
    return this.screen;
  }

  async type(text: string): Promise<Screen> {
    this.hal.panel.type(text);
    await this.quiet();
    return this.screen;
  }

  /** Goes to the row that begins with this text and chooses it; an error names the rows there are. */
  async choose(...texts: string[]): Promise<Screen> {
    for (const text of texts) {
      const index = this.lines.findIndex((line) => line.startsWith(text));
      const from = must(this.screen.selected, "a row is selected");
      if (index < 0) throw new Error(`no row "${text}" on "${this.screen.title}": ${JSON.stringify(this.lines)}`);
      const steps = Array.from({ length: Math.abs(index - from) }, (): Key => (index < from ? "up" : "down"));
      await this.press(...steps, "ok");
    }
    return this.screen;
  }

  async logIn(name: string): Promise<void> {
    await this.hal.users.showCard(name);
    await this.quiet();
  }

  /** Another machine's change arrives, is written to the stores, and the panel is told. */
  async arrives(...changes: EntryChange[]): Promise<void> {
    for (const change of changes) {
      const store = this.hal.settings.items.has(change.item) ? this.hal.settings : this.hal.addressBook;
      await store.apply([change], undefined, store.mark());
    }
    this.#applied.tell(changes);
    await this.quiet();
  }

  async entries(name: string, item: string): Promise<readonly { key: string; value: Value }[]> {
    const store = this.hal.settings.items.has(item) ? this.hal.settings : this.hal.addressBook;
    return (await store.read(owner(name))).filter((entry) => entry.item === item).map(({ key, value }) => ({ key, value }));
  }
}

export const button = (name: string, key: string, label: string): EntryChange => ({
  owner: owner(name),
  item: name === "common" ? "shared-button" : "personal-button",
  key,
  value: { name: label, function: "copy", settings: { copies: 2 } },
});

export const mail = (list: string, key: string, cn: string, more: { [column: string]: string } = {}): EntryChange => ({
  owner: owner("common"),
  item: "common-address",
  key,
  value: {
    objectclass: "email",
    cn,
    cnread: cn,
    cnshort: cn,
    subdbid: list,
    mailaddress: `${cn.toLowerCase()}@example.com`,
    indxid: "201",
    uuid: key,
    ...more,
  },
});
