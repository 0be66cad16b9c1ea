/**
 * What people do at the machine: copies, scans, faxes, stored files. The module begins a job from a button or from the
 * timeline; paper, optics and lines are the machine's. One job at a time is begun from the panel.
 *
 * Settings are those of the button: plain data that may have come from another model. What this machine does not know of
 * them it leaves aside; where nothing is said it takes its own defaults.
 */
import type { JobName } from "../src/model/job.ts";
import type { Fields } from "../src/model/value.ts";
import type { Unsubscribe } from "./hal.ts";

export interface RunningJob {
  readonly job: JobName;
  readonly settings: Fields;
}

export interface Jobs {
  /**
   * Begins the job: it is told by `onJob` before this resolves, and does not wait for the job's end. "busy": another one
   * runs, and nothing was begun. Rejects "hal-unavailable" when the machine cannot begin any now (a paper jam).
   */
  run(job: JobName, settings: Fields): Promise<"begun" | "busy">;
  /** The job that runs now. The machine does not sleep fully meanwhile. */
  running(): RunningJob | undefined;
  /** Breaks the running job off, as the Stop key does; without one it does nothing. */
  stop(): Promise<void>;
  /** Told when a job begins, and with undefined when it ends: done, stopped or broken off. */
  onJob(listener: (running: RunningJob | undefined) => void): Unsubscribe;
}
