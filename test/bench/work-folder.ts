/** Where a bench works: below the repository, where packages are found and the disk is a real one. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/** A folder on the disk of the repository: /tmp may be memory, where a synced write costs nothing. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const parent = resolve(".build");
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) if (isLeftover(name)) rmSync(join(parent, name), { recursive: true, force: true });
  const folder = join(parent, `bench-${process.pid}`);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder of a bench that was killed: its machines have ended with it. */
function isLeftover(name: string): boolean {
  const pid = Number(/^bench-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "ESRCH";
  }
}
