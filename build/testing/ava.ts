/** Runs AVA and reads what its TAP reporter says, line by line. */
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { RUN_FOLDER } from "./run-folder.ts";

/** AVA gives up on tests after two silent minutes; when AVA itself is silent for longer, it is ended from here. */
const SILENCE_MS = 240_000;

export type AvaLine =
  | { readonly kind: "result"; readonly outcome: "passed" | "failed" | "skipped"; readonly title: string; readonly line: string }
  /** What stands below a failed test, or what AVA says by itself. */
  | { readonly kind: "text"; readonly line: string }
  | { readonly kind: "ended"; readonly code: number };

/**
 * The titles are those that AVA prints: `file › title`, or the title alone for a single file. Ends with "ended". `folder` is that of the
 * run: what several files need is built there once.
 */
export async function* ava(files: readonly string[], folder: string): AsyncGenerator<AvaLine> {
  const child = spawn(
    process.execPath,
    [
      "--enable-source-maps",
      "--import",
      "./build/testing/name-pending-tests.mjs",
      "--import",
      "./build/testing/late-optimizing.mjs",
      "node_modules/ava/entrypoints/cli.mjs",
      "--config",
      "build/testing/ava-config.cjs",
      "--tap",
      ...files,
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, [RUN_FOLDER]: resolve(folder) } },
  );
  const ended = new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  try {
    for await (const line of linesOf(child)) {
      const [, word, rest = ""] = /^\s*(not ok|ok) \d+ - (.*)$/.exec(line) ?? [];
      if (word === undefined) {
        yield { kind: "text", line };
        continue;
      }
      const left = /^(.*?)(?: # (?:SKIP|TO[D]O).*)$/.exec(rest);
      const outcome = left !== null ? "skipped" : word === "ok" ? "passed" : "failed";
      yield { kind: "result", outcome, title: left?.[1] ?? rest, line };
    }
    yield { kind: "ended", code: await ended };
  } finally {
    // Whoever has heard enough leaves earlier.
    child.kill("SIGKILL");
  }
}

/** The lines of AVA's output. When nothing comes for too long, the process is killed, which ends them. */
async function* linesOf(child: ChildProcess): AsyncGenerator<string> {
  if (child.stdout === null) return;
  const silent = setTimeout(() => {
    console.log(`no test has ended for ${SILENCE_MS / 1000} s: the run is given up`);
    child.kill("SIGKILL");
  }, SILENCE_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      silent.refresh();
      yield line;
    }
  } finally {
    clearTimeout(silent);
  }
}
