/** Why a machine does not show a value of the fleet, or the fleet not one of the machine (M27), as words and as sentences. */

export type NotAppliedBecause =
  /** The machine's options, configuration or capacity do not take it; it says why itself. */
  | "machine"
  /** The machine dropped it for its own limits. */
  | "evicted"
  /** This model or version does not know the item (M26). */
  | "unknown-item"
  /** The network places are in another order than on the server machine (M25). */
  | "keychain-order"
  /** A secret that cannot be opened here. */
  | "unreadable"
  /** The other way round: this machine's own value cannot leave it, so the others have another one or none. */
  | "cannot-travel";

export interface NotAppliedReason {
  readonly because: NotAppliedBecause;
  /** What the machine says, for "machine"; what is the matter with the value, for "cannot-travel"; "" otherwise. */
  readonly detail: string;
}

/** For the status page, the log and the API, in English. */
export function notAppliedText({ because, detail }: NotAppliedReason): string {
  switch (because) {
    case "machine":
      return detail;
    case "evicted":
      return "this machine has no room for more of these; the entry is kept elsewhere";
    case "unknown-item":
      return "this model or version does not know the item; it is kept and passed on unchanged";
    case "keychain-order":
      return "the network places of this machine are in another order than on the server machine";
    case "unreadable":
      return "the secret was sealed by another fleet, or changed; it is kept as it is";
    case "cannot-travel":
      return `the value is on this machine alone: ${detail}`;
  }
}
