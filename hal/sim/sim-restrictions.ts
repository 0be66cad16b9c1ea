/** The simulated machine's locks, and its own import and export. */
import { must } from "../../src/model/assert.ts";
import type { Unsubscribe } from "../hal.ts";
import { Listeners } from "../parts/listeners.ts";
import type { Restriction, RestrictionHold, Restrictions } from "../restrictions.ts";
import type { SimPower } from "./sim-power.ts";

export class SimRestrictions implements Restrictions {
  readonly #power: SimPower;
  readonly #listeners = new Listeners<boolean>();
  readonly #held: { [restriction in Restriction]: number } = { "import-export": 0, "max-users-policy": 0 };
  #running = 0;

  constructor({ power }: { readonly power: SimPower }) {
    this.#power = power;
  }

  hold(restriction: Restriction): RestrictionHold {
    let counts = true;
    this.#held[restriction] += 1;
    return {
      release: () => {
        if (counts) this.#held[restriction] -= 1;
        counts = false;
      },
    };
  }

  held(restriction: Restriction): boolean {
    return must(this.#held[restriction], "a known restriction") > 0;
  }

  importExportRunning(): boolean {
    return this.#running > 0;
  }

  onImportExport(listener: (running: boolean) => void): Unsubscribe {
    return this.#listeners.add(listener);
  }

  beginImportExport(): "locked" | { end(): void } {
    if (this.held("import-export")) return "locked";
    const sleep = this.#power.stayUpFor("import-export");
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
}
