/**
 * `npm run mutants`: puts each fault of test/mutants into the product in turn and looks who notices: first a test, then a
 * seed of the simulation. `--only NAME` chooses those whose name or rule it is a part of (several with commas), `--seeds
 * 1..300` asks fewer seeds, `--quick` none, `--seeds-only` no tests; `--together` puts all of them into one program and asks the
 * quick tests. Fails when one survives. `--stryker FILE or FOLDER` leaves it to Stryker instead, which thinks of faults by itself.
 */
import { availableParallelism } from "node:os";
import type { Mutant } from "../test/mutants/mutant.ts";
import { MUTANTS } from "../test/mutants/mutants.ts";
import { askGuards } from "./mutating/guards.ts";
import { askSeeds, type Seeds } from "./mutating/seeds.ts";
import { stryker } from "./mutating/stryker.ts";
import { askTogether } from "./mutating/together.ts";
import type { Verdict } from "./mutating/verdict.ts";
import { inScratchFolder } from "./testing/scratch-folder.ts";
import { tellUsage } from "./usage.ts";

interface Options {
  readonly mutants: readonly Mutant[];
  readonly seeds: Seeds | undefined;
  readonly tests: boolean;
  readonly together: boolean;
}

interface Fate {
  readonly mutant: Mutant;
  readonly tests: Verdict | undefined;
  readonly seeds: Verdict | undefined;
}

const USAGE = "npm run mutants -- [--only NAME,...] [--seeds 1..3000] [--quick] [--together] [--seeds-only], or --stryker src/protocol ...";
const WORKERS = 2;

export async function run(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === "--stryker") return stryker(rest.length > 0 ? rest : ["src/model", "src/protocol", "src/store"]);
  const options = parse(args);
  if (typeof options === "string") {
    return tellUsage(args, USAGE, options);
  }
  if (options.together) return summarise(await fatesTogether(options), options);
  const sound = options.tests ? await inScratchFolder("mutant", (folder) => askGuards(undefined, folder)) : undefined;
  if (sound?.kind === "killed") {
    console.error(`without any mutant a test fails, so that it would notice everything: ${sound.what}`);
    return 1;
  }
  const waiting = [...options.mutants];
  const fates: Fate[] = [];
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const fate = await fateOf(mutant, options);
      fates.push(fate);
      console.log(rowOf(fate));
    }
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, availableParallelism()) }, work));
  return summarise(fates, options);
}

function parse(args: readonly string[]): Options | string {
  let seeds: Seeds | undefined = { first: 1, last: 3_000 };
  let tests = true;
  let together = false;
  let mutants = MUTANTS;
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at] ?? "";
    if (name === "--quick") seeds = undefined;
    else if (name === "--together") {
      seeds = undefined;
      together = true;
    } else if (name === "--seeds-only") tests = false;
    else if (name === "--seeds") {
      const range = /^(\d+)\.\.(\d+)$/.exec(args[(at += 1)] ?? "");
      if (range === null) return "--seeds: must be a range such as 1..300";
      seeds = { first: Number(range[1]), last: Number(range[2]) };
    } else if (name === "--only") {
      const parts = (args[(at += 1)] ?? "").split(",");
      mutants = MUTANTS.filter((mutant) => parts.some((part) => mutant.name.includes(part) || mutant.rules.includes(part)));
      if (mutants.length === 0) return `--only ${parts.join(",")}: no such mutant`;
    } else return `${name}: unknown`;
  }
  return { mutants, seeds, tests, together };
}

async function fatesTogether({ mutants }: Options): Promise<readonly Fate[]> {
  const fates: Fate[] = [];
  await askTogether(mutants, (mutant, tests) => {
    const fate = { mutant, tests, seeds: undefined };
    fates.push(fate);
    console.log(rowOf(fate));
  });
  return fates;
}

async function fateOf(mutant: Mutant, { seeds, tests }: Options): Promise<Fate> {
  return {
    mutant,
    tests: tests ? await inScratchFolder("mutant", (folder) => askGuards(mutant, folder)) : undefined,
    seeds: seeds === undefined ? undefined : await askSoundSeeds(mutant, seeds),
  };
}

/** A seed that fails without the mutant as well has noticed nothing: the next one is asked. */
async function askSoundSeeds(mutant: Mutant, seeds: Seeds): Promise<Verdict> {
  let tried = 0;
  for (let { first } = seeds; first <= seeds.last; ) {
    const range = { first, last: seeds.last };
    const verdict = await inScratchFolder("mutant", (folder) => askSeeds(mutant, range, folder));
    if (verdict.kind === "survived") return { kind: "survived", tried: tried + verdict.tried };
    const { seed = seeds.last } = verdict;
    const without = await inScratchFolder("mutant", (folder) => askSeeds(undefined, { first: seed, last: seed }, folder));
    if (without.kind === "survived") return verdict;
    console.log(`seed ${seed} fails without any mutant: ${without.what}`);
    tried += seed - first;
    first = seed + 1;
  }
  return { kind: "survived", tried };
}

const isKilled = ({ tests, seeds }: Fate): boolean => tests?.kind === "killed" || seeds?.kind === "killed";

function rowOf(fate: Fate): string {
  const { mutant, tests, seeds } = fate;
  const lines = [`${isKilled(fate) ? "killed  " : "SURVIVED"} ${mutant.name} (${mutant.rules.join(", ")}): ${mutant.why}`];
  if (tests !== undefined) lines.push(`           tests: ${told(tests, "tests")}`);
  if (seeds !== undefined) lines.push(`           seeds: ${told(seeds, "seeds")}`);
  return lines.join("\n");
}

const told = (verdict: Verdict, what: string): string =>
  verdict.kind === "survived"
    ? `none of ${verdict.tried} ${what} notices`
    : verdict.by === "test"
      ? verdict.what
      : `${verdict.by}: ${verdict.what}`;

function summarise(fates: readonly Fate[], { seeds, tests }: Options): number {
  const survivors = fates.filter((fate) => !isKilled(fate));
  const count = (verdicts: readonly (Verdict | undefined)[]) => verdicts.filter((verdict) => verdict?.kind === "killed").length;
  const parts = [
    `${fates.length} mutants`,
    `${fates.length - survivors.length} killed`,
    ...(tests ? [`${count(fates.map((fate) => fate.tests))} by tests`] : []),
    ...(seeds === undefined ? [] : [`${count(fates.map((fate) => fate.seeds))} by seeds ${seeds.first} to ${seeds.last}`]),
  ];
  console.log(`${parts.join(", ")}${survivors.length === 0 ? "" : `; survived: ${survivors.map(({ mutant }) => mutant.name).join(", ")}`}`);
  return survivors.length === 0 ? 0 : 1;
}
