/** Who may count as logged in with the server: whoever was, at any machine, a short while ago. */
import { LIMITS } from "../../../src/model/limits.ts";
import type { Fleet } from "../fleet.ts";

/** A machine that vanished counts for a lease, and what it said may have come late. */
const COUNTS_MS = LIMITS.leaseMs + 20_000;

export class LoginWatch {
  readonly #fleet: Pick<Fleet, "machines" | "world">;
  readonly #seenMs = new Map<string, number>();

  constructor(fleet: Pick<Fleet, "machines" | "world">) {
    this.#fleet = fleet;
  }

  look(): void {
    for (const machine of this.#fleet.machines) if (machine.on) this.said([machine.hal.users.loggedIn()?.owner ?? ""]);
  }

  /** A machine told the server that these are logged in. */
  said(owners: readonly string[]): void {
    for (const owner of owners) this.#seenMs.set(owner, this.#fleet.world.nowMs);
  }

  mayBeLoggedIn(owner: string): boolean {
    // Whoever logged in this moment counts with a server that is on the same machine.
    this.look();
    return this.#fleet.world.nowMs < (this.#seenMs.get(owner) ?? Number.NEGATIVE_INFINITY) + COUNTS_MS;
  }
}
