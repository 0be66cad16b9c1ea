/**
 * I15  M23, M24: while the client function of a machine is in force, no import of its data begins, and no export but what
 *      [Prepare for User Data Export] opened a quarter of an hour ago at most; when it is stopped, nothing is locked.
 * M24  While an import or export runs, the machine's client applies nothing and hands over nothing.
 * M11  A machine whose client function is stopped keeps its data as it is.
 */
import type { ExportedOwners } from "../../../hal/restrictions.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Fleet } from "../fleet.ts";
import type { VirtualMachine } from "../machine.ts";
import type { Faults } from "./faults.ts";

/** A function that starts or stops has taken or given up its hold within this. */
const TURNING_MS = 10_000;
/** What a machine was at when an import or export began, on a slow disk and in bad weather, is over after this. */
const PAUSING_MS = 5_000;
/** A function that is set anew in one go gives up its hold for no longer than this. */
const GAP_MS = 1_000;
const ASKING: ReadonlySet<string> = new Set(["pull-part", "pull-changes"]);

interface Prepared {
  readonly owners: ExportedOwners;
  readonly atMs: number;
}

export class LockChecker {
  readonly #fleet: Pick<Fleet, "machines" | "world">;
  readonly #faults: Faults;
  readonly #since = new Map<string, { readonly state: "in force" | "stopped"; readonly life: unknown; readonly sinceMs: number }>();
  readonly #pausedMs = new Map<string, number>();
  readonly #heldMs = new Map<string, number>();
  readonly #prepared = new Map<string, Prepared[]>();

  constructor({ fleet, faults }: { readonly fleet: Pick<Fleet, "machines" | "world">; readonly faults: Faults }) {
    this.#fleet = fleet;
    this.#faults = faults;
  }

  look(): void {
    for (const machine of this.#fleet.machines) {
      if (!isAtIt(machine)) this.#pausedMs.delete(machine.name);
      else if (!this.#pausedMs.has(machine.name)) this.#pausedMs.set(machine.name, this.#fleet.world.nowMs);
      const state = this.#lasting(machine);
      const held = machine.on && machine.hal.restrictions.held("import-export");
      if (held || !machine.on) this.#heldMs.set(machine.name, this.#fleet.world.nowMs);
      const unheldMs = this.#fleet.world.nowMs - (this.#heldMs.get(machine.name) ?? Number.NEGATIVE_INFINITY);
      if (state === "in force" && unheldMs > GAP_MS) this.#faults.found("I15", `${machine.name} synchronises, and imports are not locked`);
      if (state === "stopped" && held)
        this.#faults.found("I15", `the client function of ${machine.name} is stopped, and imports are locked`);
    }
  }

  /** M11, B01: what a machine shows stays as it is while its client function is stopped, whatever is looked at. */
  applied(machine: VirtualMachine, entry: string): void {
    if (this.#lasting(machine) === "stopped")
      this.#faults.found("M11", `the client function of ${machine.name} is stopped, and its module changes ${entry}`);
    if (this.#isPaused(machine.name))
      this.#faults.found("M24", `an import or export runs on ${machine.name}, and its module changes ${entry}`);
  }

  /** M24: the machine tells the server of edits or owners, or asks for what it would apply. */
  forwards(machine: string, what: string): void {
    if (ASKING.has(what) && this.#onlyLooks(machine)) return;
    if (this.#isPaused(machine)) this.#faults.found("M24", `an import or export runs on ${machine}, and it sends ${what}`);
  }

  /** B01: without a client function nothing of what a machine asks for is applied there. */
  #onlyLooks(name: string): boolean {
    return this.#fleet.machines.some(({ name: known, status }) => known === name && status !== undefined && status.client === undefined);
  }

  /** What was under way when it began is over. One that ended with the machine's power may have been looked at last before that. */
  #isPaused(name: string): boolean {
    const sinceMs = this.#pausedMs.get(name);
    if (!this.#fleet.machines.some((machine) => machine.name === name && isAtIt(machine))) return false;
    return sinceMs !== undefined && this.#fleet.world.nowMs > sinceMs + PAUSING_MS;
  }

  /** Preparing succeeded, or may have: the answer of a machine that died is lost. */
  prepared(machine: string, owners: ExportedOwners): void {
    this.#prepared.set(machine, [...(this.#prepared.get(machine) ?? []), { owners, atMs: this.#fleet.world.nowMs }]);
  }

  /** An import, or an export of these owners, began. */
  began(machine: VirtualMachine, exported: ExportedOwners | undefined): void {
    if (this.#lasting(machine) !== "in force" || this.#isOpen(machine.name, exported)) return;
    const what = exported === undefined ? "an import" : "an export";
    this.#faults.found("I15", `${machine.name} begins ${what} while it synchronises`);
  }

  #isOpen(machine: string, exported: ExportedOwners | undefined): boolean {
    if (exported === undefined) return false;
    const nowMs = this.#fleet.world.nowMs;
    const open = (this.#prepared.get(machine) ?? []).filter(({ atMs }) => nowMs <= atMs + LIMITS.exportWindowMs);
    return open.some(({ owners }) => owners === "all" || (exported !== "all" && exported.every((owner) => owners.includes(owner))));
  }

  /** What has been so for a while, in one life of the module; undefined: neither. */
  #lasting(machine: VirtualMachine): "in force" | "stopped" | undefined {
    const { name } = machine;
    const isUp = machine.on && machine.running && !machine.isEnding && !machine.asleep;
    const life = isUp ? machine.administration : undefined;
    const state = isUp && machine.status !== undefined ? forceOf(machine.status.client?.state) : undefined;
    const known = this.#since.get(name);
    const nowMs = this.#fleet.world.nowMs;
    if (state === undefined) this.#since.delete(name);
    else if (known?.state !== state || known.life !== life) this.#since.set(name, { state, life, sinceMs: nowMs });
    const since = this.#since.get(name);
    return since !== undefined && nowMs > since.sinceMs + TURNING_MS ? since.state : undefined;
  }
}

function forceOf(state: string | undefined): "in force" | "stopped" | undefined {
  if (state === undefined) return "stopped";
  return state === "offline" || state === "joining" || state === "synchronized" || state === "paused" ? "in force" : undefined;
}

/** Whether an import or export runs on it. */
const isAtIt = (machine: VirtualMachine): boolean => machine.on && machine.hal.restrictions.importExportRunning();
