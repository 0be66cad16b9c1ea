/**
 * `npm run fuzz -- --inputs 200000`: hostile bytes for everything that reads bytes of others, and hostile machines that
 * say what they should not, one after the other. `--target NAME` takes one of them, `--seed N` other dice.
 */
import { byteTargets } from "../test/hostile/byte-targets.ts";
import { fuzzBytes } from "../test/hostile/byte-fuzz.ts";
import { hostileStories } from "../test/hostile/stories.ts";
import { tellUsage } from "./usage.ts";

const USAGE = "npm run fuzz -- [--inputs 20000] [--seed 1] [--target NAME]";
/** A message of a sequence costs a turn of a whole fleet: fewer of them do. */
const INPUTS_PER_MESSAGE = 50;

interface Options {
  readonly inputs: number;
  readonly seed: number;
  readonly target: string | undefined;
}

export async function run(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === "string") {
    return tellUsage(args, USAGE, options);
  }
  const { inputs, seed, target } = options;
  const readers = (await byteTargets()).filter(({ name }) => target === undefined || name === target);
  const stories = hostileStories.filter(({ name }) => target === undefined || name === target);
  if (readers.length + stories.length === 0) {
    console.error(`no target ${target}; there are ${[...(await byteTargets()), ...hostileStories].map(({ name }) => name).join(", ")}`);
    return 2;
  }
  let failed = 0;
  const told = (name: string, figures: string, failure: string | undefined): void => {
    console.log(`${name.padEnd(24)} ${failure === undefined ? `good  ${figures}` : `FAILED: ${failure}`}`);
    if (failure !== undefined) failed += 1;
  };
  for (const reader of readers) {
    const { failure, kinds, slowestMs, memoryBytes } = await fuzzBytes(reader, inputs, seed);
    const memory = `${(memoryBytes / 1024 / 1024).toFixed(1)} MB`;
    told(reader.name, `${inputs} inputs, ${kinds} different ends, slowest ${slowestMs.toFixed(1)} ms, memory ${memory}`, failure);
  }
  for (const story of stories) {
    const messages = Math.max(100, Math.ceil(inputs / INPUTS_PER_MESSAGE));
    const { failure, said, answered } = await story.run(messages, seed);
    told(story.name, `${said} messages said, ${answered} heard`, failure);
  }
  console.log(failed === 0 ? "nothing broke" : `${failed} broke`);
  return failed === 0 ? 0 : 1;
}

function parse(args: readonly string[]): Options | string {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at] ?? "";
    if (!["--inputs", "--seed", "--target"].includes(name)) return `${name}: unknown`;
    given.set(name, args[at + 1] ?? "");
  }
  const [inputs, seed] = [Number(given.get("--inputs") ?? 20_000), Number(given.get("--seed") ?? 1)];
  if (!Number.isInteger(inputs) || inputs < 1) return "--inputs: must be a whole number, 1 or more";
  if (!Number.isInteger(seed)) return "--seed: must be a whole number";
  return { inputs, seed, target: given.get("--target") };
}
