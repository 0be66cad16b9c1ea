/**
 * I2   Prefix: a client's base is the server's state at its position, exactly, after each of its writes.
 * I3   No time travel: within an epoch a base only goes on; an epoch is never followed by one with a lower number.
 * I4   No edit leaves the pending list before it is in the base, decided and answered, covered by a newer one of its
 *      own machine, or part of a join.
 * I20  A base is on a journal that was there.
 */
import type { Position } from "../../../src/model/position.ts";
import type { Branch } from "../model/branch.ts";
import type { Journals } from "../model/journals.ts";
import type { Faults } from "./faults.ts";
import { show } from "./journal-checker.ts";

/** A base after one durable write of its machine. */
export interface Base {
  readonly machine: string;
  readonly position: Position;
  readonly generation: number;
  /** The base's records, by state key. */
  readonly records: ReadonlyMap<string, Uint8Array>;
  /** The machine has noted that not all of it is there. */
  readonly isNoted: boolean;
  /** Keys that the write touched. */
  readonly written: Iterable<string>;
}

interface Checked {
  readonly branch: Branch;
  readonly position: Position;
  readonly generation: number;
}

export class ReplicaChecker {
  readonly #parts: { readonly journals: Journals; readonly faults: Faults };
  readonly #last = new Map<string, Checked>();

  constructor(parts: { readonly journals: Journals; readonly faults: Faults }) {
    this.#parts = parts;
  }

  /** The machine has no base any more: it begins anew. */
  forget(machine: string): void {
    this.#last.delete(machine);
  }

  base(base: Base): void {
    const { journals, faults } = this.#parts;
    const { machine, position, generation } = base;
    const last = this.#last.get(machine);
    const { revision, chainHash, fleet, epoch } = position;
    const same = last !== undefined && last.generation === generation && last.branch.passed(position) && isOn(last.branch, position);
    const branch = same
      ? last.branch
      : journals.branches.findLast((one) => one.passed({ fleet, revision, chainHash }) && isOn(one, position));
    if (branch === undefined)
      return faults.found("I20", `${machine} stands at revision ${revision} of epoch ${epoch.number}, where no journal ever was`);
    this.#last.set(machine, { branch, position, generation });
    if (last !== undefined) {
      const travelled = timeFault(last.position, position);
      if (travelled !== undefined) return faults.found("I3", `${machine} ${travelled}`);
    }
    // What was mended over a damaged head says where it stood, and is fetched anew.
    if (!same && base.isNoted) return this.forget(machine);
    const keys = same
      ? new Set([...base.written, ...branch.changedBetween(last.position.revision, revision)])
      : new Set([...branch.keys(), ...base.records.keys()]);
    for (const key of keys) {
      const fault = difference(branch, key, revision, base.records.get(key));
      if (fault !== undefined) return faults.found("I2", `the base of ${machine} at revision ${revision}: ${show(key)} ${fault}`);
    }
  }
}

const isOn = ({ lineage }: Branch, { epoch }: Position): boolean =>
  lineage.some(({ id, number }) => id === epoch.id && number === epoch.number);

function timeFault(before: Position, after: Position): string | undefined {
  if (before.fleet !== after.fleet) return undefined;
  if (after.epoch.number < before.epoch.number) return `goes from epoch ${before.epoch.number} back to ${after.epoch.number}`;
  if (after.epoch.id === before.epoch.id && after.revision < before.revision)
    return `goes from revision ${before.revision} back to ${after.revision}`;
  return undefined;
}

function difference(branch: Branch, key: string, revision: number, found: Uint8Array | undefined): string | undefined {
  const expected = branch.at(key, revision);
  if (expected === "unseen" || expected === found) return undefined;
  if (found === undefined) return "is missing";
  if (expected === undefined) return "is there, and should not be";
  return Buffer.compare(expected, found) === 0 ? undefined : "has other bytes than the server had";
}
