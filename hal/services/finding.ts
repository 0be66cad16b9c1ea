/** The administrator's functions for the way to the server machine (M09, M36). */
import type { ErrorCode } from "../../src/model/errors.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Trust } from "../services.ts";

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

/** A stretch of the way to the server machine, in the order in which it is gone. */
export type WayPart = "address" | "port" | "service" | "clock" | "account" | "settings";

export type WayStep = { readonly part: WayPart } & (
  | { readonly outcome: "passed" }
  /** The domain says why, or the world does. */
  | { readonly outcome: "failed"; readonly refusal: Refusal }
  | { readonly outcome: "failed"; readonly code: ErrorCode; readonly message: string }
  /**
   * Something before it failed, or nothing was given to try it with. "unconfirmed": the login service there demands the
   * password itself, and nobody gets that whose identity an administrator has not compared (`Way.trust`).
   */
  | { readonly outcome: "not-reached"; readonly because?: "unconfirmed" }
);

export interface WayReport {
  /** One for each part, in their order: what comes after the first that failed was not reached. */
  readonly steps: readonly WayStep[];
  /** Where the test went; the address that was found when none was given. */
  readonly destination: string;
  /** Host and port of the proxy that the way goes through, where one is set for it: it may be what is at fault. */
  readonly proxy?: string;
  /** Who answers there, for the administrator to compare. */
  readonly server: string | undefined;
  /** How far this machine's date is ahead of the server machine's. Dates are labels, so this fails nothing. */
  readonly aheadMs: number | undefined;
}

/** As ClientSettings have them; without an account the way is tested as far as it goes without one. */
export interface Way {
  readonly destination: string;
  readonly searchDepth?: number | undefined;
  readonly account?: string;
  readonly password?: string;
  /**
   * Who may be told the password where the login service there demands it; left out: nobody. A proof that tells none is made to
   * anybody.
   */
  readonly trust?: Trust;
}

export interface FindingAdministration {
  /**
   * Searches the network for server machines, for 3 s. `depth` is [Search Depth (Router):], 1 to 8: 1 stays inside the
   * segment, n crosses n - 1 routers. Nothing is set or kept.
   */
  search(depth: number): Promise<SearchOutcome>;
  /**
   * M36: goes the way to the server machine, part by part, and says which of them fails. Nothing is set, kept or pinned on
   * either machine. With an account it counts as one of the tries of a first contact. Takes up to half a minute.
   */
  testWay(way: Way): Promise<WayReport>;
}
