/** `npm run torture`: real bundles, real processes, real disks and cables, and everything done to them that a test may do. */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundles } from "../bench/bench.ts";
import { seededDice } from "../fleet/random.ts";
import { missing } from "./abilities.ts";
import { blackouts } from "./blackouts.ts";
import { brokenMedium } from "./broken-medium.ts";
import { clockJumps } from "./clock-jumps.ts";
import { cutCables } from "./cut-cables.ts";
import { fullDisk } from "./full-disk.ts";
import { kills } from "./kills.ts";
import { powerCutFleet } from "./power-cut-fleet.ts";
import { noSyncControl, powerCuts } from "./power-cuts.ts";
import { sameEntries } from "./same-entries.ts";
import type { Story, StoryFigures } from "./story.ts";
import { tellUsage } from "../../build/usage.ts";

const STORIES: readonly Story[] = [
  kills,
  blackouts,
  sameEntries,
  powerCuts,
  noSyncControl,
  powerCutFleet,
  fullDisk,
  brokenMedium,
  cutCables,
  clockJumps,
];
const USAGE = `npm run torture -- [--minutes 10] [--seed 1] [--only "${STORIES.map(({ name }) => name).join('" | "')}"]`;

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly only: string | undefined;
}

export async function run(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === "string") {
    return tellUsage(args, USAGE, options);
  }
  // Not under /tmp: that may be memory, where nothing can be lost.
  const folder = resolve(".build", `torture-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    return await tell(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tell({ minutes, seed, only }: Options, folder: string): Promise<number> {
  const stories = STORIES.filter(({ name }) => only === undefined || name === only);
  const possible = stories.filter((story) => canBeTold(story));
  if (possible.length === 0) {
    console.error("nothing of it can be done on this system");
    return only === undefined ? 0 : 1;
  }
  const distDir = await bundles(folder);
  const budgetMs = (minutes * 60_000) / possible.length;
  console.log(row("story", "times", "acknowledged", "lost", "unopenable", "recovery s"));
  let failed = 0;
  for (const [index, story] of possible.entries()) {
    const dice = seededDice(`torture ${seed} ${story.name}`);
    const workDir = join(folder, `w${index}`);
    mkdirSync(workDir, { recursive: true });
    const tools = { distDir, workDir, budgetMs, chance: () => dice.fraction(), say: (text: string) => console.log(`  ${text}`) };
    const figures = await story.run(tools).catch((error: unknown) => brokenOff(error));
    const fault = judge(story, figures);
    console.log(row(story.name, figures.cycles, figures.acknowledged, figures.lost, figures.unopenable, figures.recoverySeconds));
    if (fault === undefined) continue;
    failed += 1;
    console.log(`  FAILED: ${fault}; again with: npm run torture -- --seed ${seed} --only "${story.name}"`);
  }
  const skipped = stories.length - possible.length;
  console.log(`${possible.length - failed} stories held, ${failed} failed${skipped > 0 ? `, ${skipped} SKIPPED (see above)` : ""}`);
  return failed === 0 ? 0 : 1;
}

function canBeTold({ name, needs }: Story): boolean {
  const lacking = missing(needs);
  if (lacking.length > 0) console.log(`SKIPPED ${name}: this system has no ${lacking.join("; no ")}`);
  return lacking.length === 0;
}

const brokenOff = (error: unknown): StoryFigures => ({
  cycles: 0,
  acknowledged: 0,
  lost: 0,
  unopenable: 0,
  recoverySeconds: 0,
  faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
});

function judge({ negativeControl = false }: Story, { lost, unopenable, faults, cycles }: StoryFigures): string | undefined {
  if (faults.length > 0) return faults.join("\n  ");
  if (negativeControl) return lost + unopenable > 0 ? undefined : "without any sync nothing was lost: this harness sees nothing";
  if (cycles === 0) return "nothing was done";
  return lost + unopenable > 0 ? "what was acknowledged is not there" : undefined;
}

const row = (name: string, ...figures: readonly (string | number)[]): string =>
  name.padEnd(22) + figures.map((figure) => String(figure).padStart(13)).join("");

function parse(args: readonly string[]): Options | string {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at] ?? "";
    if (!["--minutes", "--seed", "--only"].includes(name)) return `${name}: unknown`;
    given.set(name, args[at + 1] ?? "");
  }
  const minutes = Number(given.get("--minutes") ?? 10);
  const seed = Number(given.get("--seed") ?? 1);
  const only = given.get("--only");
  if (!(minutes > 0 && minutes <= 24 * 60)) return "--minutes: must be more than 0 and at most a day";
  if (!Number.isInteger(seed)) return "--seed: must be a whole number";
  if (only !== undefined && !STORIES.some(({ name }) => name === only)) return `--only ${only}: no such story`;
  return { minutes, seed, only };
}
