/** The simulation against one mutant, seed by seed until one fails. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Mutant } from "../../test/mutants/mutant.ts";
import { compileTests } from "../testing/compile.ts";
import { mutation } from "./apply.ts";
import type { Verdict } from "./verdict.ts";

/** Seeds watch themselves (test/mutants/seeds.ts); this is for a process that does not come to it any more. */
const SEED_MS_MAX = 15 * 60_000;

/** Seeds take a quarter less processor time so. */
const QUICKER = "./build/testing/late-optimizing.mjs";

export interface Seeds {
  readonly first: number;
  readonly last: number;
}

interface Said {
  readonly seed: number;
  readonly failure?: string;
}

/** Without a mutant, a seed that fails is one that fails for everything, and says nothing. */
export async function askSeeds(mutant: Mutant | undefined, { first, last }: Seeds, folder: string): Promise<Verdict> {
  const [script = ""] = await compileTests(["test/mutants/seeds.ts"], folder, mutant === undefined ? [] : [mutation(mutant)]);
  const child = spawn(process.execPath, ["--import", QUICKER, script, String(first), String(last)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  const overdue = setTimeout(() => child.kill("SIGKILL"), SEED_MS_MAX);
  let next = first;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      overdue.refresh();
      const { seed, failure } = JSON.parse(line) as Said;
      if (failure !== undefined) return { kind: "killed", by: `seed ${seed}`, what: failure, seed };
      next = seed + 1;
    }
    const status = await ended;
    if (next > last) return { kind: "survived", tried: last - first + 1 };
    return {
      kind: "killed",
      by: `seed ${next}`,
      what: status === 0 ? "it did not come to its end" : `its process died or was busy for ever`,
    };
  } finally {
    clearTimeout(overdue);
    child.kill("SIGKILL");
  }
}
