/** All journals that a simulated fleet ever had, as branches; and how to find the one that a position belongs to. */
import type { Position } from "../../../src/model/position.ts";
import { decodeChange } from "../../../src/protocol/change.ts";
import type { Branch } from "./branch.ts";
import { Fold } from "./fold.ts";

export class Journals {
  readonly branches: Branch[] = [];
  /** Every change that was ever committed, by the hash that it led to: to fold a branch anew from its beginning. */
  readonly #changes = new Map<string, { readonly before: string; readonly bytes: Uint8Array }>();

  begin(branch: Branch): Branch {
    this.branches.push(branch);
    return branch;
  }

  /** The youngest branch that was there. */
  find(position: Pick<Position, "fleet" | "revision" | "chainHash">): Branch | undefined {
    return this.branches.findLast((branch) => branch.passed(position));
  }

  committed(before: string, after: string, bytes: Uint8Array): void {
    this.#changes.set(after, { before, bytes });
  }

  /** A branch of its own that goes on from a known position; undefined when nobody was ever there. */
  fork(position: Pick<Position, "fleet" | "revision" | "chainHash">): Branch | undefined {
    const from = this.find(position);
    return from === undefined ? undefined : this.begin(from.fork(position.revision, this.#foldAt(position.chainHash)));
  }

  #foldAt(chainHash: string): Fold {
    const changes: Uint8Array[] = [];
    for (let hash = chainHash; ; ) {
      const change = this.#changes.get(hash);
      if (change === undefined) break;
      changes.push(change.bytes);
      hash = change.before;
    }
    const fold = new Fold();
    for (const bytes of changes.reverse()) fold.take(decodeChange(bytes));
    return fold;
  }
}
