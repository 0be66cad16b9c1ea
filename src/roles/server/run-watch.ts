/**
 * The runs of each machine, by their hellos: which of them was overtaken by a later one (P14), and whether two machines
 * have one key because the image of one was copied to the other. A run that was replaced never speaks again, but for what
 * was on its way; where it goes on, again and again and in turn with the one after it, there are two. Nothing of it is
 * durable: after a restart of the server the order of runs is what is heard from then on, and a late hello of one that is
 * gone may come last. So a run that goes on while the one after it is silent is the newest again.
 */
import type { DeviceId, RunId } from "../../model/ids.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Hello } from "../../protocol/hello.ts";

/** Runs of a machine that are remembered, so that an overtaken hello of a run before is known as one. */
const RUNS_REMEMBERED = 4;

interface Heard {
  /** The newest number of each run, in the order in which the runs began. */
  readonly runs: Map<RunId, number>;
  /** Monotonic times at which a run that had been replaced went on, after the newest had spoken again. */
  returns: number[];
  last: RunId | undefined;
  /** Until then nobody with this key comes in. */
  doubleUntilMs: number;
}

export class RunWatch {
  readonly #heard = new Map<DeviceId, Heard>();

  /** Takes a hello into account. "overtaken": it is to be ignored. "double": nobody with this key comes in for now. */
  hear(from: DeviceId, { run, number }: Pick<Hello, "run" | "number">, nowMs: number): "current" | "overtaken" | "double" {
    const heard = this.#heard.get(from) ?? { runs: new Map(), returns: [], last: undefined, doubleUntilMs: Number.NEGATIVE_INFINITY };
    this.#heard.set(from, heard);
    const known = heard.runs.get(run);
    if (known !== undefined && number <= known) return "overtaken";
    const newest = [...heard.runs.keys()].at(-1);
    const isReturn = known !== undefined && run !== newest;
    const isInTurn = heard.last !== undefined && heard.last !== run;
    heard.last = run;
    heard.runs.set(run, number);
    this.#forgetOldest(heard);
    if (isReturn && isInTurn) this.#noteReturn(heard, nowMs);
    if (heard.doubleUntilMs > nowMs) return this.#double(heard, run, number, isInTurn, nowMs);
    if (isReturn && isInTurn) return "overtaken";
    if (isReturn) makeNewest(heard, run, number);
    return "current";
  }

  #noteReturn(heard: Heard, nowMs: number): void {
    heard.returns = [...heard.returns.filter((ms) => ms > nowMs - LIMITS.doubleKeyMs), nowMs];
    if (heard.returns.length >= LIMITS.doubleKeyReturns) heard.doubleUntilMs = nowMs + LIMITS.doubleKeyMs;
  }

  /** Whoever spoke last is taken for the newest: the one that is left when the other was switched off. */
  #double(heard: Heard, run: RunId, number: number, isInTurn: boolean, nowMs: number): "double" {
    if (isInTurn) heard.doubleUntilMs = nowMs + LIMITS.doubleKeyMs;
    makeNewest(heard, run, number);
    return "double";
  }

  #forgetOldest({ runs }: Heard): void {
    const [oldest] = runs.keys();
    if (runs.size > RUNS_REMEMBERED && oldest !== undefined) runs.delete(oldest);
  }
}

function makeNewest({ runs }: Heard, run: RunId, number: number): void {
  runs.delete(run);
  runs.set(run, number);
}
