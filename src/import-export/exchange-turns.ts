/** The machine's imports and exports, one after the other. */
import type { ExportedOwners, Restrictions } from "../../hal/restrictions.ts";

const LOCKED = { kind: "refused", refusal: { word: "locked-while-synchronising" } } as const;

/**
 * While a run is under way the machine counts it as an import or export: synchronisation pauses (M24) and the machine
 * does not sleep (M30). Runs come one after the other, whatever they move, so that two imports see each other's entries.
 */
export class ExchangeTurns {
  readonly #restrictions: Restrictions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(restrictions: Restrictions) {
    this.#restrictions = restrictions;
  }

  /** Ends as `work` does. `exported`: of whom something leaves the machine, undefined for an import; refused while it is locked (M23). */
  async run<Outcome>(exported: ExportedOwners | undefined, work: () => Promise<Outcome>): Promise<Outcome | typeof LOCKED> {
    const run = this.#restrictions.beginImportExport(exported);
    if (run === "locked") return LOCKED;
    const turn = this.#last.then(work);
    // How this turn ends is its own caller's to hear; the next one only waits for it.
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      run.end();
    }
  }
}
