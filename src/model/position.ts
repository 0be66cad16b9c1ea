/** Where in which journal a copy stands. */
import type { EpochId, FleetId, JournalTime, Revision } from "./ids.ts";

export interface Epoch {
  readonly number: number;
  readonly id: EpochId;
}

/** Equal positions mean equal copies: the chain hash covers every change up to the revision. */
export interface Position {
  readonly fleet: FleetId;
  readonly epoch: Epoch;
  readonly revision: Revision;
  /** 16 bytes as 32 hex digits: hash of the hash before it and the bytes of the change; revision 0 has 32 zeros. */
  readonly chainHash: string;
}

/**
 * How an epoch after the first came to be. "restore": an earlier state was put back, by an administrator or behind
 * everybody's back; what lay beyond it is undone. "promotion": another machine went on from its copy; what lies beyond
 * that on other machines is brought to it.
 */
export type Birth = "restore" | "promotion";

/**
 * An act of an administrator that made a machine the server: a restore, a promotion, a start after it had stood down. Of
 * two servers the one with the later mandate serves (P16). It is later than every mandate that its machine had heard of,
 * so nobody who is made the server in knowledge of another gives way to that one, whatever the clocks say.
 */
export interface Mandate {
  readonly at: JournalTime;
  /** The epoch that began with it: of two at the same time the higher one counts as the later. */
  readonly id: EpochId;
}

/** An epoch in the lineage of a journal: `first` is its first revision (1 for the first epoch). */
export interface LineageEntry extends Epoch {
  readonly first: Revision;
  /** undefined for the first epoch of a fleet. */
  readonly born?: Birth;
  /** By which its server served in this epoch; undefined where no act came before it, or none that an older module told of. */
  readonly mandate?: Mandate;
}

export const CHAIN_START = "0".repeat(32);

export const sameEpoch = (a: Epoch, b: Epoch): boolean => a.id === b.id && a.number === b.number;

export const samePosition = (a: Position | undefined, b: Position | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.fleet === b.fleet &&
    sameEpoch(a.epoch, b.epoch) &&
    a.revision === b.revision &&
    a.chainHash === b.chainHash);
