/**
 * Feeds a target with hostile bytes and watches what it costs. No input may do anything but be read or be refused, take
 * more than LIMIT.cpuMs of a processor, or leave memory behind.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { seededDice } from "../fleet/random.ts";
import type { ByteTarget } from "./byte-targets.ts";
import { Mutator } from "./mutator.ts";

/** For one input; and what memory may be more afterwards, rubbish collected. */
export const LIMIT = { cpuMs: 50, memoryBytes: 10 * 1024 * 1024 } as const;
/** An input that seems slow is read again: the processor had something else to do, or it is slow. */
const AGAIN = 4;
/** A reader whose sentences name what it found has no end of them; those are enough to go on from. */
const KINDS_MAX = 5_000;
/** Inputs between two turns of the event loop. */
const BREATH = 500;

export interface ByteOutcome {
  readonly target: string;
  readonly inputs: number;
  /** How many different things became of them. */
  readonly kinds: number;
  readonly slowestMs: number;
  readonly memoryBytes: number;
  /** What must not happen, with the input as hex digits; undefined: it did not. */
  readonly failure: string | undefined;
}

export async function fuzzBytes(target: ByteTarget, inputs: number, seed: number | string): Promise<ByteOutcome> {
  const mutator = new Mutator(target.corpus, seededDice(`${seed} ${target.name}`));
  const kinds = new Set<string>();
  let slowestMs = 0;
  let failure: string | undefined;
  // What is loaded and compiled with the first reading is not what an input leaves behind.
  for (const input of target.corpus) kinds.add(target.read(input));
  const before = await memoryInUse();
  for (let count = 0; count < inputs && failure === undefined; count += 1) {
    if (count % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
    const input = mutator.next();
    try {
      const startMs = performance.now();
      const kind = target.read(input);
      const tookMs = performance.now() - startMs;
      if (tookMs > slowestMs) slowestMs = tookMs < LIMIT.cpuMs ? tookMs : processorMs(() => target.read(input));
      if (slowestMs > LIMIT.cpuMs) failure = `takes ${Math.round(slowestMs)} ms: ${hex(input)}`;
      if (kinds.has(kind) || kinds.size >= KINDS_MAX) continue;
      kinds.add(kind);
      mutator.keep(input);
    } catch (error) {
      failure = `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n  for ${hex(input)}`;
    }
  }
  const memoryBytes = (await memoryInUse()) - before;
  if (memoryBytes > LIMIT.memoryBytes) failure ??= `leaves ${memoryBytes} bytes of memory behind`;
  return { target: target.name, inputs, kinds: kinds.size, slowestMs, memoryBytes, failure };
}

/** The least that one reading takes of a processor. */
function processorMs(read: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < AGAIN; turn += 1) {
    const before = process.cpuUsage();
    read();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** Heap and buffers, after all that nobody holds is gone: handles of zlib go in a turn of the event loop after their owners. */
export async function memoryInUse(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  for (let turn = 0; turn < 4; turn += 1) {
    if (typeof collect === "function") collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const hex = (input: Uint8Array): string =>
  input.length <= 400
    ? Buffer.from(input).toString("hex")
    : `${Buffer.from(input.subarray(0, 400)).toString("hex")}... (${input.length} bytes)`;
