/** Runs seeds in a thread of its own: a job comes in, its outcome goes out. */
import { parentPort } from "node:worker_threads";
import { fuzz, type FuzzOptions, type FuzzOutcome } from "../../test/fleet/fuzz.ts";
import type { Shape } from "./arguments.ts";

export interface Job extends Shape {
  readonly seed: number;
  readonly only: readonly number[] | undefined;
}

export const optionsOf = ({ seed, machines, steps, faults, traits, only }: Job): FuzzOptions => ({
  seed,
  faults,
  ...(machines === undefined ? {} : { machines }),
  ...(steps === undefined ? {} : { steps }),
  ...(traits === undefined ? {} : { traits: new Set(traits) }),
  ...(only === undefined ? {} : { only: new Set(only) }),
});

const port = parentPort;
if (port !== null) {
  process.setSourceMapsEnabled(true);
  port.on("message", (job: Job) => {
    void fuzz(optionsOf(job)).then((outcome: FuzzOutcome) => port.postMessage(outcome));
  });
}
