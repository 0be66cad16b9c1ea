/**
 * The product with every change in it that Stryker can think of, each behind a switch. Stryker is no package of the project: it
 * is installed under .build/ when it is first asked for, in the versions that stryker/package-lock.json names.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

const HOME = join(".build", "stryker");

/** One change: lines and columns count from 0. */
export interface Change {
  readonly id: string;
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface SourceFile {
  readonly name: string;
  readonly content: string;
  readonly mutate: true;
}

/** What of Stryker's instrumenter is used. */
interface Instrumenting {
  readonly Instrumenter: new (
    logger: object,
  ) => {
    instrument(
      files: readonly SourceFile[],
      options: object,
    ): Promise<{ readonly files: readonly SourceFile[]; readonly mutants: readonly Change[] }>;
  };
}

export interface Instrumented {
  readonly changes: readonly Change[];
  /** Puts the changed files where the sources would be. */
  readonly plugin: Plugin;
}

/** Throws where Stryker cannot be installed. */
export async function instrumented(files: readonly string[]): Promise<Instrumented> {
  const entry = resolve(HOME, "node_modules", "@stryker-mutator", "instrumenter", "dist", "src", "index.js");
  if (!existsSync(entry)) install();
  const { Instrumenter } = (await import(pathToFileURL(entry).href)) as Instrumenting;
  const silent = { isDebugEnabled: () => false, debug: () => undefined, info: () => undefined, warn: () => undefined };
  const sources = files.map((name) => ({ name: resolve(name), content: readFileSync(name, "utf8"), mutate: true }) as const);
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };
  const made = await new Instrumenter(silent).instrument(sources, options);
  const contents = new Map(made.files.map(({ name, content }) => [name, content]));
  return {
    changes: made.mutants,
    plugin: {
      name: "changes of Stryker",
      setup(build) {
        build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
          const found = contents.get(path);
          return found === undefined ? undefined : { contents: found, loader: "ts" };
        });
      },
    },
  };
}

function install(): void {
  console.log("installing Stryker under .build/ (65 MB, once) ...");
  mkdirSync(HOME, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join("build", "mutating", "stryker", name), join(HOME, name));
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = ["ci", "--prefix", HOME, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const { status } = spawnSync(npm, options, { stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) throw new Error("Stryker could not be installed");
}
