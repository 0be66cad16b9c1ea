/** Puts a mutant into the product while the tests are compiled; the sources stay as they are. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "esbuild";
import type { Mutant } from "../../test/mutants/mutant.ts";

/** The text of the mutant's file with the fault in it. Throws where the place is not there exactly once: the product was changed. */
export function applied({ name, file, find, replace }: Mutant, text: string): string {
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`mutant ${name}: ${file} has ${times} times what it replaces: ${JSON.stringify(find)}`);
  return text.replace(find, () => replace);
}

export const mutation = (mutant: Mutant): Plugin => ({
  name: `mutant ${mutant.name}`,
  setup(build) {
    const path = resolve(mutant.file);
    build.onLoad({ filter: /\.ts$/ }, (args) =>
      args.path === path ? { contents: applied(mutant, readFileSync(path, "utf8")), loader: "ts" } : undefined,
    );
  },
});
