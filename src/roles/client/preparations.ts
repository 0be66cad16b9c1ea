/**
 * [Prepare for User Data Export] (M23), the client's part: waits until this machine stands where the server stood when it
 * was asked, with nothing of the chosen owners under way, and shows them anew.
 */
import type { ExportedOwners } from "../../../hal/restrictions.ts";
import type { Revision } from "../../model/ids.ts";
import { ownerOfOffer } from "../../model/offered.ts";
import type { Owner } from "../../model/owner.ts";
import type { CatchUp } from "./catch-up.ts";
import type { ClientParts } from "./client-parts.ts";
import type { Exchange } from "./exchange.ts";
import type { Shower } from "./shower.ts";

export interface PreparationsParts extends Pick<ClientParts, "replica" | "stores" | "restrictions"> {
  readonly exchange: Exchange;
  readonly catchUp: CatchUp;
  readonly shower: Shower;
}

interface Preparation {
  readonly owners: ExportedOwners;
  /** The server's revision when it was asked for. */
  readonly revision: Revision;
  readonly settle: (outcome: "prepared" | "ended") => void;
}

export class Preparations {
  readonly #parts: PreparationsParts;
  readonly #waiting = new Set<Preparation>();
  #hasEnded = false;

  constructor(parts: PreparationsParts) {
    this.#parts = parts;
  }

  /** "ended" when the client ends, or the signal aborts, before it has come so far. */
  add(owners: ExportedOwners, revision: Revision, signal: AbortSignal): Promise<"prepared" | "ended"> {
    return new Promise((resolve) => {
      const abort = () => preparation.settle("ended");
      const preparation: Preparation = {
        owners,
        revision,
        settle: (outcome) => {
          this.#waiting.delete(preparation);
          signal.removeEventListener("abort", abort);
          resolve(outcome);
        },
      };
      this.#waiting.add(preparation);
      signal.addEventListener("abort", abort);
      if (signal.aborted || this.#hasEnded) abort();
    });
  }

  /** Nobody waits. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** At the end of each turn. */
  async perform(): Promise<void> {
    for (const preparation of this.#waiting) {
      if (!this.#isDue(preparation)) continue;
      for (const owner of await this.#ownersOf(preparation)) await this.#parts.shower.showOwner(owner, undefined);
      preparation.settle("prepared");
    }
  }

  end(): void {
    this.#hasEnded = true;
    for (const { settle } of this.#waiting) settle("ended");
  }

  #isDue({ owners, revision }: Preparation): boolean {
    const { replica, restrictions, exchange, catchUp } = this.#parts;
    const isChosen = (owner: Owner) => owners === "all" || owners.includes(owner);
    if (exchange.phase !== "in" || catchUp.isUnderWay || restrictions.importExportRunning()) return false;
    if (replica.position === undefined || replica.position.revision < revision || replica.head.unshown !== undefined) return false;
    if (replica.offers.wanted().some((name) => isChosen(ownerOfOffer(name)))) return false;
    return ![...replica.pending.all()].some(({ edit, answer }) => answer === undefined && isChosen(edit.owner));
  }

  async #ownersOf({ owners }: Preparation): Promise<Iterable<Owner>> {
    const { replica, stores } = this.#parts;
    if (owners !== "all") return owners;
    return new Set([...(await replica.owners()).keys(), ...(await stores.owners())]);
  }
}
