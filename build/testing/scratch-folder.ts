import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Runs with a folder of its own below `out-test`, from which Node finds the packages; the folder goes with the run. */
export async function inScratchFolder<T>(name: string, run: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync("out-test", { recursive: true });
  const folder = mkdtempSync(join("out-test", `${name}-`));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
