/** Bundles test files into one program that runs them one after another, without AVA: test/mutants/plain-runner.ts. */
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { NODE_PROGRAM } from "../bundling/node-program.ts";

const RUNNER = resolve("test/mutants/plain-runner.ts");
const SURVEY = resolve("test/mutants/survey-runner.ts");

const plainAva: Plugin = {
  name: "plain ava",
  setup(building) {
    building.onResolve({ filter: /^ava$/ }, () => ({ path: "ava", namespace: "plain" }));
    building.onLoad({ filter: /.*/, namespace: "plain" }, () => ({
      contents: `export { test as default } from ${JSON.stringify(RUNNER)};`,
      resolveDir: ".",
    }));
  },
};

/** The tests run in the order of the files. */
export const bundlePlainTests = (files: readonly string[], outfile: string, plugins: readonly Plugin[] = []): Promise<void> =>
  bundle(files, `import { run } from ${JSON.stringify(RUNNER)}; await run();`, outfile, plugins);

/** The tests are asked one by one: test/mutants/survey-runner.ts. */
export const bundleSurvey = (files: readonly string[], outfile: string, plugins: readonly Plugin[]): Promise<void> =>
  bundle(files, `import { survey } from ${JSON.stringify(SURVEY)}; await survey();`, outfile, plugins);

async function bundle(files: readonly string[], last: string, outfile: string, plugins: readonly Plugin[]): Promise<void> {
  const imports = [...new Set(files)].map((file) => `import ${JSON.stringify(resolve(file))};`);
  await build({
    stdin: { contents: [...imports, last].join("\n"), resolveDir: "." },
    outfile,
    ...NODE_PROGRAM,
    plugins: [plainAva, ...plugins],
  });
}
