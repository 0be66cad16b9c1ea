/**
 * Machines whose desk was killed: one that ran has ended itself, but one in full sleep stands still and still holds its
 * data. Each machine's folder names its process; it is ended only when it is still the process it was.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unlessDiskBroken } from "./broken-disk.ts";

const PID_FILE = "machine.pid";

/** Does nothing where the folder's disk is full or broken: such a machine is switched on all the same, and is not found as a leftover. */
export function rememberProcess(machineDir: string, pid: number): void {
  unlessDiskBroken(() => writeFileSync(join(machineDir, PID_FILE), `${pid}\n`));
}

/** Does nothing where the folder's disk is broken: a note that stays names a process that `endLeftover` will not find. */
export function forgetProcess(machineDir: string): void {
  unlessDiskBroken(() => rmSync(join(machineDir, PID_FILE), { force: true }));
}

/** Ends the process that a folder names, if it is still a machine on that folder. Returns its id then. */
export function endLeftover(machineDir: string): number | undefined {
  const file = join(machineDir, PID_FILE);
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, "utf8"));
  rmSync(file);
  if (!Number.isInteger(pid) || pid <= 1 || !`${commandOf(pid)} `.includes(`--data ${machineDir} `)) return undefined;
  process.kill(pid, "SIGKILL");
  return pid;
}

/** Whether a process of this id runs, and its command line looks like that. */
export const processRuns = (pid: number, like: RegExp): boolean => like.test(commandOf(pid));

/** "" when there is none. */
function commandOf(pid: number): string {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ESRCH")) return "";
    throw cause;
  }
  const { stdout } = spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  return stdout ?? "";
}
