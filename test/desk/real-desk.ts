/** The real thing: the bundles of this working tree in a folder of their own, and a desk as a process that runs them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ExecutionContext } from "ava";
import { bundle } from "../../build/bundle.ts";
import { builtOnce } from "../built-once.ts";

export interface RealDesk {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it printed so far. */
  readonly output: readonly string[];
  /** Rejects for anything but a 2xx, with what the desk said. */
  get<T>(path: string): Promise<T>;
  send<T>(method: "PUT" | "POST" | "DELETE", path: string, body?: unknown): Promise<T>;
}

export interface Row {
  readonly number: number;
  readonly power: string;
  readonly holds: readonly string[];
  readonly server: { readonly state: string; readonly machines: number; readonly revision: number } | null;
  readonly client: { readonly state: string; readonly pending: number; readonly revision?: number } | null;
}

/** All bundles, in a folder that nobody changes. */
export async function buildBundles(): Promise<{ readonly distDir: string; remove(): Promise<void> }> {
  const { folder, remove } = await builtOnce("desk", bundle);
  return { distDir: folder, remove };
}

/** Starts a desk on free ports and resolves once it says that it is ready. */
export async function startRealDesk(t: ExecutionContext, distDir: string, argv: readonly string[] = []): Promise<RealDesk> {
  const folder = mkdtempSync(join(tmpdir(), "desk-test-"));
  const child = spawn(
    process.execPath,
    [join(distDir, "desk.mjs"), "--port", "0", "--map-ports", "--data", join(folder, "data"), ...argv],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const output: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      output.push(line);
      const ready = /^desk: (http:\/\/127\.0\.0\.1:\d+) \(\d+ machines\)$/.exec(line);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
    child.once("exit", (code) => reject(new Error(`the desk ended with ${code}: ${output.join(" | ")}`)));
  });
  return {
    url,
    process: child,
    output,
    get: (path) => call(url, "GET", path),
    send: (method, path, body) => call(url, method, path, body),
  };
}

async function call<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const payload = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await fetch(`${url}/api${path}`, { method, ...payload });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return response.headers.get("content-type")?.startsWith("application/json") === true ? JSON.parse(text) : (text as T);
}

const POLL_MS = 50;

/** Asks until it is so. A real fleet needs real time; AVA's own time limit is the bound. */
export async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
