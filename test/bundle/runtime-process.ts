/** The packed runtime as a process: its lines as they come, and its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ExecutionContext } from "ava";
import { bundle } from "../../build/bundle.ts";
import { builtOnce } from "../built-once.ts";
import { type BundleJob, JOBS } from "../../build/bundling/jobs.ts";
import { freshFolder } from "../fresh-folder.ts";

/** The bundles with a module and a machine of the test's own. */
export const FIXTURE_JOBS: readonly BundleJob[] = JOBS.map((job) => {
  if (job.file === "module.mjs") return { ...job, entry: "test/bundle/fixture/module.ts" };
  return job.file === "sim-provider.mjs" ? { ...job, entry: "test/bundle/fixture/provider.ts" } : job;
});

/** A folder with what a machine needs, and nothing else: no sources, no packages. It is the test's own. */
export async function installed(t: ExecutionContext, of: "fixture" | "module" = "fixture"): Promise<string> {
  const { folder: built, remove } = await builtOnce(of, (place) => bundle(place, of === "fixture" ? FIXTURE_JOBS : JOBS));
  t.teardown(remove);
  const folder = join(freshFolder(t), "installed");
  await mkdir(folder);
  const { entry }: { entry: { parts?: string[] } } = JSON.parse(await readFile(join(built, "device-manifest.json"), "utf8"));
  const addons = ["", "-musl"].map((libc) => `classic-level-${process.platform}-${process.arch}${libc}.node`);
  for (const file of ["device-manifest.json", "module.mjs", "sim-provider.mjs", "runtime.mjs", ...(entry.parts ?? []), ...addons]) {
    await cp(join(built, file), join(folder, file)).catch((cause: NodeJS.ErrnoException) => {
      // Most platforms have one addon, not two.
      if (cause.code !== "ENOENT" || !addons.includes(file)) throw cause;
    });
  }
  return folder;
}

export class RuntimeProcess {
  readonly lines: string[] = [];
  readonly child: ChildProcess;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  #look: () => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.child = child;
    const drained = [child.stdout, child.stderr].map(async (stream) => {
      if (stream === null) return;
      for await (const line of createInterface({ input: stream })) {
        this.lines.push(line);
        this.#look();
      }
    });
    // "close" of the child is not told after a disconnect; its exit and the end of both streams are.
    const exited = new Promise<number | string>((resolve) => {
      child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
    });
    this.ended = Promise.all([exited, ...drained]).then(([end]) => end);
  }

  static start(
    t: ExecutionContext,
    folder: string,
    options: { data?: string; nodeArguments?: readonly string[]; more?: readonly string[]; byHand?: true } = {},
  ): RuntimeProcess {
    const data = options.data ?? join(folder, "data");
    const args = ["--manifest", "device-manifest.json", "--module", "module.mjs", "--provider", "sim-provider.mjs", "--data", data];
    const argv = [...(options.nodeArguments ?? []), "runtime.mjs", ...args, ...(options.more ?? [])];
    // A parent that gives orders has a channel to it; a person at a terminal has none.
    const channel = options.byHand === true ? [] : (["ipc"] as const);
    const child = spawn(process.execPath, argv, { cwd: folder, env: {}, stdio: ["ignore", "pipe", "pipe", ...channel] });
    t.teardown(() => void child.kill("SIGKILL"));
    return new RuntimeProcess(child);
  }

  /** Resolves with the first line that matches; rejects with all of them when the process ends without one. */
  async until(pattern: RegExp): Promise<string> {
    const ended = this.ended.then(() => undefined);
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      const next = new Promise<"line">((resolve) => {
        this.#look = () => resolve("line");
      });
      if ((await Promise.race([next, ended.then(() => "ended" as const)])) === "ended" && !this.lines.some((line) => pattern.test(line))) {
        throw new Error(`the runtime ended without a line like ${pattern}:\n${this.lines.join("\n")}`);
      }
    }
  }

  /** Its lines about states, without reasons. */
  states(): string[] {
    return this.lines.flatMap((line) => /^runtime: (installed|resolved|starting|active|stopping)\b/.exec(line)?.[1] ?? []);
  }
}
