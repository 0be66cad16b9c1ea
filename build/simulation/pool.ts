/** A few threads that run seeds. One that hangs or dies is replaced, and its seed has failed. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { FuzzOutcome } from "../../test/fleet/fuzz.ts";
import type { Job } from "./worker.ts";
import { NODE_PROGRAM } from "../bundling/node-program.ts";

/**
 * A seed takes a fraction of a second of a processor, a large one some seconds, whatever a busy machine makes of that by the clock on the wall.
 * One hangs that has taken this much, or whose thread has nothing to do and tells nothing.
 */
const PROCESSOR_MS_MAX = 120_000;
const IDLE_MS_MAX = 60_000;
const LOOK_MS = 5_000;
const HEAP_MB_MAX = 1_024;
/** Most of what lives in a history dies with one event of it: with less room than this a tenth of the time goes into finding that out. */
const YOUNG_MB = 64;
/** A thread takes some six seconds of a processor until its code is quick, and makes room for a fresh one only after so many. */
const SEEDS_A_THREAD = 2_000;

interface Waiting {
  readonly job: Job;
  readonly resolve: (outcome: FuzzOutcome) => void;
}

/** A thread, and what it is at. */
interface Seat {
  readonly worker: Worker;
  now: (Waiting & { readonly watch: NodeJS.Timeout }) | undefined;
  /** Seeds that it may still run. */
  left: number;
}

export class Pool {
  readonly #file: string;
  readonly #idle: Seat[] = [];
  readonly #all = new Set<Seat>();
  readonly #waiting: Waiting[] = [];

  private constructor(file: string) {
    this.#file = file;
  }

  /** Compiles what the threads run and starts them. */
  static async start(workers: number): Promise<Pool> {
    const file = join(process.cwd(), ".build", "tasks", `simulation-${process.pid}.mjs`);
    mkdirSync(join(file, ".."), { recursive: true });
    await build({
      entryPoints: [join("build", "simulation", "worker.ts")],
      outfile: file,
      ...NODE_PROGRAM,
      sourcemap: "inline",
    });
    const pool = new Pool(file);
    for (let n = 0; n < workers; n += 1) pool.#add();
    return pool;
  }

  get size(): number {
    return this.#all.size;
  }

  run(job: Job): Promise<FuzzOutcome> {
    return new Promise((resolve) => {
      this.#waiting.push({ job, resolve });
      this.#next();
    });
  }

  async end(): Promise<void> {
    await Promise.all([...this.#all].map(({ worker }) => worker.terminate()));
    rmSync(this.#file, { force: true });
  }

  #add(): void {
    const worker = new Worker(this.#file, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX, maxYoungGenerationSizeMb: YOUNG_MB } });
    const seat: Seat = { worker, now: undefined, left: SEEDS_A_THREAD };
    seat.worker.on("message", (outcome: FuzzOutcome) => {
      this.#told(seat, outcome);
      seat.left -= 1;
      if (seat.left === 0) return this.#exchange(seat);
      this.#idle.push(seat);
      this.#next();
    });
    seat.worker.on("error", (error) => this.#replace(seat, `the thread died: ${error instanceof Error ? error.stack : String(error)}`));
    this.#all.add(seat);
    this.#idle.push(seat);
    this.#next();
  }

  #next(): void {
    const seat = this.#waiting.length === 0 ? undefined : this.#idle.pop();
    const waiting = seat === undefined ? undefined : this.#waiting.shift();
    if (seat === undefined || waiting === undefined) return;
    seat.now = { ...waiting, watch: this.#watch(seat) };
    seat.worker.postMessage(waiting.job);
  }

  /** Processor time is told for all threads together: each has its share. */
  #watch(seat: Seat): NodeJS.Timeout {
    const start = process.cpuUsage();
    let known = seat.worker.performance.eventLoopUtilization();
    let idleMs = 0;
    return setInterval(() => {
      const { user, system } = process.cpuUsage(start);
      const now = seat.worker.performance.eventLoopUtilization();
      idleMs = now.active - known.active > 1 ? 0 : idleMs + LOOK_MS;
      known = now;
      if ((user + system) / 1_000 > PROCESSOR_MS_MAX * this.#all.size)
        this.#replace(seat, `hangs: no outcome after ${PROCESSOR_MS_MAX / 1_000} s of a processor`);
      else if (idleMs >= IDLE_MS_MAX) this.#replace(seat, `hangs: its thread has had nothing to do for ${IDLE_MS_MAX / 1_000} s`);
    }, LOOK_MS);
  }

  #told(seat: Seat, outcome: FuzzOutcome): void {
    clearInterval(seat.now?.watch);
    seat.now?.resolve(outcome);
    seat.now = undefined;
  }

  #replace(seat: Seat, why: string): void {
    if (seat.now !== undefined) this.#told(seat, lost(seat.now.job, why));
    this.#exchange(seat);
  }

  #exchange(seat: Seat): void {
    this.#all.delete(seat);
    void seat.worker.terminate();
    this.#add();
  }
}

/** The outcome of a seed that never told its own. */
const lost = ({ seed }: Job, why: string): FuzzOutcome => ({
  seed,
  fault: why,
  failure: why,
  step: 0,
  made: [],
  fingerprint: "",
  events: 0,
  virtualMs: 0,
  acts: 0,
  machines: 0,
  tally: {},
});
