/**
 * P1   The stamps of one author never go back: not before that of its previous edit, nor before the journal time of what it had
 *      seen. So it is over restarts, power-offs, clocks that jump and joins; only an older image of its disk has forgotten.
 * P2   An edit that is not certain says no more than that: it has the later of the two, and no time that its base has not reached.
 */
import type { Edit } from "../../../src/model/entry.ts";
import type { JournalTime } from "../../../src/model/ids.ts";
import type { Position } from "../../../src/model/position.ts";
import type { Journals } from "../model/journals.ts";
import type { Faults } from "./faults.ts";

export interface StampCheckerParts {
  readonly journals: Journals;
  readonly faults: Faults;
}

interface Previous {
  /** Another fleet has another time. */
  readonly fleet: string | undefined;
  readonly stamp: JournalTime;
}

export class StampChecker {
  readonly #parts: StampCheckerParts;
  readonly #previous = new Map<string, Previous>();

  constructor(parts: StampCheckerParts) {
    this.#parts = parts;
  }

  /** The machine's disk is another one: what it stamped before may be on it no more. */
  forget(machine: string): void {
    this.#previous.delete(machine);
  }

  /** A machine has made an edit durable, over this base. */
  recorded(machine: string, { id, seen, stamp, certain }: Edit, base: Position | undefined): void {
    const known = this.#previous.get(machine);
    const previous = known?.fleet === base?.fleet ? (known?.stamp ?? 0) : 0;
    this.#previous.set(machine, { fleet: base?.fleet, stamp });
    const branch = base === undefined ? undefined : this.#parts.journals.find(base);
    const atSeen = branch?.timeOf(seen) ?? 0;
    const fault = (rule: string, what: string): void =>
      this.#parts.faults.found(rule, `edit ${id.sequence} of ${machine} is stamped ${stamp}, ${what}`);
    if (stamp < previous) return fault("P1", `and the one that it made before ${previous}`);
    if (stamp < atSeen) return fault("P1", `and revision ${seen}, which its author had seen, is of ${atSeen}`);
    const atBase = branch?.timeOf(base?.revision ?? 0) ?? 0;
    if (!certain && stamp > Math.max(previous, atBase))
      fault("P2", `which is not certain, and later than the one before (${previous}) and revision ${base?.revision ?? 0} (${atBase})`);
  }
}
