/**
 * A whole fleet in one process and in virtual time. Scenarios speak in machines:
 *
 *     const fleet = await Fleet.start({ server: "s", clients: ["a", "b"] });
 *     await fleet.at("a").edit("user:alice", "display-language", "", "de");
 *     await fleet.settle();
 *     t.is(await fleet.everywhere("user:alice", "display-language", ""), "de");
 *
 * What a machine does takes virtual time, and that passes only while somebody waits for it.
 */
import { isDeepStrictEqual } from "node:util";
import { must } from "../../src/model/assert.ts";
import { type Config, DEFAULT_CONFIG } from "../../src/model/config.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Scope } from "../../src/model/item.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Value } from "../../src/model/value.ts";
import type { JournalWatch } from "./journal-watch.ts";
import { VirtualMachine } from "./machine.ts";
import { type Dice, seededDice } from "./random.ts";
import { FAIR_WEATHER, VirtualNetwork, type Weather } from "./virtual-network.ts";
import { type ClockFault, World } from "./virtual-time.ts";
import { Wiretap } from "./wiretap.ts";

export interface FleetOptions {
  readonly seed?: number | string;
  /** The server machine; undefined: nobody serves yet. */
  readonly server?: string;
  /** The server machine takes part through its own client function (M04). */
  readonly serverTakesPart?: boolean;
  readonly clients?: readonly string[];
  /** More machines, switched on and doing nothing. */
  readonly others?: readonly string[];
  /** false: the clients are switched on, but nothing is started on them. */
  readonly joined?: boolean;
  readonly clientOnly?: readonly string[];
  readonly clocks?: Readonly<Record<string, ClockFault>>;
  readonly config?: Partial<Config>;
  readonly weather?: Weather;
  readonly onLine?: (line: string) => void;
  /** What the world's clock says in the beginning; 0 where nothing is said. */
  readonly nowMs?: number;
  /** Is given each machine before it is switched on for the first time. */
  readonly onMachine?: (machine: VirtualMachine) => void;
}

/** A fleet that is off. */
export interface FleetImage {
  readonly options: FleetOptions;
  readonly nowMs: number;
  readonly machines: readonly VirtualMachine[];
  /** The machines that were on before. */
  readonly wereOn: readonly string[];
  readonly journal: JournalWatch;
}

/** A true clock. */
export const RIGHT: ClockFault = { offsetMs: 0, driftPpm: 0 };
const WAIT_MS_MAX = 10 * 60_000;
const TRANSCRIPT_LINES_MAX = 2_000;

export class Fleet {
  readonly world: World;
  readonly network: VirtualNetwork;
  readonly dice: Dice;
  readonly wiretap: Wiretap;
  readonly transcript: string[] = [];
  readonly #machines = new Map<string, VirtualMachine>();
  /** The same in a list, which is another one when a machine is added. */
  #listed: readonly VirtualMachine[] = [];
  readonly #options: FleetOptions;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.dice = seededDice(options.seed ?? 1);
    this.world = new World(options.nowMs);
    this.network = new VirtualNetwork({ world: this.world, dice: this.dice.fork("network") });
    this.network.weather = options.weather ?? FAIR_WEATHER;
    this.wiretap = new Wiretap(this.network);
  }

  /** The fleet with its functions started and, unless `joined` is false, its clients up to date. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options);
    const { server, serverTakesPart = false, clients = [], others = [], joined = true } = options;
    for (const name of [...(server === undefined ? [] : [server]), ...clients, ...others]) await fleet.add(name);
    if (server !== undefined) await fleet.serve(server, serverTakesPart);
    if (joined && server !== undefined) await fleet.join(...clients);
    return fleet;
  }

  /** Switches all its machines off, and gives what a fleet that goes on from there is made with. */
  image(): FleetImage {
    const wereOn = this.machines.filter(({ on }) => on).map(({ name }) => name);
    for (const machine of this.machines) if (machine.on) machine.powerOff();
    return { options: this.#options, nowMs: this.world.nowMs, machines: this.machines, wereOn, journal: this.wiretap.journal };
  }

  /**
   * The fleet of an image, as often as one likes, always the same one: the machines that were on are switched on again and have come to
   * rest. What is gone is what a power cut takes. Its chance is another one than before, as its runs are.
   */
  static async goOnFrom({ options, nowMs, machines, wereOn, journal }: FleetImage): Promise<Fleet> {
    const fleet = new Fleet({ ...options, nowMs, seed: `${options.seed ?? 1} goes on` });
    fleet.wiretap.journal.goOnFrom(journal);
    for (const before of machines) fleet.#build(before.name, undefined).goOnFrom(before);
    const woken = wereOn.map((name) => fleet.at(name));
    for (const machine of woken) void machine.switchOnSoon();
    // A server machine asks for the time first, and whoever hears that it does not serve yet would count as settled.
    const isUp = ({ running, status }: VirtualMachine): boolean => running && (status?.server?.state ?? "running") === "running";
    await fleet.when(() => woken.every(isUp), 10_000, "being switched on again");
    await fleet.settle();
    return fleet;
  }

  async add(name: string): Promise<VirtualMachine> {
    const machine = this.#build(name, undefined);
    await machine.switchOn();
    return machine;
  }

  /** Another machine, with the image of this one copied to it: its storages and its key. It is off. */
  clone(name: string, as: string): VirtualMachine {
    const original = this.at(name);
    const machine = this.#build(as, name);
    machine.moduleDisk.replace(original.moduleDisk.medium.content);
    machine.machineDisk.replace(original.machineDisk.medium.content);
    machine.destination = original.destination;
    machine.isCopy = true;
    return machine;
  }

  #build(name: string, keyOf: string | undefined): VirtualMachine {
    const { clocks = {}, clientOnly = [], config = {} } = this.#options;
    const machine = new VirtualMachine({
      world: this.world,
      network: this.network,
      dice: this.dice.fork(name),
      facts: {
        name,
        address: `10.0.0.${this.#machines.size + 1}`,
        server: !clientOnly.includes(name),
        clock: clocks[name] ?? RIGHT,
        config: { ...DEFAULT_CONFIG, ...config },
        ...(keyOf === undefined ? {} : { keyOf }),
      },
      until: (promise) => this.until(promise),
      say: (line) => this.say(line),
    });
    this.#machines.set(name, machine);
    this.#listed = [...this.#machines.values()];
    this.network.addNode(machine);
    this.#options.onMachine?.(machine);
    return machine;
  }

  at(name: string): VirtualMachine {
    return must(this.#machines.get(name), `there is a machine ${name}`);
  }

  get machines(): readonly VirtualMachine[] {
    return this.#listed;
  }

  /** Those that nobody has put away. */
  get inUse(): readonly VirtualMachine[] {
    return this.machines.filter(({ isPutAway }) => !isPutAway);
  }

  /** Has checkers look at this very moment: nothing they do changes what a machine says of itself. */
  lookedAt<T>(look: () => T): T {
    for (const machine of this.machines) machine.isLookedAt = true;
    try {
      return look();
    } finally {
      for (const machine of this.machines) machine.isLookedAt = false;
    }
  }

  /** The machine whose server function is on. */
  get server(): VirtualMachine | undefined {
    let stoodDown: VirtualMachine | undefined;
    // Asked with every event: the status of the others is not put together where the first of them serves.
    for (const machine of this.machines) {
      const state = machine.status?.server?.state;
      if (state !== undefined && state !== "stood-down") return machine;
      if (state !== undefined) stoodDown ??= machine;
    }
    return stoodDown;
  }

  /** Sets the clock right and starts the server function; with `takesPart` its own client too. */
  async serve(name: string, takesPart = false): Promise<void> {
    const machine = this.at(name);
    await this.when(() => machine.clock.sntp().kind === "answered", 10_000, `the clock of ${name}`);
    const outcome = await machine.startServer();
    if (outcome !== "done") throw new Error(`${name} does not serve: ${JSON.stringify(outcome)}`);
    if (!takesPart) return;
    await machine.startClient("localhost");
    await machine.restart();
    await this.settle();
  }

  /** Starts the client function on these machines, restarts them, and waits until they are up to date. */
  async join(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.pair(name);
      await this.at(name).restart();
    }
    await this.settle();
  }

  /** Starts the client function on these machines: they join when they are switched on the next time (M08). */
  async pair(...names: readonly string[]): Promise<void> {
    const server = must(this.server, "somebody serves");
    for (const name of names) {
      const outcome = await this.at(name).startClient(server.address);
      if (outcome !== "done" && "word" in outcome) throw new Error(`${name} does not join: ${JSON.stringify(outcome)}`);
    }
  }

  /**
   * Changes scopes as an administrator has to (M18): every machine but the server is switched off, the scopes are set, and
   * those in `back` are switched on again, one after the other, each up to date before the next.
   */
  async setSharing(scopes: Readonly<Record<string, Scope>>, back?: readonly string[]): Promise<void> {
    const server = must(this.server, "somebody serves");
    const others = this.machines.filter((machine) => machine !== server && machine.on);
    for (const machine of others) machine.powerOff();
    await this.advance(LIMITS.leaseMs + LIMITS.beatMs);
    const outcome = await server.setSharing(scopes);
    if (outcome !== "done") throw new Error(`the scopes were not set: ${JSON.stringify(outcome)}`);
    await this.settle();
    for (const name of back ?? others.map((machine) => machine.name)) {
      await this.at(name).switchOn();
      await this.settle();
    }
  }

  // ---- the server's data as a file

  /** A backup of the server function of this machine, under the passphrase "secret words". */
  async backup(name: string): Promise<Uint8Array> {
    const outcome = await this.until(this.at(name).administration.backup("secret words"));
    if (outcome.kind !== "backed-up") throw new Error(`${name} makes no backup: ${JSON.stringify(outcome)}`);
    this.say(`${name}: backed up`);
    return outcome.file;
  }

  /** A client machine becomes the server in the place of one that is lost (B06). */
  async takeOver(name: string): Promise<Refusal | "done"> {
    const machine = this.at(name);
    this.say(`${name}: takes over`);
    const outcome = await this.until(machine.administration.takeOver());
    if (outcome === "done") machine.destination = "localhost";
    return outcome;
  }

  async restore(name: string, file: Uint8Array): Promise<Refusal | "done"> {
    this.say(`${name}: restores a backup`);
    return await this.until(this.at(name).administration.restore(file, "secret words"));
  }

  // ---- time

  async advance(ms: number): Promise<void> {
    const endMs = this.world.nowMs + ms;
    await this.world.settleNow();
    while (await this.world.step(endMs));
  }

  /** Runs the world until the promise has settled; throws when it does not within ten virtual minutes. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    promise.then(
      () => (settled = true),
      () => (settled = true),
    );
    await this.world.settleNow();
    const endMs = this.world.nowMs + WAIT_MS_MAX;
    while (!settled) if (!(await this.world.step(endMs))) throw this.failure("waited ten virtual minutes for nothing");
    return await promise;
  }

  /** Runs the world until `isSo`, looking after each event; throws after `boundMs`. */
  async when(isSo: () => boolean, boundMs = 120_000, what = "it"): Promise<void> {
    const endMs = this.world.nowMs + boundMs;
    await this.world.settleNow();
    while (!isSo()) if (!(await this.world.step(endMs))) throw this.failure(`${what} did not come true within ${boundMs} ms`);
  }

  /** Runs the world until every machine that can be is up to date, and a moment longer. */
  async settle(boundMs = 120_000): Promise<void> {
    await this.advance(50);
    await this.when(() => this.isSettled(), boundMs, "being up to date");
    await this.advance(200);
    await this.when(() => this.isSettled(), boundMs, "being up to date");
  }

  /** Every machine that can be is up to date. */
  isSettled(): boolean {
    return this.machines.every((machine) => this.#isSettled(machine));
  }

  /** Up to date, or with a good reason not to be. */
  #isSettled(machine: VirtualMachine): boolean {
    if (!machine.on || machine.asleep) return true;
    const client = machine.status?.client;
    if (machine.status === undefined) return false;
    if (client === undefined || client.state === "restart-needed" || client.state === "refused" || client.state === "paused") return true;
    const server = this.#serverOf(machine);
    const reachable = server?.running && server.status?.server !== undefined && (server === machine || !this.#apart(server, machine));
    if (!reachable) return client.state === "offline";
    // Whom its server knew no more when it was heard last stays away until somebody starts it anew.
    if (client.state === "offline" && (client.reason === "put-out" || client.reason === "not-paired")) return true;
    // Whoever hears that the server function does not run goes on from its own copy until it does.
    if (client.reason === "server-not-running" && server.status?.server?.state !== "running") return true;
    const revision = server.status?.server?.revision;
    return client.state === "synchronized" && client.pending === 0 && client.revision === revision && this.#shows(machine, revision);
  }

  /** Where its client function goes. */
  #serverOf(machine: VirtualMachine): VirtualMachine | undefined {
    if (machine.destination === "localhost") return machine;
    return this.machines.find(({ address }) => address === machine.destination) ?? this.server;
  }

  #shows(machine: VirtualMachine, revision: number | undefined): boolean {
    const { settings, addressBook } = machine.hal;
    return settings.appliedPosition()?.revision === revision && addressBook.appliedPosition()?.revision === revision;
  }

  #apart(a: VirtualMachine, b: VirtualMachine): boolean {
    return this.network.isCut(a.name, b.name) || this.network.isCut(b.name, a.name);
  }

  // ---- what is there

  /** The value that all synchronised machines show; where they differ, what each shows. */
  async everywhere(owner: string, item: string, key: string): Promise<unknown> {
    const shown: Record<string, Value | undefined> = {};
    for (const machine of this.machines) {
      if (machine.on && machine.status?.client?.revision !== undefined) shown[machine.name] = await machine.read(owner, item, key);
    }
    const values = Object.values(shown);
    return values.every((value) => isDeepStrictEqual(value, values[0])) ? values[0] : shown;
  }

  say(line: string): void {
    const stamped = `${(this.world.nowMs / 1000).toFixed(3).padStart(9)}  ${line}`;
    this.transcript.push(stamped);
    if (this.transcript.length > TRANSCRIPT_LINES_MAX) this.transcript.splice(0, TRANSCRIPT_LINES_MAX / 2);
    this.#options.onLine?.(stamped);
  }

  failure(what: string): Error {
    const states = this.machines.map(
      (machine) => `${machine.name}: ${machine.on ? JSON.stringify(machine.status) : "off"}${machine.asleep ? " asleep" : ""}`,
    );
    const logs = this.machines.flatMap((machine) => (machine.running ? complaints(machine) : []));
    return new Error([`at ${this.world.nowMs} ms: ${what}`, ...states, ...logs, ...this.transcript.slice(-50)].join("\n"));
  }
}

/** The last things that went wrong, as the machine's communication log has them. */
const complaints = (machine: VirtualMachine): string[] =>
  machine.log
    .filter(({ level }) => level === "Error")
    .slice(-5)
    .map(({ at, code, text }) => `${machine.name} log ${at} ${code}: ${text}`);
