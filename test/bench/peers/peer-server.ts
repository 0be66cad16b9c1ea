/** The server machine of a peer: a process of ours, or a daemon of others with one of ours beside it. */
import { BenchTrouble } from "../asked-process.ts";
import type { DataSetOptions } from "../data-set.ts";
import type { OrderGives, OrderName, OrderTakes } from "../orders.ts";
import type { Machine } from "../subject.ts";
import type { Daemon } from "./daemon.ts";
import type { PeerMachine } from "./peer-machine.ts";

export interface PeerServer extends Machine {
  readonly pids: readonly number[];
  /** Whether it can say when it had an edit durably. */
  readonly witnesses: boolean;
  start(): Promise<void>;
  /** At the first start; it runs afterwards. */
  load(options: DataSetOptions): Promise<{ readonly entries: number }>;
}

const LOAD_MS_MAX = 600_000;

/** All of it is one process that speaks our orders. */
export class OwnServer implements PeerServer {
  readonly number = 1;
  readonly witnesses = true;
  readonly #machine: PeerMachine;

  constructor(machine: PeerMachine) {
    this.#machine = machine;
  }

  get pid(): number {
    return this.#machine.pid;
  }

  get pids(): readonly number[] {
    return [this.pid];
  }

  get startedAtMs(): number {
    return this.#machine.startedAtMs;
  }

  start(): Promise<void> {
    return this.#machine.start();
  }

  stop(): Promise<void> {
    return this.#machine.stop();
  }

  async load(options: DataSetOptions): Promise<{ readonly entries: number }> {
    await this.start();
    return await this.ask("load", options, LOAD_MS_MAX);
  }

  ask<N extends OrderName>(name: N, takes: OrderTakes<N>, limitMs?: number): Promise<OrderGives<N>> {
    return this.#machine.ask(name, takes, limitMs);
  }
}

export interface DaemonServerParts {
  readonly daemon: Daemon;
  /** A process of ours that puts the data in. */
  readonly helper: PeerMachine;
  /** Whether it stays beside the daemon with a durable copy of its own, and so can say when an edit was durable on the server. */
  readonly helperStays: boolean;
}

export class DaemonServer implements PeerServer {
  readonly number = 1;
  readonly witnesses: boolean;
  readonly #daemon: Daemon;
  readonly #helper: PeerMachine;

  constructor({ daemon, helper, helperStays }: DaemonServerParts) {
    this.#daemon = daemon;
    this.#helper = helper;
    this.witnesses = helperStays;
  }

  get pid(): number {
    return this.#daemon.pid;
  }

  get pids(): readonly number[] {
    return this.witnesses ? [this.#daemon.pid, this.#helper.pid] : [this.#daemon.pid];
  }

  get startedAtMs(): number {
    return this.#helper.startedAtMs;
  }

  async start(): Promise<void> {
    await this.#daemon.start();
    if (!this.witnesses) return;
    await this.#helper.start();
    await this.#helper.ask("joined", undefined);
  }

  async stop(): Promise<void> {
    await this.#helper.stop();
    await this.#daemon.stop();
  }

  async load(options: DataSetOptions): Promise<{ readonly entries: number }> {
    await this.start();
    if (!this.witnesses) await this.#helper.start();
    const loaded = await this.#helper.ask("load", options, LOAD_MS_MAX);
    if (!this.witnesses) await this.#helper.stop();
    return loaded;
  }

  ask<N extends OrderName>(name: N, takes: OrderTakes<N>, limitMs?: number): Promise<OrderGives<N>> {
    if (!this.witnesses) return Promise.reject(new BenchTrouble("a server of others takes no orders"));
    return this.#helper.ask(name, takes, limitMs);
  }
}
