/**
 * What several test files of a run need, and what takes seconds of a processor to build. It is built by the first who asks, in a folder
 * that goes with the run; the threads of the others wait for it. Whoever changes something in it takes a copy.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUN_FOLDER } from "../build/testing/run-folder.ts";

const POLL_MS = 50;

export interface Built {
  readonly folder: string;
  /** Ends what is not shared: outside of a run everybody has a folder of their own. */
  remove(): Promise<void>;
}

export async function builtOnce(name: string, build: (folder: string) => Promise<unknown>): Promise<Built> {
  const run = process.env[RUN_FOLDER];
  if (run === undefined) {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    await build(folder);
    return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
  }
  const folder = join(run, "built", name);
  const [begun, draft, failure] = ["begun", "draft", "failed"].map((what) => `${folder}.${what}`) as [string, string, string];
  if (isFirst(begun)) {
    await build(draft).catch((cause: unknown) => {
      writeFileSync(failure, String(cause));
      throw cause;
    });
    renameSync(draft, folder);
  }
  while (!existsSync(folder)) {
    if (existsSync(failure)) throw new Error(`${name} was not built: ${readFileSync(failure, "utf8")}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { folder, remove: () => Promise.resolve() };
}

/** Of all threads only one makes the folder, which stays. */
function isFirst(folder: string): boolean {
  mkdirSync(join(folder, ".."), { recursive: true });
  try {
    mkdirSync(folder);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cause;
  }
}
