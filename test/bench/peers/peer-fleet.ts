/** A server and clients of a peer, in place of our own machines. */
import { join } from "node:path";
import { type Block, PORT, claimBlock } from "../addresses.ts";
import { BenchTrouble } from "../asked-process.ts";
import type { DataSetFacts, DataSetOptions } from "../data-set.ts";
import type { JoinTimes } from "../orders.ts";
import type { Machine, Subject } from "../subject.ts";
import { PeerMachine } from "./peer-machine.ts";

export interface PeerFleetParts {
  readonly program: string;
  readonly workDir: string;
  readonly clients: number;
  readonly joinLimitMs: number;
  readonly settleMs: number;
}

export class PeerFleet implements Subject {
  readonly server: PeerMachine;
  readonly clients: readonly PeerMachine[];
  readonly serverWitnesses = true;
  readonly settleMs: number;
  readonly warnings = {};
  readonly #joinLimitMs: number;
  readonly #block: Block;

  private constructor(machines: readonly [PeerMachine, ...PeerMachine[]], { settleMs, joinLimitMs }: PeerFleetParts, block: Block) {
    [this.server, ...this.clients] = machines;
    this.settleMs = settleMs;
    this.#joinLimitMs = joinLimitMs;
    this.#block = block;
  }

  static async open(parts: PeerFleetParts): Promise<PeerFleet> {
    const { program, workDir, clients } = parts;
    const block = await claimBlock();
    const host = block.address(1);
    const machine = (number: number): PeerMachine =>
      new PeerMachine({
        program,
        place: { role: number === 1 ? "server" : "client", number, dir: join(workDir, `machine-${number}`), host, port: PORT },
      });
    return new PeerFleet([machine(1), ...Array.from({ length: clients }, (_, index) => machine(index + 2))], parts, block);
  }

  get serverPids(): readonly number[] {
    return [this.server.pid];
  }

  async load(options: DataSetOptions, { entries }: DataSetFacts): Promise<void> {
    await this.server.start();
    const loaded = await this.server.ask("load", options, 600_000);
    if (loaded.entries !== entries) throw new BenchTrouble(`${loaded.entries} entries were loaded, the data set has ${entries}`);
  }

  async freshServer(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.stop()));
    await this.server.stop();
    await this.server.start();
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
    this.#block.release();
  }

  #mine({ number }: Machine): PeerMachine {
    const machine = this.clients.find((client) => client.number === number);
    if (machine === undefined) throw new BenchTrouble(`there is no client ${number}`);
    return machine;
  }
}
