/**
 * `npm run bench:panel`: how soon the screen of a printer answers a key, on a desk of ten printers: while nothing else
 * happens, during a join and during an import. From the key's request to the event with the changed screen, as the
 * desk's page sees it; the rule is 50 ms at the 99th percentile.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { deskEvents } from "./panel/desk-events.ts";
import { tellUsage } from "./usage.ts";

const MACHINES = 10;
const PRESSES = 200;
const ADDRESSES = 1_500;
const START_MS_MAX = 120_000;

interface Desk {
  readonly url: string;
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

export async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) return tellUsage(args, "npm run bench:panel", `${args[0]}: it takes nothing`);
  const folder = mkdtempSync(join(tmpdir(), "bench-panel-"));
  const command = ["build/run.mjs", "desk", "--machines", `${MACHINES}`, "--map-ports", "--port", "0", "--data", join(folder, "data")];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const desk = deskAt(await urlOf(child));
    await desk.call("PUT", "/machines/1/synchronize", { server: true, client: { destination: "localhost", ...ADMINISTRATOR } });
    await desk.call("POST", "/machines/1/power", { action: "restart" });
    await sleep(5_000);
    const figures: (readonly [what: string, latenciesMs: readonly number[]])[] = [
      ["nothing else", await pressing(desk, 2, Promise.resolve())],
      ["during its import", await pressing(desk, MACHINES, importing(desk, MACHINES))],
      ["while four join", await pressing(desk, 1, Promise.all([3, 4, 5, 6].map((machine) => joining(desk, machine))))],
    ];
    for (const [what, latencies] of figures) console.log(`${what.padEnd(20)} ${told(latencies)}`);
    return 0;
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
}

const ADMINISTRATOR = { account: "Administrator", password: "desk" };

/** Presses Down and Up by turns until enough was measured and the other work is done. */
async function pressing(desk: Desk, machine: number, other: Promise<unknown>): Promise<readonly number[]> {
  const end = new AbortController();
  const screens = screensOf(desk, machine, end.signal);
  const latencies: number[] = [];
  let working = true;
  void other.finally(() => {
    working = false;
  });
  await desk.call("POST", `/machines/${machine}/keys`, { keys: ["home"] });
  for (let press = 0; press < PRESSES || (working && press < 20 * PRESSES); press += 1) {
    const changed = screens.next();
    const atMs = performance.now();
    const answered = desk.call("POST", `/machines/${machine}/keys`, { keys: [press % 2 === 0 ? "down" : "up"] });
    await changed;
    latencies.push(performance.now() - atMs);
    await answered;
  }
  end.abort();
  await other;
  return latencies;
}

async function importing({ url }: Desk, machine: number): Promise<void> {
  const rows = Array.from({ length: ADDRESSES }, (_, n) => `email,"Person ${n}",1,person${n}@example.com`);
  const head = ["# Canon AddressBook CSV version: 0x0002", "# CharSet: UTF-8", "objectclass,cn,subdbid,mailaddress"];
  const answer = await fetch(`${url}/api/machines/${machine}/address-book?format=csv`, {
    method: "POST",
    body: [...head, ...rows, ""].join("\n"),
  });
  if (!answer.ok) throw new Error(`the import: ${await answer.text()}`);
}

/** A join begins with the restart. Keys are pressed on the server machine meanwhile. */
async function joining(desk: Desk, machine: number): Promise<void> {
  await desk.call("PUT", `/machines/${machine}/synchronize`, { client: { destination: "127.0.0.11", ...ADMINISTRATOR } });
  await desk.call("POST", `/machines/${machine}/power`, { action: "restart" });
}

interface Screens {
  /** Resolves with the next screen on which something else is selected. */
  next(): Promise<void>;
}

function screensOf({ url }: Desk, machine: number, signal: AbortSignal): Screens {
  const waiting: (() => void)[] = [];
  let selected = "";
  const event = (text: string): void => {
    const { number, screen } = JSON.parse(text);
    if (number !== machine) return;
    const now = JSON.stringify([screen.title, screen.selected]);
    if (now !== selected) waiting.shift()?.();
    selected = now;
  };
  void follow(url, event, signal);
  return { next: () => new Promise((resolve) => waiting.push(resolve)) };
}

async function follow(url: string, onMachine: (text: string) => void, signal: AbortSignal): Promise<void> {
  try {
    for await (const { kind, data } of deskEvents(url, signal)) if (kind === "machine") onMachine(data);
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

function deskAt(url: string): Desk {
  return {
    url,
    call: async (method, path, body) => {
      const answer = await fetch(`${url}/api${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
      return await answer.json().catch(() => undefined);
    },
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const late = setTimeout(() => child.kill("SIGTERM"), START_MS_MAX);
  for await (const line of lines) {
    const url = /^desk: (http:\S+) /.exec(line)?.[1];
    if (url === undefined) continue;
    clearTimeout(late);
    return url;
  }
  throw new Error("the desk did not start");
}

function told(latencies: readonly number[]): string {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `${sorted.length} keys: median ${at(0.5)} ms, 99 % within ${at(0.99)} ms, slowest ${at(1)} ms`;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
