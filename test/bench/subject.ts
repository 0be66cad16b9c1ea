/** What the workloads work: our own machines, or something that one would build without us. */
import type { DataSetFacts, DataSetOptions } from "./data-set.ts";
import type { JoinTimes, OrderGives, OrderName, OrderTakes } from "./orders.ts";

/** A machine with a process of its own, which is asked while it is on. */
export interface Machine {
  readonly number: number;
  readonly pid: number;
  /** Monotonic time at which its process was started. */
  readonly startedAtMs: number;
  /** An order to the probes in the machine's process. Rejects with a BenchTrouble when it is late (120 s), or the process ends. */
  ask<N extends OrderName>(name: N, takes: OrderTakes<N>, limitMs?: number): Promise<OrderGives<N>>;
  /** Switches it off, in order. */
  stop(): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What processes find when they are started. */
export interface Conditions {
  /** Of every process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where this client reaches the server; undefined: at the server's own address. */
  readonly wayOf: (client: number) => Address | undefined;
}

export const PLAIN: Conditions = { environment: {}, wayOf: () => undefined };

export interface Subject {
  /** Holds for processes that are started from now on. */
  conditions: Conditions;
  /** Where the server listens. */
  readonly address: Address;
  /** An address that is the bench's own: `number` from 200 up to 250. */
  readonly spare: (number: number) => Address;
  readonly clients: readonly Machine[];
  /** The machine that has all data first; it is asked like the clients when it `witnesses`. */
  readonly server: Machine;
  /** Whether the server's process can say when it had an edit durably; otherwise the clients, who are later, count alone. */
  readonly serverWitnesses: boolean;
  readonly hasTls: boolean;
  /** All processes of the server machine. */
  readonly serverPids: readonly number[];
  /** Memory is looked at this long after the work, when V8 had time to collect; ms. */
  readonly settleMs: number;
  /** How often each warning or error was logged by the machines. */
  readonly warnings: Readonly<Record<string, number>>;

  /** Starts the server and gives it the data. */
  load(options: DataSetOptions, facts: DataSetFacts): Promise<void>;
  /** Restarts the server with all clients off, so that it holds nothing of what was before. Resolves with how long its process took to serve; ms. */
  freshServer(): Promise<number>;
  /** Makes a client empty; it is off afterwards and joins at its next start. The server must be on. */
  prepare(client: Machine): Promise<void>;
  /** Starts clients that are off; resolves once all of them are up to date. `onStarted` is called as soon as their processes exist. */
  join(clients: readonly Machine[], onStarted?: () => void): Promise<readonly JoinTimes[]>;
  close(): Promise<void>;
}
