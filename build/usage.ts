/** How a task of this folder ends that cannot do what it was asked for, or was asked what it can do. */

/** Tells the usage, with what is wrong unless it was only asked for (`--help`); gives the exit code. */
export function tellUsage(args: readonly string[], usage: string, fault: string): number {
  if (args.includes("--help")) {
    console.log(`usage: ${usage}`);
    return 0;
  }
  console.error(`${fault}\nusage: ${usage}`);
  return 2;
}
