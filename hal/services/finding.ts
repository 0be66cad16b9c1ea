/** The administrator's functions for the way to the server machine (M09, M36). */
import type { ErrorCode } from "../../src/model/errors.ts";
import type { Refusal } from "../../src/model/refusal.ts";

/** A machine that says it is a server machine. Nothing of it is proven: it fills in an address, and trusts nobody. */
export interface FoundServer {
  /** For [Destination Server Address:]; "localhost" for this very machine. */
  readonly address: string;
  readonly deviceName: string;
  /** The identity that it claims: 32 hex digits, to be compared at the first contact. */
  readonly server: string;
}

export type SearchOutcome =
  | { readonly kind: "found"; readonly found: FoundServer }
  | { readonly kind: "none" }
  /** Sorted by address, at most 16. */
  | { readonly kind: "several"; readonly found: readonly FoundServer[] }
  /** There is no network to search on. */
  | { readonly kind: "away"; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface FindingAdministration {
  /**
   * Searches the network for server machines, for 3 s. `depth` is [Search Depth (Router):], 1 to 8: 1 stays inside the
   * segment, n crosses n - 1 routers. Nothing is set or kept.
   */
  search(depth: number): Promise<SearchOutcome>;
}
