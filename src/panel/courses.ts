/** What is under way for the panel: how far it is, how long its answer is waited for, and what ends it early. */
import type { Clock } from "../../hal/clock.ts";
import { LIMITS } from "../model/limits.ts";
import { type Asked, type Course, isLong, type Progress } from "./intent.ts";
import type { PanelEvent } from "./reduce.ts";
import { linkedAbort } from "../model/linked-abort.ts";

export interface CoursesParts {
  readonly clock: Clock;
  /** Aborts with the panel. */
  readonly signal: AbortSignal;
  readonly tell: (event: PanelEvent) => void;
}

export class Courses {
  readonly #parts: CoursesParts;
  /** By the number of the intent. */
  readonly #stops = new Map<number, AbortController>();

  constructor(parts: CoursesParts) {
    this.#parts = parts;
  }

  /** Performs it; tells that it takes long, how far it is, and when it has taken longer than anybody waits. */
  async run<T>(asked: Asked, perform: (course: Course) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const answered = linkedAbort(this.#parts.signal);
    this.#stops.set(asked.id, stop);
    const course = { movedAtMs: this.#parts.clock.monotonicMs() };
    const watching = this.#watch(asked, course, answered.signal);
    try {
      return await perform({ at: (progress) => this.#moved(asked.id, course, progress), stopped: stop.signal });
    } finally {
      answered.abort();
      this.#stops.delete(asked.id);
      await watching;
    }
  }

  /** The intent begins no further step. Nothing to do for one that has ended. */
  stop(id: number): void {
    this.#stops.get(id)?.abort();
  }

  #moved(id: number, course: { movedAtMs: number }, progress: Progress): void {
    course.movedAtMs = this.#parts.clock.monotonicMs();
    this.#parts.tell({ kind: "progress", id, progress });
  }

  /** Each step is waited for as long as a whole answer is. */
  async #watch({ id, intent }: Asked, course: { readonly movedAtMs: number }, ended: AbortSignal): Promise<void> {
    const { clock, tell } = this.#parts;
    const patienceMs = isLong(intent) ? LIMITS.panelLongAnswerMs : LIMITS.panelAnswerMs;
    if ((await clock.sleep(LIMITS.panelSlowMs, ended)) === "aborted") return;
    tell({ kind: "slow", id });
    for (;;) {
      const leftMs = course.movedAtMs + patienceMs - clock.monotonicMs();
      if (leftMs <= 0) return tell({ kind: "late", id });
      if ((await clock.sleep(leftMs, ended)) === "aborted") return;
    }
  }
}
