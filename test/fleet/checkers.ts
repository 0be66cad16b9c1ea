/**
 * What must be true at every moment of a simulation, whatever goes wrong; each is written from a rule. `watch` is cheap
 * and called after every event; `inspect` reads what the machines hold and is called now and then.
 */
import { isDeepStrictEqual } from "node:util";
import { LIMITS } from "../../src/model/limits.ts";
import { SyncError } from "../../src/model/errors.ts";
import { itemOf } from "../../src/model/item.ts";
import type { LogRecord } from "../../src/model/log.ts";
import { samePosition } from "../../src/model/position.ts";
import type { Value } from "../../src/model/value.ts";
import type { Acts } from "./acts.ts";
import type { Fleet } from "./fleet.ts";
import type { VirtualMachine } from "./machine.ts";
import { copyOf, difference, type MachineCopy } from "./machine-copy.ts";

export interface CheckerParts {
  readonly fleet: Fleet;
  readonly deviceSpecific: ReadonlySet<string>;
  /** Owners whose entries are only ever set by edits: a value that was replaced there never comes back. */
  readonly plainOwners: ReadonlySet<string>;
  readonly acts: Acts;
  /** Storage was made to fail: a role that says so and starts again is no fault. */
  readonly storageFails: boolean;
}

/** A server notices a new client, and takes its hold, within this. */
const NOTICE_MS = 10_000;
/** What a machine said may arrive this late. */
const LATE_MS = 16_000;
/** A module that is being stopped gives up its hold, and is gone within this. */
const STOPPING_MS = 3_000;
/** With a slow disk and much to do. */
const SHOWING_MS = 8_000;
const WATCH_EVERY_MS = 250;

export class Checkers {
  readonly #parts: CheckerParts;
  readonly #since = new Map<string, number>();
  readonly #shown = new Map<string, Value[]>();
  readonly #logs = new Map<string, { heard: unknown; crashed: LogRecord[] }>();
  /** The revision at which all acts of a machine, so many, were answered. */
  readonly #answeredAt = new Map<string, { readonly acts: number; readonly revision: number }>();
  #suspicion: { readonly fault: string; readonly sinceMs: number } | undefined;
  #unheldSinceMs: number | undefined;
  #serverSinceMs: number | undefined;
  /** Which life of the server's module decides. */
  #server: unknown;
  #watchedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
  }

  /** The first rule that is broken, in a sentence; undefined while all hold. */
  watch(): string | undefined {
    const { fleet } = this.#parts;
    const leak = fleet.wiretap.leaks[0];
    if (leak !== undefined) return `M20: ${leak.canary} travelled from ${leak.tap.from} to ${leak.tap.to} in ${leak.tap.message.body.kind}`;
    if (fleet.wiretap.journal.fault !== undefined) return fleet.wiretap.journal.fault;
    if (fleet.world.nowMs < this.#watchedMs + WATCH_EVERY_MS) return undefined;
    this.#watchedMs = fleet.world.nowMs;
    return this.#crashFault() ?? this.#holdFault();
  }

  async inspect(): Promise<string | undefined> {
    const { fleet, deviceSpecific, acts } = this.#parts;
    const copies: MachineCopy[] = [];
    for (const machine of fleet.machines) {
      if (machine.on && acts.isMember(machine.name)) copies.push(await copyOf(machine, (item) => !deviceSpecific.has(item)));
    }
    for (const copy of copies) {
      const fault = this.#returnFault(copy);
      if (fault !== undefined) return fault;
    }
    return this.#lasting(this.#copyFault(copies.filter((copy) => this.#isPlain(fleet.at(copy.machine), copy))));
  }

  /** A machine takes a moment to show what it knows already; what is still so after that is a fault. */
  #lasting(fault: string | undefined): string | undefined {
    if (fault !== this.#suspicion?.fault)
      this.#suspicion = fault === undefined ? undefined : { fault, sinceMs: this.#parts.fleet.world.nowMs };
    const sinceMs = this.#suspicion?.sinceMs ?? Number.POSITIVE_INFINITY;
    return this.#parts.fleet.world.nowMs >= sinceMs + SHOWING_MS ? fault : undefined;
  }

  /** The machine left the fleet: what it shows from now on is its own affair. */
  left(machine: string): void {
    for (const name of [...this.#shown.keys()]) if (name.startsWith(`${machine} `)) this.#shown.delete(name);
  }

  // ---- a module does not die of anything that the world does to it

  #crashFault(): string | undefined {
    for (const machine of this.#parts.fleet.machines) {
      const [crash] = machine.crashes.filter((error) => !this.#isOfTheDisk(error));
      if (crash !== undefined) return `the module of ${machine.name} crashed: ${crash instanceof Error ? crash.stack : String(crash)}`;
      const crashed = this.#crashRecords(machine)[0];
      if (crashed !== undefined && !this.#parts.storageFails) return `a role of ${machine.name} crashed: ${crashed.text}`;
    }
    return undefined;
  }

  /** A module that cannot start on a full disk says so, and the runtime tries again. */
  #isOfTheDisk(error: unknown): boolean {
    return this.#parts.storageFails && error instanceof SyncError && error.code === "hal-full";
  }

  #crashRecords(machine: VirtualMachine): readonly LogRecord[] {
    if (!machine.running) return [];
    const known = this.#logs.get(machine.name);
    if (known?.heard === machine.administration) return known.crashed;
    const crashed: LogRecord[] = machine.log.filter((record) => isCrash(record));
    machine.administration.onLog((record) => {
      if (isCrash(record)) crashed.push(record);
    });
    this.#logs.set(machine.name, { heard: machine.administration, crashed });
    return crashed;
  }

  // ---- M28, B07: the hold is there exactly while another machine operates, within one lease

  #holdFault(): string | undefined {
    const { fleet } = this.#parts;
    const nowMs = fleet.world.nowMs;
    const server = fleet.server;
    const decides = server?.status?.server?.state === "running" && !server.asleep;
    const same = decides && server.administration === this.#server;
    this.#server = decides ? server.administration : undefined;
    this.#serverSinceMs = decides ? (same ? (this.#serverSinceMs ?? nowMs) : nowMs) : undefined;
    if (server === undefined || this.#serverSinceMs === undefined) return undefined;
    // Between two looks it may have slept and been woken: then it does not know again who operates.
    this.#serverSinceMs = Math.max(this.#serverSinceMs, server.sleptAtMs);
    const others = fleet.machines.filter((machine) => machine !== server);
    let longestMs = 0;
    let quietMs = nowMs - this.#serverSinceMs;
    for (const machine of others) {
      const { operates, speaks } = presence(fleet, machine, server);
      longestMs = Math.max(longestMs, this.#lasts(`${machine.name} operates`, operates));
      quietMs = Math.min(quietMs, this.#lasts(`${machine.name} is silent`, !speaks));
    }
    const upMs = nowMs - this.#serverSinceMs;
    this.#unheldSinceMs = server.heldAwake ? undefined : (this.#unheldSinceMs ?? nowMs);
    const unheldMs = nowMs - (this.#unheldSinceMs ?? nowMs);
    if (longestMs > NOTICE_MS && upMs > NOTICE_MS && unheldMs > STOPPING_MS)
      return `M28: ${server.name} may sleep fully although another machine operates`;
    const importing = server.hal.restrictions.importExportRunning();
    if (quietMs > LIMITS.leaseMs + LATE_MS && server.heldAwake && !importing)
      return `B07: ${server.name} is kept awake although nobody operates for ${quietMs} ms`;
    return undefined;
  }

  /** For how long this has been so without a break; 0 when it is not. */
  #lasts(what: string, isSo: boolean): number {
    const nowMs = this.#parts.fleet.world.nowMs;
    if (!isSo) this.#since.delete(what);
    else if (!this.#since.has(what)) this.#since.set(what, nowMs);
    return nowMs - (this.#since.get(what) ?? nowMs);
  }

  // ---- equal positions are equal copies

  /** Nothing of its own lies on top of what it was sent: all is answered, and its copy has reached the answers. */
  #isPlain(machine: VirtualMachine, { positions }: MachineCopy): boolean {
    const { fleet } = this.#parts;
    const acts = this.#parts.acts.countOf(machine.name);
    const client = machine.status?.client;
    const answered = client?.state === "synchronized" && client.pending === 0 && this.#parts.acts.unrecorded(machine.name) === 0;
    const known = this.#answeredAt.get(machine.name);
    if (!answered || known?.acts !== acts) {
      const revision = answered ? fleet.server?.status?.server?.revision : undefined;
      if (revision === undefined) this.#answeredAt.delete(machine.name);
      else this.#answeredAt.set(machine.name, { acts, revision });
    }
    const target = this.#answeredAt.get(machine.name)?.revision;
    return answered && target !== undefined && positions.every((position) => (position?.revision ?? -1) >= target);
  }

  #copyFault(copies: readonly MachineCopy[]): string | undefined {
    for (const [index, copy] of copies.entries()) {
      const [settings, addressBook] = copy.positions;
      if (settings === undefined || !samePosition(settings, addressBook)) continue;
      for (const other of copies.slice(index + 1)) {
        if (!other.positions.every((position) => samePosition(position, settings))) continue;
        const fault = difference(copy, other);
        if (fault !== undefined) return `equal positions (revision ${settings.revision}), unequal copies: ${fault}`;
      }
    }
    return undefined;
  }

  // ---- B03: nobody sees time run backwards; what the author set never gives way to what it replaced

  #returnFault(copy: MachineCopy): string | undefined {
    for (const [name, value] of copy.entries) {
      const owner = name.slice(0, name.indexOf(" "));
      if (!this.#parts.plainOwners.has(owner)) continue;
      const id = `${copy.machine} ${name}`;
      const shown = this.#shown.get(id) ?? [];
      this.#shown.set(id, shown);
      const at = shown.findIndex((earlier) => isDeepStrictEqual(earlier, value));
      if (at < 0) shown.push(value);
      else if (at < shown.length - 1)
        return `B03: ${copy.machine} shows ${name} = ${JSON.stringify(value)} again after ${JSON.stringify(shown.at(-1))}`;
    }
    return undefined;
  }
}

/** `operates`: it says that it is connected. `speaks`: what it says, if anything, can reach the server. */
function presence(fleet: Fleet, machine: VirtualMachine, server: VirtualMachine): { readonly operates: boolean; readonly speaks: boolean } {
  const state = machine.status?.client?.state;
  const awake = machine.on && !machine.asleep;
  const speaks = awake && state !== undefined && state !== "restart-needed" && !fleet.network.isCut(machine.name, server.name);
  const connected = state === "synchronized" || state === "paused" || state === "joining";
  return { speaks, operates: speaks && connected && !fleet.network.isCut(server.name, machine.name) };
}

const isCrash = ({ code }: LogRecord): boolean => code === "crashed" || code === "storage-damaged" || code === "message-malformed";

/** Items that the scopes of a configuration keep on their machines. */
export const deviceSpecificItems = (scopes: Readonly<Record<string, string | undefined>>): ReadonlySet<string> =>
  new Set(Object.entries(scopes).flatMap(([item, scope]) => (scope === "device-specific" && itemOf(item) !== undefined ? [item] : [])));
