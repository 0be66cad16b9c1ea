/**
 * P1   The stamps of one author never go back: not before that of its previous edit, nor before the journal time of what it had
 *      seen. So it is over restarts, power-offs and clocks that jump; only an older image of its disk has forgotten, and a function
 *      that was stopped: with its copy goes the time of its fleet (P21), and a server that was off meanwhile has not counted on.
 * P2   An edit that is not certain says no more than that: it has the later of the two, or the time of the last welcome, when its base still stood.
 *      Whoever has not heard of journal time since the power was on is not certain, and whoever has is.
 */
import { isDeepStrictEqual } from "node:util";
import type { Edit } from "../../../src/model/entry.ts";
import type { JournalTime } from "../../../src/model/ids.ts";
import type { Position } from "../../../src/model/position.ts";
import type { Value } from "../../../src/model/value.ts";
import type { Journals } from "../model/journals.ts";
import type { Faults } from "./faults.ts";

export interface StampCheckerParts {
  readonly journals: Journals;
  readonly faults: Faults;
}

interface Made {
  readonly value: Value | undefined;
  /** Whether its machine knew journal time by then. */
  readonly knew: "surely" | "perhaps" | "no";
}

interface Previous {
  /** Another fleet has another time. */
  readonly fleet: string;
  readonly stamp: JournalTime;
}

export class StampChecker {
  readonly #parts: StampCheckerParts;
  readonly #previous = new Map<string, Previous>();
  readonly #welcomed = new Map<string, JournalTime>();
  readonly #made = new Map<string, Made>();

  constructor(parts: StampCheckerParts) {
    this.#parts = parts;
  }

  /** The machine's disk is another one: what it stamped before may be on it no more, nor that it had heard the time. */
  forget(machine: string): void {
    this.#previous.delete(machine);
    this.forgetMade(machine);
  }

  /** It has no copy any more, nor the time of a fleet (P21): what it edits next is made over a new one. */
  stopped(machine: string): void {
    this.#previous.delete(machine);
  }

  /** The machine's own stores are others: of what they hold nobody knows when it was made. */
  forgetMade(machine: string): void {
    for (const name of [...this.#made.keys()]) if (name.startsWith(`${machine} `)) this.#made.delete(name);
  }

  /** A server says what time it is with the base that the machine gets: such a base was still what stood then. */
  welcomed(machine: string, at: JournalTime): void {
    this.#welcomed.set(machine, at);
  }

  /** Somebody changed an entry ("owner item key") of a machine. */
  edited(machine: string, entry: string, made: Made): void {
    this.#made.set(`${machine} ${entry}`, made);
  }

  /** A machine has made an edit durable, over this base; `knows`: whether it knows journal time by now. */
  recorded(machine: string, edit: Edit, base: Position | undefined, knows: Made["knew"]): void {
    const { id, seen, stamp, certain } = edit;
    // What is made before a join is data of the join (P20), and a stop forgets it (P21).
    if (base === undefined) return;
    const known = this.#previous.get(machine);
    const previous = known?.fleet === base.fleet ? known.stamp : 0;
    this.#previous.set(machine, { fleet: base.fleet, stamp });
    const branch = this.#parts.journals.find(base);
    const atSeen = branch?.timeOf(seen) ?? 0;
    const fault = (rule: string, what: string): void =>
      this.#parts.faults.found(rule, `edit ${id.sequence} of ${machine} is stamped ${stamp}, ${what}`);
    if (stamp < previous) return fault("P1", `and the one that it made before ${previous}`);
    if (stamp < atSeen) return fault("P1", `and revision ${seen}, which its author had seen, is of ${atSeen}`);
    const knew = this.#knewAt(machine, edit);
    // What was made before the time was heard, and recorded after that, has its time as well.
    if (certain && knew === "no" && knows === "no")
      return fault("P2", "and certain, and its machine has not heard journal time since it was switched on");
    if (!certain && knew === "surely") return fault("P2", "and not certain, and its machine had heard journal time");
    const atBase = Math.max(branch?.timeOf(base.revision) ?? 0, this.#welcomed.get(machine) ?? 0);
    if (!certain && known !== undefined && stamp > Math.max(previous, atBase))
      fault("P2", `which is not certain, and later than the one before (${previous}) and what its base was at (${atBase})`);
  }

  /** undefined: the entry was changed again since, or nobody knows. */
  #knewAt(machine: string, { owner, item, key, value }: Edit): Made["knew"] | undefined {
    const made = this.#made.get(`${machine} ${owner} ${item} ${key}`);
    return made !== undefined && isDeepStrictEqual(made.value, value) ? made.knew : undefined;
  }
}
