/** What the simulation tells. */
import type { FuzzOutcome } from "../../test/fleet/fuzz.ts";

/** Which rule a fault is about: its words up to the colon, without the figures. Two failures of one kind are taken for the same. */
export const kindOf = (fault: string): string => (fault.split(/[:\n]/)[0] ?? "").replaceAll(/\d+/g, "n").trim();

export const summary = ({ seed, machines, acts, events, virtualMs, fingerprint, fault }: FuzzOutcome): string =>
  `seed ${seed}: ${machines} machines, ${acts} acts, ${events} events, ${Math.round(virtualMs / 1000)} s, ${fingerprint}, ${fault === undefined ? "holds" : "FAILED"}`;

/** All seeds together. */
export class Totals {
  readonly failed: FuzzOutcome[] = [];
  readonly #tally = new Map<string, number>();
  #seeds = 0;
  #events = 0;
  #acts = 0;
  #virtualMs = 0;

  add(outcome: FuzzOutcome): void {
    this.#seeds += 1;
    this.#events += outcome.events;
    this.#acts += outcome.acts;
    this.#virtualMs += outcome.virtualMs;
    if (outcome.fault !== undefined) this.failed.push(outcome);
    for (const [what, count] of Object.entries(outcome.tally)) this.#tally.set(what, (this.#tally.get(what) ?? 0) + count);
  }

  get seeds(): number {
    return this.#seeds;
  }

  /** How often what happened, in columns. */
  coverage(): string[] {
    const rows = [...this.#tally].sort(([a], [b]) => (a < b ? -1 : 1));
    const width = Math.max(0, ...rows.map(([what]) => what.length));
    return rows.map(([what, count]) => `  ${what.padEnd(width)}  ${count}`);
  }

  line(elapsedMs: number): string {
    const hours = (this.#virtualMs / 3_600_000).toFixed(1);
    const rate = (this.#seeds / Math.max(0.001, elapsedMs / 1000)).toFixed(1);
    const verdict = this.failed.length === 0 ? "all hold" : `${this.failed.length} failed`;
    return `${this.#seeds} seeds, ${this.#events} events, ${this.#acts} acts, ${hours} virtual hours, ${rate} seeds/s: ${verdict}`;
  }
}
