/** One machine of a peer: its folder, and while it is on, its process. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { must } from "../../../src/model/assert.ts";
import { AskedProcess } from "../asked-process.ts";
import type { OrderGives, OrderName, OrderTakes } from "../orders.ts";
import type { Conditions, Machine } from "../subject.ts";
import { type Place, STARTED } from "./place.ts";

export interface PeerMachineParts {
  /** The bundle of the peer's program. */
  readonly program: string;
  readonly place: Place;
  /** Those that hold when a process is started. */
  readonly conditions: { readonly now: Conditions };
}

export class PeerMachine implements Machine {
  readonly number: number;
  readonly #parts: PeerMachineParts;
  #process: AskedProcess | undefined;

  constructor(parts: PeerMachineParts) {
    this.#parts = parts;
    this.number = parts.place.number;
  }

  get pid(): number {
    return this.#running().pid;
  }

  get startedAtMs(): number {
    return this.#running().startedAtMs;
  }

  /** Makes it empty. It must be off. */
  wipe(): void {
    rmSync(this.#parts.place.dir, { recursive: true, force: true });
  }

  /** Resolves when the process says that it is there: a server serves then, a client has begun to connect. */
  async start(limitMs = 60_000): Promise<void> {
    const { program, place, conditions } = this.#parts;
    const { environment, wayOf } = conditions.now;
    const told: Place = place.role === "client" ? { ...place, ...wayOf(place.number) } : place;
    mkdirSync(dirname(place.dir), { recursive: true });
    const asked = new AskedProcess({
      title: `${place.role} ${place.number}`,
      argv: ["--enable-source-maps", program, JSON.stringify(told)],
      environment,
    });
    this.#process = asked;
    let isThere = false;
    asked.child.on("message", (message) => {
      if (typeof message !== "object" || message === null || !("id" in message) || message.id !== STARTED) return;
      isThere = true;
      asked.look();
    });
    asked.hear();
    await asked.until(() => isThere, limitMs);
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
  }

  async ask<N extends OrderName>(name: N, takes: OrderTakes<N>, limitMs?: number): Promise<OrderGives<N>> {
    return await this.#running().ask(name, takes, limitMs);
  }

  #running(): AskedProcess {
    return must(this.#process, "the machine is on");
  }
}
