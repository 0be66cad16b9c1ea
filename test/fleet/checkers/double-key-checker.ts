/**
 * I21, P14, M32: two machines with one key are noticed. A run that was replaced by a later one does not come in again in turn with
 * that; whoever is refused because its key is in use twice has a twin that was heard of late, and the server's log says so.
 */
import type { DeviceId } from "../../../src/model/ids.ts";
import type { Faults } from "./faults.ts";

/** Nobody with the key comes in until only one was heard for a minute; a word may be under way for a while. */
const TWIN_MS = 180_000;
const WINDOW_MS = 60_000;
const TURNS = 4;

interface Greeted {
  readonly machine: string;
  readonly run: string;
  readonly atMs: number;
}

/** A welcome or a refusal of a server. */
export interface Received {
  readonly server: string;
  readonly to: string;
  readonly identity: DeviceId;
  readonly atMs: number;
}

export class DoubleKeyChecker {
  readonly #faults: Faults;
  readonly #greeted = new Map<DeviceId, Greeted[]>();
  readonly #welcomed = new Map<string, Greeted[]>();
  readonly #counters = new Map<string, number>();
  /** By server, the life of its module that is to have noted it. */
  readonly #untold = new Map<string, unknown>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** A hello. */
  greets(machine: string, identity: DeviceId, run: string, atMs: number): void {
    const greeted = (this.#greeted.get(identity) ?? []).filter((one) => one.atMs > atMs - TWIN_MS);
    this.#greeted.set(identity, [...greeted, { machine, run, atMs }]);
  }

  /** The server has sent so many messages in its run. What an earlier run of it knew of its machines is forgotten with that. */
  speaks(server: string, counter: number): void {
    if (counter < (this.#counters.get(server) ?? 0))
      for (const key of this.#welcomed.keys()) if (key.startsWith(`${server} `)) this.#welcomed.delete(key);
    this.#counters.set(server, counter);
  }

  welcomed({ server, to, identity, atMs }: Received): void {
    const run = this.#greeted.get(identity)?.findLast(({ machine }) => machine === to)?.run;
    if (run === undefined) return;
    const key = `${server} ${identity}`;
    const before = (this.#welcomed.get(key) ?? []).filter((one) => one.atMs > atMs - WINDOW_MS);
    if (before.at(-1)?.run !== run) before.push({ machine: to, run, atMs });
    this.#welcomed.set(key, before);
    const last = before.slice(-TURNS);
    if (last.length === TURNS && last.every((one, turn) => one.run === last[turn % 2]?.run))
      this.#faults.found("I21", `${server} welcomes ${last[0]?.machine} and ${last[1]?.machine}, which have one key, in turn`);
  }

  /** Refused because its key is in use twice, by a server in this life of its module. */
  refused({ server, to, identity, atMs }: Received, life: unknown): void {
    this.#untold.set(server, life);
    const twins = (this.#greeted.get(identity) ?? []).filter((one) => one.machine !== to && one.atMs > atMs - TWIN_MS);
    if (twins.length === 0) this.#faults.found("I21", `${server} takes ${to} for two machines with one key, and there is no other`);
  }

  /** Looks whether the administrator is told of what was refused. Who died over it may have written nothing down. */
  look(hasInLog: (server: string, life: unknown) => boolean): void {
    for (const [server, life] of this.#untold)
      if (!hasInLog(server, life)) this.#faults.found("M32", `${server} refuses a key that is in use twice, and its log does not say so`);
    this.#untold.clear();
  }
}
