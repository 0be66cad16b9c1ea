/**
 * B05  "Up to date" is said only while the server is heard: not by a machine whose server is off, asleep, stopped or out of reach for
 *      longer than its word is under way; and not for long of a base that the server has left behind.
 */
import { LIMITS } from "../../../src/model/limits.ts";
import type { Fleet } from "../fleet.ts";
import type { VirtualMachine } from "../machine.ts";
import type { Faults } from "./faults.ts";

const LOOK_MS = 2_000;
/** What a server said may arrive this late. */
const LATE_MS = 20_000;
/** A beat says that there is more, the next one that it is lost, and then it is asked for: in any weather within this. */
const BEHIND_MS_MAX = 90_000;

export class StatusChecker {
  readonly #fleet: Fleet;
  readonly #faults: Faults;
  /** Since when a machine says that it is up to date though it is not, by what is not right. */
  readonly #since = new Map<string, { readonly life: unknown; readonly what: string; readonly sinceMs: number }>();

  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor({ fleet, faults }: { readonly fleet: Fleet; readonly faults: Faults }) {
    this.#fleet = fleet;
    this.#faults = faults;
  }

  look(): void {
    const { nowMs } = this.#fleet.world;
    if (nowMs < this.#lookedMs + LOOK_MS) return;
    this.#lookedMs = nowMs;
    for (const machine of this.#fleet.machines) {
      const server = this.#serverOf(machine);
      const says = machine.running && !machine.asleep && machine.status?.client?.state === "synchronized";
      const isDeaf = says && server !== machine && !this.#mayHear(machine, server);
      if (this.#lastsMs(machine, "deaf", isDeaf ? "hears nobody" : undefined) > LIMITS.heardMs + LATE_MS)
        this.#faults.found("B05", `${machine.name} says that it is up to date, and hears nobody`);
      const revision = server?.running === true ? server.status?.server?.revision : undefined;
      const at = machine.running ? machine.status?.client?.revision : undefined;
      const isBehind = says && revision !== undefined && at !== undefined && at < revision;
      if (this.#lastsMs(machine, "behind", isBehind ? `stands at ${at}` : undefined) > BEHIND_MS_MAX)
        this.#faults.found("B05", `${machine.name} says that it is up to date at revision ${at}, and the server is at ${revision}`);
    }
  }

  #serverOf(machine: VirtualMachine): VirtualMachine | undefined {
    if (machine.destination === "localhost") return machine;
    return this.#fleet.machines.find(({ address }) => address === machine.destination);
  }

  #mayHear(machine: VirtualMachine, server: VirtualMachine | undefined): boolean {
    if (server === undefined || !server.running || server.asleep) return false;
    return server.status?.server?.state === "running" && !this.#fleet.network.isCut(server.name, machine.name);
  }

  /** For how long this has been so, word for word, in one life of its module. */
  #lastsMs(machine: VirtualMachine, kind: string, what: string | undefined): number {
    const { nowMs } = this.#fleet.world;
    const key = `${machine.name} ${kind}`;
    const life = machine.running ? machine.administration : undefined;
    const known = this.#since.get(key);
    if (what === undefined) this.#since.delete(key);
    else if (known?.life === life && known?.what === what) return nowMs - known.sinceMs;
    else this.#since.set(key, { life, what, sinceMs: nowMs });
    return 0;
  }
}
