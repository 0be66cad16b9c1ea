/** What `npm run simulate` was asked for. */
import { availableParallelism } from "node:os";
import { isTrait, type Trait, TRAITS } from "../../test/fleet/character.ts";

export interface Arguments {
  readonly seeds: readonly [first: number, last: number];
  readonly replay: number | undefined;
  readonly machines: number | undefined;
  readonly steps: number | undefined;
  /** Decisions to be made; undefined: all. */
  readonly only: readonly number[] | undefined;
  readonly faults: boolean;
  /** Traits that every history has. */
  readonly traits: readonly Trait[] | undefined;
  readonly verbose: boolean;
  readonly workers: number;
}

export const USAGE =
  "npm run simulate -- [--seeds 1..200] [--replay SEED [--only 3,17]] [--machines 2-10] [--steps N] [--no-faults] [--with TRAIT,...] [--workers N] [--verbose]";
const WITH_VALUE = ["--seeds", "--replay", "--only", "--machines", "--steps", "--workers", "--with"];
const WORKERS_MAX = 64;

/** A sentence when it cannot be understood. */
export function parse(args: readonly string[]): Arguments | string {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at] ?? "";
    if (name === "--no-faults" || name === "--verbose") given.set(name, "");
    else if (WITH_VALUE.includes(name)) given.set(name, args[(at += 1)] ?? "");
    else return `${name}: unknown`;
  }
  const seeds = /^(\d+)(?:\.\.(\d+))?$/.exec(given.get("--seeds") ?? "1..200");
  if (seeds === null) return `--seeds ${given.get("--seeds")}: must be a range such as 1..200`;
  const faults = [
    bad(given, "--replay", /^\d+$/, "a seed"),
    bad(given, "--only", /^\d+(,\d+)*$/, "numbers of decisions such as 3,17"),
    bad(given, "--machines", /^([2-9]|10)$/, "2-10"),
    bad(given, "--steps", /^\d{1,5}$/, "0-99999"),
    bad(given, "--workers", /^[1-9]\d?$/, `1-${WORKERS_MAX}`),
  ];
  const stranger = given
    .get("--with")
    ?.split(",")
    .find((name) => !isTrait(name));
  if (stranger !== undefined) return `--with ${stranger}: must be of ${Object.keys(TRAITS).join(", ")}`;
  const fault = faults.find((one) => one !== undefined);
  if (fault !== undefined) return fault;
  const number = (name: string): number | undefined => (given.has(name) ? Number(given.get(name)) : undefined);
  return {
    seeds: [Number(seeds[1]), Number(seeds[2] ?? seeds[1])],
    replay: number("--replay"),
    machines: number("--machines"),
    steps: number("--steps"),
    only: given.get("--only")?.split(",").map(Number),
    faults: !given.has("--no-faults"),
    traits: given.get("--with")?.split(",").filter(isTrait),
    verbose: given.has("--verbose"),
    workers: Math.min(number("--workers") ?? availableParallelism(), WORKERS_MAX),
  };
}

function bad(given: ReadonlyMap<string, string>, name: string, pattern: RegExp, what: string): string | undefined {
  const value = given.get(name);
  return value === undefined || pattern.test(value) ? undefined : `${name} ${value}: must be ${what}`;
}

export type Shape = Pick<Arguments, "machines" | "steps" | "faults" | "traits">;

/** The command that repeats one seed, with those of its decisions that are needed. */
export function replayCommand(seed: number, { machines, steps, faults, traits }: Shape, only?: readonly number[]): string {
  const options = [
    machines === undefined ? "" : ` --machines ${machines}`,
    steps === undefined ? "" : ` --steps ${steps}`,
    faults ? "" : " --no-faults",
    traits === undefined ? "" : ` --with ${traits.join(",")}`,
    only === undefined ? "" : ` --only ${only.length === 0 ? "0" : only.join(",")}`,
  ];
  return `npm run simulate -- --replay ${seed} --verbose${options.join("")}`;
}
