/** What would happen if this machine's client function began now (B01), shown before it does. */
import type { Owner } from "../../src/model/owner.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Value } from "../../src/model/value.ts";
import type { ClientSettings } from "../services.ts";

/**
 * What becomes of a holding: a user, a group, the shared buttons, or one common address list.
 * "replaced": the server's data takes the place of this machine's, which goes to the history (M12). "supplied": the server
 * takes it over from this machine (M13), unless another machine is faster (M14). "received": this machine has nothing of it
 * yet. "unchanged": both have the same.
 */
export type PreviewOutcome = "replaced" | "supplied" | "received" | "unchanged";

export interface PreviewedHolding {
  readonly owner: Owner;
  /** Of `common`: "buttons", or the number of the address list. */
  readonly list?: string;
  readonly outcome: PreviewOutcome;
  /** Entries that travel: on this machine, on the server, and those of this machine that would be lost to the history. A list of
   * which nothing has room at the server is "supplied", with nothing lost: it stays here, and waits until there is room. */
  readonly here: number;
  readonly there: number;
  readonly lost: number;
}

export interface PreviewedEntry {
  readonly item: string;
  readonly key: string;
  /** "left-out": of a list that is supplied, there is no room at the server for it: 1,600 addresses, 200 one-touch. */
  readonly outcome: "replaced" | "removed" | "supplied" | "left-out" | "received" | "unchanged";
  /** Secrets only say that they are set: `{set: true}`. */
  readonly here?: Value;
  readonly there?: Value;
}

export interface Preview {
  /** Names what is shown here: the same again as long as the same would happen. `synchronize` takes it as `preview`. */
  readonly id: string;
  /** The machine takes part already: nothing is going to happen. */
  readonly joined: boolean;
  readonly counts: { readonly [outcome in PreviewOutcome]: number };
  readonly holdings: readonly PreviewedHolding[];
  /** Entry by entry, where one owner was asked for. */
  readonly entries?: readonly PreviewedEntry[];
}

export interface PreviewAdministration {
  /**
   * Waits for the server machine. Takes no place there, keeps nothing here, and changes nothing on either side. Without
   * settings it is for what is set on this machine; "not-paired": there has been no first contact yet, and the preview needs
   * it. With settings the first contact is made for it, and forgotten here. Any other refusal is the server's: it would
   * refuse this machine. Rejects with a SyncError when the server machine cannot be reached.
   */
  preview(asked: { readonly settings?: ClientSettings; readonly owner?: Owner }): Promise<Refusal | Preview>;
}
