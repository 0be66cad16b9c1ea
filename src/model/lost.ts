/** Why something lost and went to a history (B02), as words and as sentences. */
import type { RefusalWord } from "./refusal.ts";

export type LostBecause =
  /** Of two edits made without knowledge of each other the other one was made later (B03). */
  | "superseded"
  /** The server held the owner at a join, and its data replaced this machine's (M12). */
  | "replaced-at-join"
  /** An item became shared again, and the common data replaced what this machine had as its own (P28). */
  | "replaced-at-scope-change"
  /** Keychains are synchronised again after the network places were put in order, and the fleet's entry replaced this machine's (M25). */
  | "replaced-at-reordering"
  /** A restore put an older state in its place (M33). */
  | "restored"
  /** The owner had to go for another one (M22). */
  | "evicted"
  /** The server machine refused it. */
  | RefusalWord;

/** For the log and the API, in English. */
export function lostText(because: LostBecause): string {
  switch (because) {
    case "superseded":
      return "a later change of another machine stands";
    case "replaced-at-join":
      return "the server machine held this owner when this machine joined, and its data replaced what was here";
    case "replaced-at-scope-change":
      return "the item is shared again, and another machine had supplied this owner's data of it first";
    case "replaced-at-reordering":
      return "the network places are in the server machine's order again, and the fleet's entry replaced what was set here meanwhile";
    case "restored":
      return "a backup was restored on the server machine, and it holds something older";
    case "evicted":
      return "the server machine had no room, and this was the user whose last login was longest ago";
    case "owner-held":
      return "another machine had supplied this owner's data first";
    case "owner-removed":
      return "the owner was deleted or had to go before this change arrived";
    case "owner-unknown":
      return "the server machine held nothing of this owner, so there was nothing to delete";
    case "too-many-entries":
      return "the list was full on the server machine";
    case "too-many-users":
      return "the server machine had no room for another user";
    case "device-specific":
      return "the item had become device-specific";
    default:
      return `the server machine refused it (${because})`;
  }
}
