/** I32  When everything is healed nothing of a member is under way any more: its outbox is empty, and its join is complete. */
export interface Unfinished {
  readonly machine: string;
  /** Edits that nobody answered. */
  readonly pending: number;
  /** Parts of a snapshot are still to come, or to be laid. */
  readonly transfers: boolean;
  /** Owners of whom something is on offer that the server has room for. */
  readonly offered: readonly string[];
  readonly hasBase: boolean;
  /** So many of its edits were recorded, by number, and up to this one it says that the server has them. */
  readonly recorded: number;
  readonly acknowledged: number;
}

/** What is unfinished, in a sentence; undefined: nothing. */
export function livenessFault({ machine, pending, transfers, offered, hasBase, recorded, acknowledged }: Unfinished): string | undefined {
  const faults = [
    hasBase ? "" : "it never joined",
    pending > 0 ? `${pending} edits wait` : "",
    transfers ? "a transfer is under way" : "",
    acknowledged < recorded ? `its edits after ${acknowledged} are not acknowledged` : "",
    offered.length > 0 ? `${offered.join(", ")} is on offer` : "",
  ].filter((fault) => fault !== "");
  return faults.length === 0 ? undefined : `I32: ${machine}: ${faults.join(", ")}`;
}
