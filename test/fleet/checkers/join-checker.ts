/**
 * I9   M12, P20: what a machine had before its join became visible is data of the join. It comes into the journal as what
 *      was adopted, whole, or not at all: never as an edit.
 */
import type { DeviceId } from "../../../src/model/ids.ts";
import type { Change } from "../../../src/protocol/change.ts";
import { describe } from "./decision-checker.ts";
import type { Faults } from "./faults.ts";

export class JoinChecker {
  readonly #faults: Faults;
  /** By machine, the last number of an edit that it had made when it joined. */
  readonly #madeBefore = new Map<DeviceId, number>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** A join of the machine became visible; it had made edits up to this number. */
  joined(device: DeviceId, madeBefore: number): void {
    this.#madeBefore.set(device, madeBefore);
  }

  /** Its disks are others: what it pushes may be from before a join that it knows nothing of. */
  forget(device: DeviceId): void {
    this.#madeBefore.delete(device);
  }

  changed(machine: string, { revision, edits }: Change): void {
    for (const { edit } of edits) {
      const madeBefore = this.#madeBefore.get(edit.id.device) ?? 0;
      if (edit.why === "adopted" || edit.why === "server" || edit.why === "brought" || edit.id.sequence > madeBefore) continue;
      this.#faults.found("I9", `revision ${revision} of ${machine}: ${describe(edit)} was made before its machine joined`);
    }
  }
}
