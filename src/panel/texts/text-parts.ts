/** Parts of what the panel says that stand in files of their own in each language. */
import type { WayPart } from "../../../hal/services/finding.ts";
import type { Provenance } from "../../../hal/services/provenance.ts";
import type { Why } from "../../model/entry.ts";
import type { Explanation } from "./texts.ts";

/** The search for the server machine, and the test of the way to it. */
export interface WayTexts {
  readonly depth: string;
  readonly test: string;
  readonly title: string;
  readonly parts: { readonly [part in WayPart]: string };
  readonly passed: string;
  readonly failed: string;
  readonly notReached: string;
  readonly serverClock: string;
  /** The login service there demands the password, which is told to nobody whose fingerprint was not compared. */
  readonly untold: string;
  /** Nobody answers at port 8443: why, and what to do before anything is started. */
  readonly nobody: { readonly why: string; readonly next: string };
}

/** What of the fleet is held back on this machine, and what is open for now (M23, M25, M27). */
export interface HeldTexts {
  readonly exportOpen: (minutes: number) => string;
  readonly placesDiffer: string;
  readonly notApplied: (entries: number) => string;
  /** Of a function that this machine's own trouble has stopped. */
  readonly startsAgain: string;
  /** A date that is not believed: for the log, and for the page of the server function. */
  readonly dateAhead: (days: number) => Explanation;
  /** What an error means on the server machine itself, where a client machine is told something else by it. */
  readonly serverFaults: { readonly [code in OwnServerFault]: Pick<Explanation, "why" | "next"> };
}

/** Where an entry comes from (B04). Who made it, and when, is said as in the history. */
export interface OriginTexts {
  /** The row that leads there, and the title there. */
  readonly title: string;
  readonly machine: string;
  readonly orLater: (date: string) => string;
  readonly states: { readonly [state in Provenance["state"]]: string };
  readonly why: { readonly [why in Why]: string };
  /** What stands on the server below an edit that waits. */
  readonly over: string;
  readonly none: string;
}

export type OwnServerFault = "port-closed" | "storage-damaged";

/** The status line, and the Status Monitor (B05). */
export interface StatusTexts {
  readonly title: string;
  readonly nothing: string;
  readonly upToDate: string;
  readonly saved: (edits: number) => string;
  /** By its administrator, as it said itself (M11). */
  readonly serverStopped: (edits: number) => string;
  readonly things: (things: number, edits: number) => string;
  readonly joining: string;
  readonly receiving: (parts: number) => string;
  /** Users and groups. */
  readonly showing: (done: number, of: number) => string;
  readonly handingOver: (left: number) => string;
  readonly paused: (edits: number) => string;
  readonly restartNeeded: string;
  readonly server: (machines: number) => string;
  readonly askAdministrator: string;
}
