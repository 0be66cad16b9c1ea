/** The simulated machine's work: a job takes its time and is done. No paper is used. */
import type { JobName } from "../../src/model/job.ts";
import type { Fields } from "../../src/model/value.ts";
import type { Clock } from "../clock.ts";
import type { Unsubscribe } from "../hal.ts";
import type { Jobs, RunningJob } from "../jobs.ts";
import { Listeners } from "../parts/listeners.ts";
import type { SimPower } from "./sim-power.ts";

/** Long enough to be seen on the panel, short enough not to be waited for. */
const JOB_MS = 3_000;

interface Parts {
  readonly power: SimPower;
  readonly clock: Clock;
}

export class SimJobs implements Jobs {
  readonly #parts: Parts;
  readonly #listeners = new Listeners<RunningJob | undefined>();
  #running: RunningJob | undefined;
  #ending = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(job: JobName, settings: Fields): Promise<"begun" | "busy"> {
    if (this.#running !== undefined) return "busy";
    this.#running = { job, settings };
    this.#ending = new AbortController();
    void this.#work(this.#ending.signal);
    this.#listeners.tell(this.#running);
    return "begun";
  }

  running(): RunningJob | undefined {
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    // A job that was stopped has ended when this resolves: whoever asks next may begin another.
    this.#end();
  }

  onJob(listener: (running: RunningJob | undefined) => void): Unsubscribe {
    return this.#listeners.add(listener);
  }

  async #work(stopped: AbortSignal): Promise<void> {
    const mayRest = this.#parts.power.stayUpFor("job", "full-sleep");
    const waited = await this.#parts.clock.sleep(JOB_MS, stopped);
    mayRest();
    if (waited === "elapsed") this.#end();
  }

  #end(): void {
    if (this.#running === undefined) return;
    this.#running = undefined;
    this.#listeners.tell(undefined);
  }
}
