/** A server and clients of a peer, in place of our own machines. */
import { join } from "node:path";
import { type Block, PORT, claimBlock } from "../addresses.ts";
import { BenchTrouble } from "../asked-process.ts";
import type { DataSetFacts, DataSetOptions } from "../data-set.ts";
import { type JoinTimes, monotonicMs } from "../orders.ts";
import { type Address, type Conditions, type Machine, PLAIN, type Subject } from "../subject.ts";
import { PeerMachine } from "./peer-machine.ts";
import type { PeerServer } from "./peer-server.ts";

/** What a peer's server machine is made of. */
export interface ServerSite {
  /** Of the server machine. */
  readonly dir: string;
  readonly address: Address;
  readonly conditions: { readonly now: Conditions };
  /** A process of the peer's program, with the server's place. */
  readonly machine: PeerMachine;
}

export interface PeerFleetParts {
  readonly program: string;
  readonly serverOf: (site: ServerSite) => PeerServer;
  readonly workDir: string;
  readonly clients: number;
  readonly joinLimitMs: number;
  readonly settleMs: number;
}

/** What there is beside the machines. */
interface Around {
  readonly block: Block;
  readonly conditions: { now: Conditions };
  readonly server: PeerServer;
  readonly clients: readonly PeerMachine[];
}

export class PeerFleet implements Subject {
  readonly server: PeerServer;
  readonly clients: readonly PeerMachine[];
  readonly hasTls = false;
  readonly settleMs: number;
  readonly warnings = {};
  readonly #joinLimitMs: number;
  readonly #around: Around;

  private constructor({ settleMs, joinLimitMs }: PeerFleetParts, around: Around) {
    this.server = around.server;
    this.clients = around.clients;
    this.settleMs = settleMs;
    this.#joinLimitMs = joinLimitMs;
    this.#around = around;
  }

  static async open(parts: PeerFleetParts): Promise<PeerFleet> {
    const { program, workDir, clients, serverOf } = parts;
    const block = await claimBlock();
    const conditions = { now: PLAIN };
    const address = { host: block.address(1), port: PORT };
    const dirOf = (number: number): string => join(workDir, `machine-${number}`);
    const machine = (number: number): PeerMachine =>
      new PeerMachine({
        program,
        conditions,
        place: { role: number === 1 ? "server" : "client", number, dir: join(dirOf(number), "level"), ...address },
      });
    const server = serverOf({ dir: dirOf(1), address, conditions, machine: machine(1) });
    return new PeerFleet(parts, {
      block,
      conditions,
      server,
      clients: Array.from({ length: clients }, (_, index) => machine(index + 2)),
    });
  }

  get serverWitnesses(): boolean {
    return this.server.witnesses;
  }

  get conditions(): Conditions {
    return this.#around.conditions.now;
  }

  set conditions(now: Conditions) {
    this.#around.conditions.now = now;
  }

  get address(): Address {
    return this.spare(1);
  }

  spare = (number: number): Address => ({ host: this.#around.block.address(number), port: PORT });

  get serverPids(): readonly number[] {
    return this.server.pids;
  }

  async load(options: DataSetOptions, { entries }: DataSetFacts): Promise<void> {
    const loaded = await this.server.load(options);
    if (loaded.entries !== entries) throw new BenchTrouble(`${loaded.entries} entries were loaded, the data set has ${entries}`);
  }

  async freshServer(): Promise<number> {
    await Promise.all(this.clients.map((client) => client.stop()));
    await this.server.stop();
    const startMs = monotonicMs();
    await this.server.start();
    return monotonicMs() - startMs;
  }

  async prepare(client: Machine): Promise<void> {
    const machine = this.#mine(client);
    await machine.stop();
    machine.wipe();
  }

  async join(clients: readonly Machine[], onStarted: () => void = () => undefined): Promise<readonly JoinTimes[]> {
    const started = clients.map((client) => this.#mine(client).start());
    onStarted();
    await Promise.all(started);
    return await Promise.all(clients.map((client) => client.ask("joined", undefined, this.#joinLimitMs)));
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.stop()));
    await this.server.stop();
    this.#around.block.release();
  }

  #mine({ number }: Machine): PeerMachine {
    const machine = this.clients.find((client) => client.number === number);
    if (machine === undefined) throw new BenchTrouble(`there is no client ${number}`);
    return machine;
  }
}
