/**
 * B03, B05: what a machine says of itself is what is on its disk. "Up to date" is said of a copy that is there and shown, and of which
 * nothing is to be handed over any more; no edit counts as acknowledged while a join lasts, nor before it was answered; and those
 * that are said to wait are those that wait.
 */
import type { Acknowledged, ClientStatus } from "../../../hal/services.ts";
import type { Faults } from "./faults.ts";

/** Reading what goes to the history with an answer takes a machine so long at the most: by then the answer is on its disk as well. */
const TAKES_MS_MAX = 200;

/** What a client function has on its disk, while nothing of it is being written: then it knows of no more and no less. */
export interface OnDisk {
  /** It has a base. */
  readonly hasBase: boolean;
  /** All of that is shown, or was compared. */
  readonly isShown: boolean;
  /** Something is still to be offered. */
  readonly isWanted: boolean;
  /** Numbers of edits that nobody has answered, ascending. */
  readonly unanswered: readonly number[];
}

export interface Told extends Acknowledged {
  readonly machine: string;
  /** One start of its module: what it said before is over. */
  readonly life: unknown;
  readonly state: ClientStatus["state"];
  /** Not one that failed, is refused at its door or is yet to be started: those go by what they were about to write, or by nothing. */
  readonly isAtWork: boolean;
}

export class TellingChecker {
  readonly #faults: Faults;
  /** By machine, what it says wrongly of its edits, and since when. */
  readonly #since = new Map<string, { readonly life: unknown; readonly what: string; readonly sinceMs: number }>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  look({ machine, life, state, isAtWork, acknowledged, pending }: Told, disk: OnDisk, nowMs: number): void {
    const lacks = state === "synchronized" ? lackOf(disk) : undefined;
    if (lacks !== undefined) this.#faults.found("B05", `${machine} says that it is up to date, and has ${lacks}`);
    if (isAtWork && acknowledged > 0 && (!disk.hasBase || disk.isWanted))
      this.#faults.found("B03", `${machine} says that its edits up to ${acknowledged} are acknowledged amid a join`);
    const wrong = isAtWork ? wrongly({ acknowledged, pending }, disk.unanswered) : undefined;
    const since = this.#since.get(machine);
    if (wrong === undefined) this.#since.delete(machine);
    else if (since?.what !== wrong || since.life !== life) this.#since.set(machine, { life, what: wrong, sinceMs: nowMs });
    else if (nowMs > since.sinceMs + TAKES_MS_MAX) this.#faults.found("B03", `${machine} says that ${wrong}`);
  }
}

/** What is missing to being up to date; undefined: nothing. */
function lackOf({ hasBase, isShown, isWanted }: OnDisk): string | undefined {
  if (!hasBase) return "no base";
  if (!isShown) return "not shown what came";
  return isWanted ? "not offered all that it has" : undefined;
}

/** What is said of edits and is not so; undefined: nothing. */
function wrongly({ acknowledged, pending }: Acknowledged, unanswered: readonly number[]): string | undefined {
  const [first] = unanswered;
  if (first !== undefined && acknowledged >= first)
    return `its edits up to ${acknowledged} are acknowledged, and nobody has answered ${first}`;
  const told = pending.map(({ number }) => number);
  return told.join() === unanswered.join()
    ? undefined
    : `these of its edits wait: ${told.join() || "none"}, and those that do are: ${unanswered.join()}`;
}
