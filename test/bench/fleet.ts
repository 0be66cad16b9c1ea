/** The machines of the bench: one server machine whose own client is off, and client machines, each factory-new at first. */
import type { MachineView } from "../../hal/sim/control.ts";
import { NtpServer } from "../../hal/sim/desk/ntp-server.ts";
import { must } from "../../src/model/assert.ts";
import { type Block, PORT, claimBlock } from "./addresses.ts";
import { BenchTrouble } from "./asked-process.ts";
import { BenchMachine } from "./bench-machine.ts";
import type { DataSetFacts, DataSetOptions } from "./data-set.ts";
import { type JoinTimes, monotonicMs } from "./orders.ts";
import { type Address, type Conditions, PLAIN, type Subject } from "./subject.ts";

export interface FleetParts {
  readonly distDir: string;
  readonly workDir: string;
  /** Client machines, 2 at least. */
  readonly clients: number;
  /** A machine that takes longer than this to join is trouble; ms. */
  readonly joinLimitMs: number;
  readonly profileDir?: string | undefined;
  /** In memory, for what the printers themselves keep; undefined: that is on the disk as all the rest. */
  readonly storesDir?: string | undefined;
  /** Memory is looked at this long after the work, when V8 had time to collect; ms. */
  readonly settleMs: number;
}

const isActive = (view: MachineView): boolean => view.moduleActive;
const serves = ({ server }: MachineView): boolean => server?.state === "running";
const isUpToDate = ({ client }: MachineView): boolean => client?.state === "synchronized";

/** What there is beside the machines. */
interface Around {
  readonly conditions: { now: Conditions };
  readonly ntp: NtpServer;
  readonly block: Block;
}

export class Fleet implements Subject {
  readonly server: BenchMachine;
  readonly clients: readonly BenchMachine[];
  readonly serverWitnesses = true;
  readonly hasTls = true;
  readonly settleMs: number;
  readonly #joinLimitMs: number;
  readonly #around: Around;

  private constructor(machines: readonly BenchMachine[], { joinLimitMs, settleMs }: FleetParts, around: Around) {
    this.server = must(machines[0], "a fleet has a server machine");
    this.clients = machines.slice(1);
    this.settleMs = settleMs;
    this.#joinLimitMs = joinLimitMs;
    this.#around = around;
  }

  static async open(parts: FleetParts): Promise<Fleet> {
    const { distDir, workDir, clients, profileDir, storesDir } = parts;
    const block = await claimBlock();
    const ntp = new NtpServer({ wallMs: () => Date.now() });
    const sntp = `127.0.0.1:${await ntp.start()}`;
    const conditions = { now: PLAIN };
    const machines = Array.from({ length: clients + 1 }, (_, index) => {
      const machine = new BenchMachine({
        number: index + 1,
        address: block.address(index + 1),
        distDir,
        workDir,
        sntp,
        profileDir,
        storesDir,
        conditions,
      });
      machine.wipe();
      return machine;
    });
    return new Fleet(machines, parts, { ntp, block, conditions });
  }

  get conditions(): Conditions {
    return this.#around.conditions.now;
  }

  set conditions(now: Conditions) {
    this.#around.conditions.now = now;
  }

  get address(): Address {
    return { host: this.server.address, port: PORT };
  }

  spare = (number: number): Address => ({ host: this.#around.block.address(number), port: PORT });

  get serverPids(): readonly number[] {
    return [this.server.pid];
  }

  get #first(): BenchMachine {
    return must(this.clients[0], "a fleet has a client machine");
  }

  /** Starts the server function, and gives it the data: the first client has it before it joins. Leaves both running. */
  async load(options: DataSetOptions, { entries }: DataSetFacts): Promise<void> {
    const { server } = this;
    await server.start(isActive);
    await server.call("synchronize", { server: true });
    await server.until(serves, 30_000);
    await this.#first.start(isActive);
    const loaded = await this.#first.ask("load", options, 600_000);
    if (loaded.entries !== entries) throw new BenchTrouble(`${loaded.entries} entries were loaded, the data set has ${entries}`);
    await this.#pair(this.#first);
    await this.#first.start(isUpToDate, this.#joinLimitMs);
  }

  /** Restarts the server machine with all clients off, so that it holds nothing of what was before. */
  async freshServer(): Promise<number> {
    await Promise.all(this.clients.map((client) => client.stop()));
    await this.server.stop();
    await this.server.start(serves);
    return monotonicMs() - this.server.startedAtMs;
  }

  /** Makes a client factory-new and sets what an administrator sets; it is off afterwards and joins at its next start. The server must be on. */
  async prepare(client: BenchMachine): Promise<void> {
    await client.stop();
    client.wipe();
    await client.start(isActive);
    await this.#pair(client);
  }

  /** Starts machines that were prepared; resolves once all of them are up to date. */
  async join(clients: readonly BenchMachine[], onStarted: () => void = () => undefined): Promise<readonly JoinTimes[]> {
    const started = clients.map((client) => client.start(() => true));
    // The processes exist from here on; their ids are known.
    onStarted();
    await Promise.all(started);
    return await Promise.all(clients.map((client) => client.ask("joined", undefined, this.#joinLimitMs)));
  }

  /** How often each warning or error was logged by the machines. */
  get warnings(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const code of [this.server, ...this.clients].flatMap(({ warnings }) => warnings)) counts[code] = (counts[code] ?? 0) + 1;
    return counts;
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.stop()));
    await this.server.stop();
    this.#around.ntp.close();
    this.#around.block.release();
  }

  async #pair(client: BenchMachine): Promise<void> {
    const outcome = await client.call("synchronize", {
      client: { destination: this.server.address, account: "Administrator", password: "desk", trust: "first-answer" },
    });
    if (outcome !== "done")
      throw new BenchTrouble(`machine ${client.number} was refused by the server machine: ${JSON.stringify(outcome)}`);
    await client.stop();
  }
}
