/**
 * What people did, and what must therefore be true in the end: written from the rules (B03, M12-M16), without looking
 * at how the product decides.
 *
 * An act is **firm** when its machine was a member of the fleet at the time: then it is an edit, and of two edits the
 * later one stands, unless both were made so close together that no clock could tell, in which case the one that had
 * seen the other does. Everything else is **loose**: data of a join, acts whose machine left the fleet, broke down or
 * whose owner was deleted; it may stand or not, but nothing may stand that nobody ever set.
 */
import { isDeepStrictEqual } from "node:util";
import type { Value } from "../../src/model/value.ts";

export interface Act {
  readonly number: number;
  readonly machine: string;
  readonly owner: string;
  readonly item: string;
  readonly key: string;
  /** undefined: deleted. Values are unique in a simulation. */
  readonly value: Value | undefined;
  readonly atMs: number;
  /** Data of a join counts from the join on (P20). */
  countsFromMs: number;
  /** What the machine showed when it was done. */
  readonly shown: Value | undefined;
  firm: boolean;
  /** Its machine had heard journal time since it was switched on (P2). */
  readonly certain: boolean;
  /** The machine had it durably; otherwise it may never have happened. */
  durable: boolean;
  /** The machine was told that the server has it. */
  acknowledged: boolean;
  /** The administrator deleted its owner after it: it must be gone. */
  erased: boolean;
}

export type NewAct = Omit<Act, "number" | "countsFromMs" | "durable" | "acknowledged" | "erased">;

const nameOf = ({ owner, item, key }: Pick<Act, "owner" | "item" | "key">): string => `${owner} ${item} ${key}`;

export class Oracle {
  readonly acts: Act[] = [];
  readonly #byEntry = new Map<string, Act[]>();
  /** Two acts closer together than this are one moment to the fleet. */
  readonly #momentMs: number;

  /** The server's clock was wrong, against M06: which of two acts came first cannot be known any more, only what was seen. */
  #timeIsLost = false;

  constructor(momentMs: number) {
    this.#momentMs = momentMs;
  }

  timeIsLost(): void {
    this.#timeIsLost = true;
    for (const act of this.acts) if (act.erased) [act.erased, act.firm] = [false, false];
  }

  add(act: NewAct): Act {
    const whole: Act = { ...act, number: this.acts.length + 1, countsFromMs: act.atMs, durable: false, acknowledged: false, erased: false };
    this.acts.push(whole);
    const name = nameOf(act);
    const known = this.#byEntry.get(name);
    if (known === undefined) this.#byEntry.set(name, [whole]);
    else known.push(whole);
    return whole;
  }

  entries(): { readonly owner: string; readonly item: string; readonly key: string }[] {
    return [...this.#byEntry.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
  }

  /** The machine left the fleet: what it had not handed over may be lost, and may come back with its next join. */
  left(machine: string): void {
    for (const act of this.acts) if (act.machine === machine && !act.acknowledged) act.firm = false;
  }

  /** An administrator deleted the owner; `isSure` tells whether the deletion reached what this machine set, now or later. */
  ownerDeleted(owner: string, atMs: number, isSure: (machine: string) => boolean): void {
    for (const act of this.acts) {
      if (act.owner !== owner) continue;
      if (!this.#timeIsLost && isSure(act.machine) && act.certain && act.atMs < atMs - this.#momentMs) act.erased = true;
      else act.firm = false;
    }
  }

  /** A backup was put back that contains these: of all others nobody can say whether the server still has them, also of what it had deleted. */
  restored(contained: ReadonlySet<Act>): void {
    for (const act of this.acts) {
      if (act.erased) [act.erased, act.firm] = [false, false];
      if (!contained.has(act)) act.firm = false;
      else if (this.#isBeatenByOther(act, contained)) act.firm = false;
    }
  }

  /** Contained, and set anew by something that is not: which of them stands is not settled by who was later. */
  #isBeatenByOther(act: Act, contained: ReadonlySet<Act>): boolean {
    return (this.#byEntry.get(nameOf(act)) ?? []).some((other) => other.number > act.number && !contained.has(other));
  }

  /** The server is lost with what only it had: what was set on machines that are not there any more, and deletions of owners. */
  serverLost(isThere: (machine: string) => boolean): void {
    for (const act of this.acts) {
      if (!isThere(act.machine)) act.firm = false;
      if (act.erased) [act.erased, act.firm] = [false, false];
    }
  }

  /** An older image of the machine's disks was put back: what it did may be undone, or be done again. */
  putBack(machine: string): void {
    for (const act of this.acts) {
      if (act.machine === machine) act.firm = false;
      if (act.erased) [act.erased, act.firm] = [false, false];
    }
  }

  /** Deletions of an owner's entries are remembered no longer: what the server has not had by now may be taken for older than one of them (P25). */
  purged(owner: string): void {
    for (const act of this.acts) if (act.owner === owner && !act.acknowledged) act.firm = false;
  }

  /** What lost of an owner was put back: any of its values may stand, also one that was deleted. */
  putBackOwner(owner: string): void {
    for (const act of this.acts) if (act.owner === owner) [act.erased, act.firm] = [false, false];
  }

  /** The machine has joined: what it held, by entry, is the fleet's from now on, if anybody's, whoever had set it once (P20). */
  adopted(machine: string, atMs: number, held: ReadonlyMap<string, unknown>): void {
    for (const act of this.acts) {
      const isOwn = act.machine === machine && !act.firm;
      if (isOwn || (held.has(nameOf(act)) && isDeepStrictEqual(held.get(nameOf(act)), act.value))) act.countsFromMs = atMs;
    }
  }

  /** A machine joins: it may bring back what the fleet had deleted, and anything of its own. */
  joined(owners: (owner: string) => boolean): void {
    for (const act of this.acts) if (act.erased && owners(act.owner)) [act.erased, act.firm] = [false, false];
  }

  /** Why this value must not stand in the end; undefined when it may. */
  fault(entry: Pick<Act, "owner" | "item" | "key">, value: unknown): string | undefined {
    const acts = this.#byEntry.get(nameOf(entry)) ?? [];
    const standing = acts.filter((act) => isDeepStrictEqual(act.value, value));
    if (value !== undefined && standing.length === 0) return "nobody ever set it";
    const faults = standing.map((act) => this.#faultOf(act, acts));
    if (value === undefined && this.#mayBeAbsent(acts)) return undefined;
    if (faults.some((fault) => fault === undefined)) return undefined;
    return faults[0] ?? `${this.#describe(this.#latest(acts))} is lost`;
  }

  #faultOf(act: Act, acts: readonly Act[]): string | undefined {
    if (act.erased) return `${this.#describe(act)} was deleted with its owner`;
    const better = acts.find((other) => other !== act && other.firm && other.durable && !other.erased && this.#beats(other, act));
    return better === undefined ? undefined : `${this.#describe(act)} stands, but ${this.#describe(better)} must`;
  }

  #beats(later: Act, earlier: Act): boolean {
    if (later.atMs < earlier.countsFromMs) return false;
    if (later.machine === earlier.machine && earlier.firm) return later.number > earlier.number;
    if (later.shown !== undefined && isDeepStrictEqual(later.shown, earlier.value)) return true;
    return !this.#timeIsLost && later.certain && later.atMs > earlier.countsFromMs + this.#momentMs;
  }

  /** Nothing firm says that something must be there. */
  #mayBeAbsent(acts: readonly Act[]): boolean {
    return !acts.some((act) => act.value !== undefined && act.firm && act.durable && !act.erased);
  }

  #latest(acts: readonly Act[]): Act | undefined {
    return acts.filter((act) => act.firm && act.durable && !act.erased).at(-1);
  }

  #describe(act: Act | undefined): string {
    if (act === undefined) return "nothing";
    const flags = [act.firm ? "" : "loose", act.certain ? "" : "uncertain", act.acknowledged ? "acknowledged" : ""].filter(
      (flag) => flag !== "",
    );
    return `act ${act.number} (${act.machine} at ${act.atMs} ms: ${nameOf(act)} = ${JSON.stringify(act.value)}${flags.length > 0 ? `; ${flags.join(", ")}` : ""})`;
  }
}
