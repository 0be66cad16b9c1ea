/** A slow flash card: a library that makes each sync of a process take longer, compiled where there is a C compiler. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const SOURCE = "test/bench/surroundings/slow-sync.c";
/** Added to each sync. */
export const SLOW_SYNC_MS = 5;

/** Why there can be no slow syncs here; undefined when there can. */
export function slowSyncMissing(): string | undefined {
  if (process.platform !== "linux") return "slow syncs need Linux: a library is loaded before the C library";
  return spawnSync("cc", ["--version"]).status === 0 ? undefined : "slow syncs need a C compiler, and there is no cc";
}

/** What a process has to find in its environment. */
export function slowSyncs(distDir: string): Readonly<Record<string, string>> {
  const library = join(distDir, "slow-sync.so");
  if (!existsSync(library)) {
    const { status, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], { encoding: "utf8" });
    if (status !== 0) throw new Error(`cc does not compile ${SOURCE}: ${stderr}`);
  }
  return { LD_PRELOAD: library, BENCH_SYNC_MS: String(SLOW_SYNC_MS) };
}
