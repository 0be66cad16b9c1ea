/** The quick guards: unit tests, scenarios and crash points, run against one mutant. */
import type { Mutant } from "../../test/mutants/mutant.ts";
import { ava } from "../testing/ava.ts";
import { compileTests } from "../testing/compile.ts";
import { testFiles } from "../testing/test-files.ts";
import { mutation } from "./apply.ts";
import type { Verdict } from "./verdict.ts";

const GUARDS = ["test/unit/", "test/wire/", "test/scenario/", "test/crash/"] as const;
/** A mutant may well keep a fleet busy for ever. */
const SILENCE_MS = 90_000;

/** Asks the file that is expected to notice first, then all others. `folder` is for the compiled tests. */
export async function askGuards(mutant: Mutant, folder: string): Promise<Verdict> {
  const files = testFiles(GUARDS);
  const compiled = await compileTests(files, folder, [mutation(mutant)]);
  const isFirst = (_: string, index: number) => files[index]?.includes(mutant.guard) === true;
  const first = await ask(compiled.filter(isFirst));
  if (first.kind === "killed") return first;
  const rest = await ask(compiled.filter((file, index) => !isFirst(file, index)));
  return rest.kind === "killed" ? rest : { kind: "survived", tried: first.tried + rest.tried };
}

/** One at a time, until one fails. */
async function ask(files: readonly string[]): Promise<Verdict> {
  if (files.length === 0) return { kind: "survived", tried: 0 };
  let tried = 0;
  for await (const said of ava(files, { failFast: true, concurrency: 1, silenceMs: SILENCE_MS })) {
    if (said.kind === "result" && said.outcome === "failed") return { kind: "killed", by: "test", what: said.title };
    if (said.kind === "result") tried += 1;
    if (said.kind === "ended" && said.code !== 0) return { kind: "killed", by: "test", what: "the tests did not come to their end" };
  }
  return { kind: "survived", tried };
}
