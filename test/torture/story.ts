/** What a story of the torture is, and what it comes to. */
import type { Ability } from "./abilities.ts";

export interface StoryTools {
  /** Where the bundles are. */
  readonly distDir: string;
  /** A folder of the story's own, on a real disk. */
  readonly workDir: string;
  /** The story begins nothing new after this long; ms. */
  readonly budgetMs: number;
  /** From 0 up to, but without, 1; the same each time for a seed. */
  readonly chance: () => number;
  readonly say: (text: string) => void;
}

export interface StoryFigures {
  /** Kills, cuts, jumps: how often it was done. */
  readonly cycles: number;
  /** What was said to be durable. */
  readonly acknowledged: number;
  /** Of that, what was not there afterwards. */
  readonly lost: number;
  /** Storages that did not open again by themselves. */
  readonly unopenable: number;
  /** The longest until all was well again; s. */
  readonly recoverySeconds: number;
  /** Anything else that should not be. */
  readonly faults: readonly string[];
}

export interface Story {
  readonly name: string;
  readonly needs: readonly Ability[];
  /** true: it must lose something, or the harness sees nothing. */
  readonly negativeControl?: boolean;
  run(tools: StoryTools): Promise<StoryFigures>;
}

export const seconds = (sinceMs: number): number => Math.round((performance.now() - sinceMs) / 100) / 10;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
