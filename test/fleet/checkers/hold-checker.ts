/**
 * I14  M28, B07: the server is kept from full sleep exactly while another machine operates, within one lease.
 * I13  M18: the scope of sharing is changed only while no other machine operates.
 * I17  M02: a fleet has at most ten machines.
 */
import { LIMITS } from "../../../src/model/limits.ts";
import { isProxied } from "../../../src/link/tunnel.ts";
import type { Fleet } from "../fleet.ts";
import type { VirtualMachine } from "../machine.ts";
import type { Tap } from "../virtual-network.ts";
import type { Faults } from "./faults.ts";

/** A server notices a new client, and takes its hold, within this. */
const NOTICE_MS = 10_000;
/** What a machine said may arrive this late. */
const LATE_MS = 16_000;
/** A module that is being stopped gives up its hold, and is gone within this. */
const STOPPING_MS = 3_000;

export class HoldChecker {
  readonly #fleet: Fleet;
  readonly #faults: Faults;
  readonly #since = new Map<string, number>();
  /** By server and machine, whom it has put out or refused, and has not welcomed since. */
  readonly #ended = new Set<string>();
  #unheldSinceMs: number | undefined;
  #serverSinceMs: number | undefined;
  /** Which life of the server's module decides. */
  #server: unknown;
  /** The life of it that is listened to. */
  #heard: unknown;

  constructor({ fleet, faults }: { readonly fleet: Fleet; readonly faults: Faults }) {
    this.#fleet = fleet;
    this.#faults = faults;
  }

  look(): void {
    const nowMs = this.#fleet.world.nowMs;
    const { server } = this.#fleet;
    if (server?.running === true) this.#follow(server);
    const decides = server?.status?.server?.state === "running" && !server.asleep;
    const same = decides && server.administration === this.#server;
    this.#server = decides ? server.administration : undefined;
    this.#serverSinceMs = decides ? (same ? (this.#serverSinceMs ?? nowMs) : nowMs) : undefined;
    if (server === undefined || this.#serverSinceMs === undefined) {
      // While nobody serves nobody operates, whatever a machine believes that has heard nothing of it yet.
      this.#since.clear();
      return;
    }
    // Between two looks it may have slept and been woken: then it does not know again who operates.
    this.#serverSinceMs = Math.max(this.#serverSinceMs, server.sleptAtMs);
    const machines = server.status?.server?.machines ?? 0;
    if (machines > LIMITS.machinesMax) this.#faults.found("I17", `${server.name} has ${machines} machines`);
    this.#hold(server, nowMs, this.#serverSinceMs);
  }

  /** A server is made anew, in the same life of its module: it does not know again who operates. */
  madeAnew(): void {
    this.#server = undefined;
  }

  /** The machine says something to the server, be its life ever so short. */
  spoke(machine: string): void {
    this.#since.delete(`${machine} is silent`);
  }

  /** Whom a server has put out or refused (M02, M10, P14) counts no more as operating, be the word of it lost with its connection. */
  told(server: string, machine: string, body: Tap["message"]["body"]): void {
    const name = `${server} ${machine}`;
    if (body.kind === "refuse" || (body.kind === "server-end" && body.reason === "put-out")) this.#ended.add(name);
    else if (body.kind === "welcome") this.#ended.delete(name);
  }

  /** The scope was changed: nobody else may have been operating for so long that the server must know of it. */
  scopeChanged(name: string): void {
    const { world, server, machines } = this.#fleet;
    for (const machine of machines) {
      // Its own client does not count, by whatever way it comes.
      if (machine === server) continue;
      const what = `${machine.name} operates`;
      // Since the last look it may have said goodbye.
      const operates = server !== undefined && this.#counts(machine, server);
      if (operates && world.nowMs - (this.#since.get(what) ?? world.nowMs) > NOTICE_MS)
        this.#faults.found("I13", `${name} changes the scope although ${what}`);
    }
  }

  /** A server that fails and starts again does so in less time than passes between two looks: it does not know again either. */
  #follow({ administration }: VirtualMachine): void {
    if (this.#heard === administration) return;
    this.#heard = administration;
    administration.onStatus(({ server }) => {
      if (server?.state !== "running") this.madeAnew();
    });
  }

  #hold(server: VirtualMachine, nowMs: number, sinceMs: number): void {
    let longestMs = 0;
    let quietMs = nowMs - sinceMs;
    for (const machine of this.#fleet.machines) {
      // Its own client that came through a proxy until now has a session of that way left, for a lease at most (M29).
      const comes = machine !== server || comesThroughProxy(server);
      longestMs = Math.max(longestMs, this.#lasts(`${machine.name} operates`, comes && this.#counts(machine, server), nowMs));
      const isSilent = !comes || !presence(this.#fleet, machine, server).speaks;
      quietMs = Math.min(quietMs, this.#lasts(`${machine.name} is silent`, isSilent, nowMs));
    }
    this.#unheldSinceMs = server.heldAwake ? undefined : (this.#unheldSinceMs ?? nowMs);
    const unheldMs = nowMs - (this.#unheldSinceMs ?? nowMs);
    if (longestMs > NOTICE_MS && nowMs - sinceMs > NOTICE_MS && unheldMs > STOPPING_MS)
      this.#faults.found("M28", `${server.name} may sleep fully although another machine operates`);
    const importing = server.hal.restrictions.importExportRunning();
    if (quietMs > LIMITS.leaseMs + LATE_MS && server.heldAwake && !importing)
      this.#faults.found("B07", `${server.name} is kept awake although nobody operates for ${quietMs} ms`);
  }

  #counts(machine: VirtualMachine, server: VirtualMachine): boolean {
    return !this.#ended.has(`${server.name} ${machine.name}`) && presence(this.#fleet, machine, server).operates;
  }

  /** For how long this has been so without a break; 0 when it is not. */
  #lasts(what: string, isSo: boolean, nowMs: number): number {
    if (!isSo) this.#since.delete(what);
    else if (!this.#since.has(what)) this.#since.set(what, nowMs);
    return nowMs - (this.#since.get(what) ?? nowMs);
  }
}

/** M29: the machine's own client comes to its server as any other does. */
export const comesThroughProxy = ({ proxy, destination }: VirtualMachine): boolean =>
  destination === "localhost" && isProxied(proxy, "localhost");

/** `operates`: it says that it is connected. `speaks`: what it says, if anything, can reach the server. */
export function presence(
  fleet: Fleet,
  machine: VirtualMachine,
  server: VirtualMachine,
): { readonly operates: boolean; readonly speaks: boolean } {
  // Whoever was pointed to another server machine is none of this one's (B06).
  const isOwn = machine === server && comesThroughProxy(server);
  const isOurs = isOwn || machine.destination === undefined || machine.destination === server.address;
  const state = isOurs ? machine.status?.client?.state : undefined;
  const awake = machine.on && !machine.asleep;
  const speaks = awake && state !== undefined && state !== "restart-needed" && !fleet.network.isCut(machine.name, server.name);
  // Where two machines serve, a client keeps that one awake to which it was pointed (B06).
  const isHere = isOwn || machine.destination === server.address;
  const connected = isHere && (state === "synchronized" || state === "paused" || state === "joining");
  return { speaks, operates: speaks && connected && !fleet.network.isCut(server.name, machine.name) };
}
