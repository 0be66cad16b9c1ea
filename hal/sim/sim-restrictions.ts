/** The simulated machine's locks, and its own import and export. */
import { must } from "../../src/model/assert.ts";
import type { Unsubscribe } from "../hal.ts";
import { Listeners } from "../parts/listeners.ts";
import type { Clock } from "../clock.ts";
import type { ExportedOwners, ExportPermit, MaxUsersPolicy, Restriction, RestrictionHold, Restrictions } from "../restrictions.ts";
import { SimHold } from "./sim-hold.ts";
import type { SimPower } from "./sim-power.ts";

export class SimRestrictions implements Restrictions {
  readonly #power: SimPower;
  readonly #clock: Clock;
  readonly #listeners = new Listeners<boolean>();
  readonly #policies = new Listeners<MaxUsersPolicy>();
  readonly #held: { [restriction in Restriction]: number } = { "import-export": 0, "max-users-policy": 0 };
  readonly #permits = new Map<ExportPermit, ExportedOwners>();
  #running = 0;
  #chosen: MaxUsersPolicy = "delete-oldest";

  constructor({ power, clock }: { readonly power: SimPower; readonly clock: Clock }) {
    this.#power = power;
    this.#clock = clock;
  }

  hold(restriction: Restriction): RestrictionHold {
    let counts = true;
    this.#changing(() => (this.#held[restriction] += 1));
    return {
      release: () => {
        if (counts) this.#changing(() => (this.#held[restriction] -= 1));
        counts = false;
      },
    };
  }

  held(restriction: Restriction): boolean {
    return must(this.#held[restriction], "a known restriction") > 0;
  }

  maxUsersPolicy(): MaxUsersPolicy {
    return this.held("max-users-policy") ? "delete-oldest" : this.#chosen;
  }

  onMaxUsersPolicy(listener: (policy: MaxUsersPolicy) => void): Unsubscribe {
    return this.#policies.add(listener);
  }

  /** Knob: puts the choice where it outlives the power. */
  keepMaxUsersPolicy: (policy: MaxUsersPolicy) => void = () => undefined;

  async setMaxUsersPolicy(policy: MaxUsersPolicy): Promise<"chosen" | "locked"> {
    if (this.held("max-users-policy")) return "locked";
    this.keepMaxUsersPolicy(policy);
    return this.chooseMaxUsersPolicy(policy);
  }

  /** Knob: an administrator chooses; "locked" while the module holds the choice. */
  chooseMaxUsersPolicy(policy: MaxUsersPolicy): "chosen" | "locked" {
    if (this.held("max-users-policy")) return "locked";
    this.#changing(() => (this.#chosen = policy));
    return "chosen";
  }

  #changing(change: () => void): void {
    const before = this.maxUsersPolicy();
    change();
    const policy = this.maxUsersPolicy();
    if (policy !== before) this.#policies.tell(policy);
  }

  importExportRunning(): boolean {
    return this.#running > 0;
  }

  onImportExport(listener: (running: boolean) => void): Unsubscribe {
    return this.#listeners.add(listener);
  }

  allowExport(owners: ExportedOwners, lapsesAfterMs: number): ExportPermit {
    const permit: SimHold = new SimHold({
      clock: this.#clock,
      reason: "export",
      lapsesAfterMs,
      onEnd: () => void this.#permits.delete(permit),
    });
    this.#permits.set(permit, owners);
    permit.renew();
    return permit;
  }

  beginImportExport(exported?: ExportedOwners): "locked" | { end(): void } {
    if (this.held("import-export") && (exported === undefined || !this.#isAllowed(exported))) return "locked";
    const sleep = this.#power.stayUpFor("import-export", "sleep");
    this.#running += 1;
    if (this.#running === 1) this.#listeners.tell(true);
    let runs = true;
    const end = (): void => {
      if (!runs) return;
      runs = false;
      this.#running -= 1;
      sleep();
      if (this.#running === 0) this.#listeners.tell(false);
    };
    return { end };
  }

  #isAllowed(exported: ExportedOwners): boolean {
    const allowed = [...this.#permits.values()];
    if (allowed.includes("all")) return true;
    return exported !== "all" && exported.every((owner) => allowed.some((owners) => owners.includes(owner)));
  }
}
