/** One machine of a simulated fleet: its disks and clock, its power and cables, its people, and the module that runs on it. */
import { createHash } from "node:crypto";
import type { Config } from "../../src/model/config.ts";
import { type DeviceId, deviceId } from "../../src/model/ids.ts";
import { itemOf, type Scope } from "../../src/model/item.ts";
import { must } from "../../src/model/assert.ts";
import { SyncError } from "../../src/model/errors.ts";
import { type Owner, parseOwner } from "../../src/model/owner.ts";
import type { EntryChange } from "../../src/model/entry.ts";
import type { LogRecord } from "../../src/model/log.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Value } from "../../src/model/value.ts";
import { SPOKEN, type Versions } from "../../src/protocol/version.ts";
import { addressFiles } from "../../src/import-export/address-files.ts";
import { createModule, type Parts } from "../../src/module.ts";
import { PanelApp } from "../../src/panel/panel-app.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { makeServer } from "../../src/roles/make-server.ts";
import { ServerBackup } from "../../src/roles/server-backup.ts";
import { takeOver } from "../../src/roles/take-over.ts";
import { mendReplica } from "../../src/store/mend-replica.ts";
import type { ItemStore } from "../../hal/item-store.ts";
import type { MaxUsersPolicy } from "../../hal/restrictions.ts";
import type { Network, ProxySettings } from "../../hal/network.ts";
import type { ActiveModule, Administration, ModuleStatus, Synchronized } from "../../hal/services.ts";
import type { HistoryRecord } from "../../hal/services/history.ts";
import type { Preview } from "../../hal/services/preview.ts";
import type { Provenance } from "../../hal/services/provenance.ts";
import { GroupSockets } from "../../hal/sim/group-sockets.ts";
import { createSimHal, type SimHal } from "../../hal/sim/sim-hal.ts";
import type { SimPolicy } from "../../hal/sim/sim-users.ts";
import type { Users } from "../../hal/users.ts";
import { quickStretcher } from "../import-export/quick-stretcher.ts";
import { halView } from "./hal-view.ts";
import type { Dice } from "./random.ts";
import { VirtualDisk } from "./virtual-disk.ts";
import type { Node, VirtualNetwork } from "./virtual-network.ts";
import { ClockHardware, type ClockFault, Life, type World } from "./virtual-time.ts";

export interface MachineFacts {
  readonly name: string;
  readonly address: string;
  /** false: a client-only model. */
  readonly server: boolean;
  readonly clock: ClockFault;
  /** The machine whose key it has: its image was copied. Its own where none is named. */
  readonly keyOf?: string;
  readonly config: Config;
}

export interface MachineParts {
  readonly world: World;
  readonly network: VirtualNetwork;
  readonly dice: Dice;
  readonly facts: MachineFacts;
  /** Runs the world until the promise has settled. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
  readonly say: (line: string) => void;
}

const SERVER_ACCOUNT = { account: "Administrator", password: "desk", trust: "first-answer" } as const;
/** At hand, so that nothing of the simulation waits for a disk that is not simulated. */
const PARTS: Parts = {
  openPanel: (given) => Promise.resolve(new PanelApp({ ...given, texts: LANGUAGES })),
  makeServer,
  mendReplica,
  takeOver,
  loadBackups: () => Promise.resolve(ServerBackup),
  loadAddressFiles: () => Promise.resolve(addressFiles),
};
/** So much of a value is said. */
const SAID_MAX = 300;
/** The runtime starts a module that died again after this long. */
const RESTART_MS = 1_000;

export class VirtualMachine implements Node {
  readonly name: string;
  readonly serialNumber: string;
  readonly deviceName: string;
  readonly moduleDisk: VirtualDisk;
  readonly machineDisk: VirtualDisk;
  readonly clock: ClockHardware;
  readonly crashes: unknown[] = [];
  /** What its module speaks, from the next start on: an older or a newer one than the others. */
  protocol: Versions = SPOKEN;
  /** What its next start is configured with. */
  config: Config;
  /** The order of its network places, from the next power-on. */
  networkPlaces = "";
  /** It has the image of another machine. */
  isCopy = false;
  /** It is off for good: nobody switches it on any more. */
  isPutAway = false;
  /** Where its client function was pointed to last. */
  destination: string | undefined;
  /** When it last fell into full sleep. */
  sleptAtMs = Number.NEGATIVE_INFINITY;
  /** Knobs of this model, set at each power-on before the module starts. */
  outfit: ((hal: SimHal) => void) | undefined;
  /** Milliseconds that the time server lets a machine wait beyond what is usual. */
  timeServerLateMs = 0;
  /** Milliseconds that the time server is wrong by. */
  timeServerLieMs = 0;
  /** What the machine's time server does at the next power-on. */
  timeServer: "answers" | "silent" | "off";
  readonly #parts: MachineParts;
  /** What the administrator chose; a machine keeps it over a power cycle. */
  #maxUsersPolicy: MaxUsersPolicy = "delete-oldest";
  #settings: Partial<SimPolicy> = {};
  #generation = 0;
  #hal: SimHal | undefined;
  #halLife: Life | undefined;
  #life: Life | undefined;
  #active: ActiveModule | undefined;
  #isLookedAt = false;
  #seen: { readonly status: ModuleStatus | undefined } | undefined;
  #ending: ActiveModule | undefined;
  #powered = false;
  #keyOf: string | undefined;
  /** Checkers ask for it with each message. */
  #identity: { readonly of: string; readonly id: DeviceId } | undefined;
  #identityEnds = false;
  #keyStores = 0;
  #proxy: ProxySettings = { proxy: undefined, proxyExcludesLocalhost: true };
  #address: string;
  #sockets: GroupSockets | undefined;
  readonly #proxyListeners = new Set<(settings: ProxySettings) => void>();

  constructor(parts: MachineParts) {
    const { world, dice, facts } = parts;
    this.#parts = parts;
    this.name = facts.name;
    this.config = facts.config;
    this.#keyOf = facts.keyOf;
    this.#address = facts.address;
    this.deviceName = `machine ${facts.name}`;
    this.serialNumber = `SN-${facts.name}`;
    this.moduleDisk = new VirtualDisk(dice.fork("module disk"));
    this.machineDisk = new VirtualDisk(dice.fork("machine disk"));
    this.clock = new ClockHardware(world, facts.clock);
    // Where the clock is to be wrong, nobody may put it right.
    this.timeServer = facts.clock.offsetMs === 0 ? "answers" : "off";
  }

  /** Goes on as that one of an earlier fleet, which is off: with its disks and clock, its key, and what its administrator chose. */
  goOnFrom(before: VirtualMachine): void {
    this.moduleDisk.replace(before.moduleDisk.medium.content);
    this.machineDisk.replace(before.machineDisk.medium.content);
    this.clock.goOnFrom(before.clock);
    this.destination = before.destination;
    this.#address = before.#address;
    this.#proxy = before.#proxy;
    this.#maxUsersPolicy = before.#maxUsersPolicy;
    this.#settings = before.#settings;
    this.#generation = before.#generation;
    this.#keyStores = before.#keyStores;
    this.#identityEnds = before.#identityEnds;
  }

  // ---- what the network asks

  get address(): string {
    return this.#address;
  }

  get identity(): DeviceId {
    const of = `${this.#keyOf ?? this.name} ${this.#generation}`;
    if (this.#identity?.of !== of) this.#identity = { of, id: deviceId(createHash("sha256").update(of).digest("hex").slice(0, 32)) };
    return this.#identity.id;
  }

  /** Its module has ended its key: the next start makes a new one. */
  get identityEnds(): boolean {
    return this.#identityEnds;
  }

  async endIdentity(life: Life): Promise<void> {
    if (!life.over) this.#identityEnds = true;
  }

  get powered(): boolean {
    return this.#powered;
  }

  get users(): Users {
    return this.hal.users;
  }

  get proxy(): ProxySettings {
    return this.#proxy;
  }

  get wallMs(): number {
    return this.clock.wallMs();
  }

  get groups(): GroupSockets | undefined {
    return this.#sockets;
  }

  wakeForConnection(): boolean {
    return this.#hal === undefined || this.#hal.power.state !== "full-sleep" || this.#hal.power.wake("connection");
  }

  // ---- what tests look at

  get hal(): SimHal {
    return must(this.#hal, `${this.name} is switched on`);
  }

  /** It was switched on and is not ready yet. */
  get starting(): boolean {
    return this.#halLife !== undefined && this.#active === undefined;
  }

  /** The machine runs, with or without the module. */
  get on(): boolean {
    return this.#hal !== undefined;
  }

  get running(): boolean {
    return this.#active !== undefined;
  }

  /** The module is being stopped in order: what it holds it gives up, one after another. */
  get isEnding(): boolean {
    return this.#ending !== undefined && this.#ending === this.#active;
  }

  get administration(): Administration {
    return must(this.#active, `the module of ${this.name} runs`).administration;
  }

  get status(): ModuleStatus | undefined {
    if (!this.#isLookedAt) return this.#active?.administration.status();
    this.#seen ??= { status: this.#active?.administration.status() };
    return this.#seen.status;
  }

  /** While checkers look, which changes nothing, its status is put together once for all of them. */
  set isLookedAt(isLookedAt: boolean) {
    this.#isLookedAt = isLookedAt;
    this.#seen = undefined;
  }

  get asleep(): boolean {
    return this.#hal?.power.state === "full-sleep";
  }

  /** The module keeps the machine from sleeping fully. */
  get heldAwake(): boolean {
    return this.#hal !== undefined && this.#hal.power.holds().length > 0;
  }

  get log(): readonly LogRecord[] {
    return this.administration.log();
  }

  // ---- power

  /** Resolves when the module is active; after a kill it goes on from what is durable. */
  async switchOn(): Promise<void> {
    await this.#parts.until(this.switchOnSoon());
    if (this.crashes.length > 0) throw this.crashes[0];
  }

  async switchOnSoon(): Promise<void> {
    if (this.#halLife !== undefined) return;
    this.#say("switched on");
    if (!this.#powered) this.#powerOn();
    const { world, dice, facts } = this.#parts;
    const life = new Life(world, `${this.name} hal`);
    this.#halLife = life;
    const hal = await createSimHal({
      clock: this.clock.view(life),
      random: dice.fork(`hal ${world.nowMs}`).bytes,
      storage: this.moduleDisk.peek(),
      machineStorage: this.machineDisk.mount(life),
      network: this.#network(),
      deviceKey: createHash("sha256")
        .update(`key of ${facts.keyOf ?? this.name}${this.#keyStores === 0 ? "" : ` ${this.#keyStores}`}`)
        .digest(),
      device: {
        serialNumber: this.serialNumber,
        productName: "Simulated 7000",
        deviceName: this.deviceName,
        location: "virtual",
        server: facts.server,
        networkPlaces: this.networkPlaces,
      },
      // The rest of SCRAM-SHA-256 is as it is: the real number of rounds would be a quarter and more of what a join takes here.
      iterations: 1,
    });
    if (life.over) return;
    hal.restrictions.chooseMaxUsersPolicy(this.#maxUsersPolicy);
    hal.users.setPolicy(this.#settings);
    this.#hal = hal;
    this.outfit?.(hal);
    hal.power.onState((state) => {
      // What ran before a restart gives up its hold later: that is no affair of the machine that is on now.
      if (life.over) return;
      this.#say(`power: ${state}`);
      if (state !== "full-sleep") return this.#life?.wake();
      this.sleptAtMs = world.nowMs;
      queueMicrotask(() => {
        if (hal.power.state === "full-sleep") this.#life?.fallAsleep();
      });
    });
    hal.power.onRestart(() => void this.restartSoon());
    await this.startModuleSoon();
  }

  /** The process is killed: nobody is told by it, but the operating system closes its connections. */
  kill(): void {
    this.#say("killed");
    this.#end("closed");
  }

  /** The power is cut: silence, and the clock counts from 0 when it is back. */
  powerOff(): void {
    this.#say("without power");
    this.#powered = false;
    this.#end("silent");
  }

  /** An orderly restart of the machine, as an administrator asks for. */
  async restart(): Promise<void> {
    await this.#parts.until(this.restartSoon());
  }

  async restartSoon(): Promise<void> {
    this.#say("restarts");
    const halLife = this.#halLife;
    this.#ending = this.#active;
    await this.#active?.deactivate();
    if (halLife !== this.#halLife) return;
    this.#powered = false;
    this.#end("closed");
    await this.switchOnSoon();
  }

  /** The module is stopped in order; the machine goes on. */
  async deactivate(): Promise<void> {
    const active = must(this.#active, `the module of ${this.name} runs`);
    this.#ending = active;
    await this.#parts.until(active.deactivate());
    this.#endModule("closed");
  }

  /** Its storages are lost: nothing is left of data, pairing and key (M20). The machine is off afterwards. */
  breakDown(): void {
    this.powerOff();
    this.moduleDisk.wipe();
    this.machineDisk.wipe();
    this.#generation += 1;
    this.#say("broke down: its storages are empty");
  }

  /** Its main board was exchanged: the storages are there, and nobody opens what the old key store had sealed, its own key among it. */
  loseKeyStore(): void {
    this.powerOff();
    this.#keyStores += 1;
    this.#generation += 1;
    this.#say("has another key store");
  }

  /** [Energy Saver]: as deep as it may go for now. */
  async sleepFully(): Promise<void> {
    await this.#parts.until(this.hal.power.pressEnergySaver());
  }

  wake(): void {
    this.hal.power.wake("key");
  }

  async startModule(): Promise<void> {
    await this.#parts.until(this.startModuleSoon());
  }

  async startModuleSoon(): Promise<void> {
    const { world, network, dice } = this.#parts;
    const hal = this.hal;
    const life = new Life(world, this.name);
    this.#life = life;
    if (this.#identityEnds) this.#becomeAnother();
    const own = { clock: this.clock.view(life), storage: this.moduleDisk.mount(life) };
    const random = dice.fork(`module ${world.nowMs} ${world.events}`).bytes;
    const view = halView(hal, own, life);
    const links = network.linksOf(this, life, view);
    const module = createModule(view, this.config, {
      links,
      random,
      stretcher: quickStretcher,
      protocol: this.protocol,
      parts: PARTS,
    });
    try {
      const active = await module.start();
      if (life.over) return;
      this.#active = active;
      active.crashed.catch((error: unknown) => this.#crashed(life, error));
    } catch (error) {
      if (!life.over) this.#crashed(life, error);
    }
  }

  #becomeAnother(): void {
    this.#identityEnds = false;
    this.#keyOf = undefined;
    this.#generation += 1;
    this.isCopy = false;
  }

  // ---- the administrator

  async startServer(): Promise<Refusal | Synchronized> {
    this.#say("server function: start");
    return await this.#parts.until(this.administration.synchronize({ server: true }));
  }

  async stopServer(): Promise<Refusal | Synchronized> {
    this.#say("server function: stop");
    return await this.#parts.until(this.administration.synchronize({ server: false }));
  }

  /** Takes effect after a restart (M08). */
  async startClient(destination: string): Promise<Refusal | Synchronized> {
    return await this.#parts.until(this.startClientSoon(destination));
  }

  /** `searchDepth`: a search of that depth has found the destination. */
  startClientSoon(destination: string, searchDepth?: number): Promise<Refusal | Synchronized> {
    this.#say(`client function: start, destination ${destination}`);
    this.destination = destination;
    return this.administration.synchronize({ client: { destination, searchDepth, ...SERVER_ACCOUNT } });
  }

  async stopClient(): Promise<Refusal | Synchronized> {
    return await this.#parts.until(this.stopClientSoon());
  }

  stopClientSoon(): Promise<Refusal | Synchronized> {
    this.#say("client function: stop");
    return this.administration.synchronize({ client: null });
  }

  async deleteOwner(owner: string): Promise<Refusal | "done"> {
    this.#say(`deletes ${owner} on the server`);
    return await this.#parts.until(this.administration.deleteOwner(ownerNamed(owner)));
  }

  /** Where an entry comes from (B04). */
  async why(owner: string, item: string, key: string): Promise<Provenance> {
    const outcome = await this.#parts.until(this.administration.why(ownerNamed(owner), item, key));
    if ("word" in outcome) throw new Error(`${this.name} knows nothing of ${owner} ${item}: ${outcome.word}`);
    return outcome;
  }

  /** What lost on this machine (B02), the newest first. */
  async history(owner?: string): Promise<readonly HistoryRecord[]> {
    return await this.#parts.until(this.administration.history(owner === undefined ? undefined : ownerNamed(owner)));
  }

  /** [Data Sharing Details] on the server machine. */
  async setSharing(scopes: Readonly<Record<string, Scope>>): Promise<Refusal | "done"> {
    this.#say(`sets scopes on the server: ${JSON.stringify(scopes)}`);
    return await this.#parts.until(this.administration.setSharing(scopes));
  }

  /** What a join would do (B01): with `destination`, on a machine whose client function is not started. */
  previewSoon(destination: string | undefined, owner: string | undefined): Promise<Refusal | Preview> {
    const settings = destination === undefined ? {} : { settings: { destination, ...SERVER_ACCOUNT } };
    return this.administration.preview({ ...settings, ...(owner === undefined ? {} : { owner: ownerNamed(owner) }) });
  }

  /** What a join would do (B01). */
  async preview(owner?: string): Promise<Preview> {
    const asked = owner === undefined ? {} : { owner: ownerNamed(owner) };
    const outcome = await this.#parts.until(this.administration.preview(asked));
    if ("word" in outcome) throw new Error(`${this.name} has no preview: ${outcome.word}`);
    return outcome;
  }

  /** Puts back what lost of an owner; how many edits that made, or the word of the refusal. */
  async putBack(owner: string, ids?: readonly string[]): Promise<number | string> {
    const chosen = { owner: ownerNamed(owner), ...(ids === undefined ? {} : { ids }) };
    const outcome = await this.#parts.until(this.administration.putBack(chosen));
    return "word" in outcome ? outcome.word : outcome.entries;
  }

  /** <Action When Maximum Number of Users Exceeded> (M22). */
  chooseMaxUsersPolicy(policy: MaxUsersPolicy): "chosen" | "locked" {
    const outcome = this.hal.restrictions.chooseMaxUsersPolicy(policy);
    if (outcome === "chosen") this.#maxUsersPolicy = policy;
    return outcome;
  }

  /** Authentication and group management settings (M10); kept over a power cycle. */
  chooseSettings(settings: Partial<SimPolicy>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.#hal?.users.setPolicy(settings);
  }

  // ---- people

  /** Somebody sets an entry; resolves when the machine has it durably. */
  async edit(owner: string, item: string, key: string, value: Value): Promise<readonly number[]> {
    return await this.#parts.until(this.changeSoon(owner, item, key, value));
  }

  async delete(owner: string, item: string, key: string): Promise<readonly number[]> {
    return await this.#parts.until(this.changeSoon(owner, item, key, undefined));
  }

  /** Many entries at once; where the machine takes part, its module has taken note of them as well: that takes a while. */
  async editAll(changes: readonly EntryChange[], by = "import"): Promise<void> {
    for (const store of [this.hal.settings, this.hal.addressBook]) {
      const own = changes.filter(({ item }) => store.items.has(item));
      if (own.length === 0) continue;
      const marks = await this.#parts.until(store.edit(own, by));
      if (this.status?.client?.revision !== undefined) await this.#parts.until(this.administration.recorded(marks));
    }
  }

  changeSoon(owner: string, item: string, key: string, value: Value | undefined): Promise<readonly number[]> {
    const to = value === undefined ? "" : ` to ${JSON.stringify(value).slice(0, SAID_MAX)}`;
    this.#say(`${value === undefined ? "deletes" : "sets"} ${owner} ${item} ${JSON.stringify(key)}${to}`);
    const by = this.hal.users.loggedIn()?.owner ?? "";
    return this.#storeOf(item).edit([{ owner: ownerNamed(owner), item, key, value }], by);
  }

  async login(owner: string): Promise<void> {
    await this.#parts.until(this.hal.users.logIn(ownerNamed(owner), ""));
  }

  async logout(): Promise<void> {
    await this.#parts.until(this.hal.users.logOut());
  }

  /** What the machine shows; undefined when it has no such entry. */
  async read(owner: string, item: string, key: string): Promise<Value | undefined> {
    const entries = await this.#parts.until(this.#storeOf(item).read(ownerNamed(owner)));
    return entries.find((entry) => entry.item === item && entry.key === key)?.value;
  }

  async owners(): Promise<string[]> {
    const lists = await this.#parts.until(Promise.all([this.hal.settings.owners(), this.hal.addressBook.owners()]));
    return [...new Set(lists.flat())].sort();
  }

  // ---- cables and clocks

  unplug(): void {
    this.#say("cable out");
    this.#parts.network.unplug(this.name);
  }

  plug(): void {
    this.#say("cable in");
    this.#parts.network.plug(this.name);
  }

  /** Another address from the next start on. */
  moveTo(address: string): void {
    this.#address = address;
  }

  /** Its answer sets the wall clock, right or wrong. */
  askTimeServer(): void {
    if (this.timeServer === "answers") this.clock.setSntp("answered", this.timeServerLieMs);
    else this.clock.setSntp("silent");
  }

  setProxy(settings: ProxySettings): void {
    this.#proxy = settings;
    for (const listener of [...this.#proxyListeners]) listener(settings);
  }

  // ---- inside

  #powerOn(): void {
    this.#powered = true;
    this.clock.powerOn(this.timeServer === "off" ? "not set" : "set");
    if (this.timeServer === "off") return;
    const { boot } = this.clock;
    this.#parts.world.after(this.#parts.dice.between(100, 2_000) + this.timeServerLateMs, `${this.name} SNTP`, () => {
      if (this.#powered && this.clock.boot === boot) this.askTimeServer();
    });
  }

  #end(how: "closed" | "silent"): void {
    this.#endModule(how);
    const life = this.#halLife;
    if (life === undefined) return;
    life.end();
    this.machineDisk.kill(life);
    this.#halLife = undefined;
    this.#hal = undefined;
  }

  #endModule(how: "closed" | "silent"): void {
    const life = this.#life;
    if (life === undefined) return;
    life.end();
    this.moduleDisk.kill(life);
    this.#parts.network.processEnded(life, this.name, how);
    this.#sockets?.closeAll();
    this.#sockets = undefined;
    this.#life = undefined;
    this.#active = undefined;
  }

  #crashed(life: Life, error: unknown): void {
    if (life.over) return;
    this.crashes.push(error);
    this.#say(`module crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    this.#endModule("closed");
    const halLife = this.#halLife;
    halLife?.after(RESTART_MS, "runtime starts the module again", () => {
      if (this.#active === undefined && this.#life === undefined) void this.startModuleSoon();
    });
  }

  #storeOf(item: string): ItemStore {
    return itemOf(item)?.heldIn === "address-book" ? this.hal.addressBook : this.hal.settings;
  }

  /** Of the module's life: they go with it. */
  #groups(): GroupSockets {
    const { network } = this.#parts;
    this.#sockets ??= new GroupSockets({ address: this.address, send: (datagram) => network.groupDatagram(this, datagram) });
    return this.#sockets;
  }

  #network(): Network {
    const none = async (): Promise<never> => {
      throw new SyncError("hal-unavailable", "this machine has no sockets: its messages travel over the virtual network");
    };
    return {
      address: this.address,
      listen: none,
      connect: none,
      datagrams: none,
      joinGroup: async (group, options) => this.#groups().join(group, options),
      askGroup: async (group, options) => this.#groups().ask(group, options),
      proxy: () => this.#proxy,
      onProxy: (listener) => {
        this.#proxyListeners.add(listener);
        return () => this.#proxyListeners.delete(listener);
      },
    };
  }

  #say(what: string): void {
    this.#parts.say(`${this.name}: ${what}`);
  }
}

export const ownerNamed = (text: string): Owner => must(parseOwner(text), `${text} names an owner`);
