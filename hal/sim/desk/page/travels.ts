/**
 * Changes on their way, put together from what the machines tell: who made one, when the server machine had it, when it
 * came to each of the others. Times are those at which the page heard of it.
 */
import type { EntryName, Travel } from "./drawing.ts";

export interface Journey {
  readonly from: number;
  readonly names: readonly EntryName[];
  readonly more: number;
  readonly startedMs: number;
  /** After how many milliseconds the server machine had it. */
  readonly acceptedMs: number | undefined;
  /** By machine, after how many milliseconds it had it. */
  readonly arrived: ReadonlyMap<number, number>;
}

/** What is to be drawn of a telling. */
export type Leg =
  | { readonly kind: "made"; readonly journey: Journey }
  | { readonly kind: "accepted"; readonly journey: Journey }
  | { readonly kind: "arrived"; readonly at: number; readonly journey: Journey }
  /** Nobody here saw it being made: a machine catches up. */
  | { readonly kind: "received"; readonly at: number; readonly names: readonly EntryName[]; readonly more: number };

/** Older ones are forgotten, and what comes of them is told as received. */
const JOURNEYS_MAX = 50;

export class Travels {
  #journeys: readonly Journey[] = [];

  /** The legs of a telling; none where a machine hears its own edit from the server machine. */
  hear({ number, step, names, more }: Travel, nowMs: number): readonly Leg[] {
    if (step === "edited") {
      const journey = { from: number, names, more, startedMs: nowMs, acceptedMs: undefined, arrived: new Map() };
      this.#journeys = [...this.#journeys, journey].slice(-JOURNEYS_MAX);
      return [{ kind: "made", journey }];
    }
    if (step === "accepted") {
      return this.#update(
        (journey) => journey.from === number && journey.acceptedMs === undefined && shares(journey, names),
        (journey) => ({ ...journey, acceptedMs: nowMs - journey.startedMs }),
      ).map((journey) => ({ kind: "accepted", journey }));
    }
    if (this.#journeys.some((journey) => journey.from === number && shares(journey, names) && isFresh(journey, nowMs))) return [];
    const arrived = this.#update(
      (journey) => journey.from !== number && !journey.arrived.has(number) && shares(journey, names),
      (journey) => ({ ...journey, arrived: new Map(journey.arrived).set(number, nowMs - journey.startedMs) }),
    );
    return arrived.length === 0
      ? [{ kind: "received", at: number, names, more }]
      : arrived.map((journey) => ({ kind: "arrived", at: number, journey }));
  }

  #update(which: (journey: Journey) => boolean, change: (journey: Journey) => Journey): readonly Journey[] {
    const changed: Journey[] = [];
    this.#journeys = this.#journeys.map((journey) => {
      if (!which(journey)) return journey;
      const next = change(journey);
      changed.push(next);
      return next;
    });
    return changed;
  }
}

/** A machine's own edit comes back to it from the server machine within this time after it was accepted. */
const ECHO_MS = 5_000;

const isFresh = ({ startedMs, acceptedMs }: Journey, nowMs: number): boolean =>
  acceptedMs === undefined || nowMs - startedMs - acceptedMs < ECHO_MS;

const shares = (journey: Journey, names: readonly EntryName[]): boolean =>
  journey.names.some((ours) => names.some((theirs) => ours.owner === theirs.owner && ours.item === theirs.item && ours.key === theirs.key));
