/**
 * What the bench asks of a machine's provider, over the process's IPC channel beside the desk's calls. What is measured
 * is measured inside the machine's process and fetched afterwards; nothing travels here while a time is being taken.
 * Times are milliseconds of the system's monotonic clock, the same in all processes.
 */
import type { EntryChange } from "../../src/model/entry.ts";
import type { DataSetOptions } from "./data-set.ts";

export interface Orders {
  /** Puts the data set into the printer's own stores, as its people would have; the client function must be off. */
  readonly load: { readonly takes: DataSetOptions; readonly gives: { readonly entries: number } };
  /** Answers once the client is up to date for the first time since the process started. */
  readonly joined: { readonly takes: undefined; readonly gives: JoinTimes };
  /** Makes these edits, as the machine's people would. */
  readonly edit: { readonly takes: { readonly edits: readonly EntryChange[]; readonly pace: Pace }; readonly gives: EditTimes };
  /** Makes all of these edits in one go, as an import does; answers when they are saved where they were made. */
  readonly import: { readonly takes: { readonly edits: readonly EntryChange[] }; readonly gives: EditTimes };
  /** Presses keys of the panel, each so long after the screen has answered the one before. */
  readonly press: {
    readonly takes: { readonly presses: number; readonly pauseMs: number };
    readonly gives: { readonly answeredMs: readonly number[] };
  };
  /** From now on the edits with these numbers are looked for in what is written. */
  readonly watch: { readonly takes: { readonly first: number; readonly count: number }; readonly gives: undefined };
  /** How many of them were seen so far, and how many edits of this machine's own the server has not yet acknowledged. */
  readonly seen: {
    readonly takes: undefined;
    readonly gives: { readonly durable: number; readonly shown: number; readonly pending: number };
  };
  /** When each of them was there first; NaN: never. Ends the watch. */
  readonly sightings: { readonly takes: undefined; readonly gives: Sightings };
  readonly counters: { readonly takes: undefined; readonly gives: Counters };
  /** Reads all of the printer's own stores. */
  readonly digest: { readonly takes: undefined; readonly gives: { readonly entries: number; readonly digest: string } };
}

/** So many a second, whatever becomes of them; or so many at once that are not yet saved where they were made. */
export type Pace = { readonly perSecond: number } | { readonly inFlight: number };

export interface JoinTimes {
  /** The first connection attempt of the module. */
  readonly connectAtMs: number;
  /** The module's own database has all of the server's data, durably. */
  readonly replicaAtMs: number;
  /** The client says "synchronized": the printer's own stores have it all, durably, as well. */
  readonly upToDateAtMs: number;
  /** TCP payload of the module's connections since the process started. */
  readonly bytes: TcpBytes;
}

export interface TcpBytes {
  readonly received: number;
  readonly sent: number;
}

export interface EditTimes {
  /** By edit: when the printer's store was asked to take it. */
  readonly calledAtMs: readonly number[];
  /** By edit: when the printer's store had it durably. */
  readonly savedAtMs: readonly number[];
}

export interface Sightings {
  /** In a write of the module's database that has ended. */
  readonly durableAtMs: readonly number[];
  /** In an `apply` of a printer's store that has ended. */
  readonly shownAtMs: readonly number[];
}

export interface Counters {
  readonly tcp: TcpBytes;
  /** Bytes of keys and values, and calls, of writes of the module's database. */
  readonly storedBytes: number;
  readonly storedWrites: number;
}

export type OrderName = keyof Orders;
export type OrderTakes<N extends OrderName> = Orders[N]["takes"];
export type OrderGives<N extends OrderName> = Orders[N]["gives"];
export type OrderTable = { readonly [N in OrderName]: (takes: OrderTakes<N>) => OrderGives<N> | Promise<OrderGives<N>> };

export type OrderMessage =
  | { readonly bench: "ask"; readonly id: number; readonly name: OrderName; readonly takes: unknown }
  | { readonly bench: "answer"; readonly id: number; readonly gives: unknown }
  | { readonly bench: "error"; readonly id: number; readonly message: string };

/** Both ends are of one program; what else travels on the channel is the desk's and the runtime's. */
export const isOrderMessage = (message: unknown): message is OrderMessage =>
  typeof message === "object" && message !== null && "bench" in message;

/** Milliseconds of the system's monotonic clock. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** The variable of a process's environment that says where all its connections go; JSON of an address. */
export const WAY = "BENCH_WAY";
