/** Programs of the system, run to their end. */
import { spawnSync } from "node:child_process";

/** Rejects, by throwing, with what the program said. */
export function sh(command: string, args: readonly string[]): string {
  const done = spawnSync(command, [...args], { encoding: "utf8", timeout: 30_000 });
  if (done.status === 0) return done.stdout;
  throw new Error(`${command} ${args.join(" ")}: ${done.error?.message ?? done.stderr.trim()}`);
}

/** Whether it ran and was content. */
export const runs = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, [...args], { stdio: "ignore", timeout: 30_000 }).status === 0;
