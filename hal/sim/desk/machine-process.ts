/**
 * The process of one simulated machine: a runtime with the module and this simulation as its provider. It lives from one
 * power-on to the next power-off. Being stopped by SIGSTOP is the machine's full sleep.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { MachineEvent } from "../control.ts";
import { CallError, DeskLine } from "../control-line.ts";
import { ipcWire } from "../control-wire.ts";
import { forgetProcess, rememberProcess } from "./leftovers.ts";

/** What is started for a machine: Node's arguments, the runtime first. */
export interface MachineCommand {
  readonly dataDir: string;
  readonly argv: readonly string[];
  /** What its process finds beside the environment of the desk. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it printed. */
  readonly output: readonly string[];
}

/** How a process ended, in words: what the runtime said of it last, where a stack may follow, else what was said last. */
export function exitText({ code, signal, output }: Exit): string {
  const why = output.findLast((line) => line.startsWith("runtime: ")) ?? output.at(-1);
  return `${signal ?? `code ${code}`}: ${why ?? "it said nothing"}`;
}

/** A module that does not stop in this time is ended: the manifest gives it less, and the machine needs some as well. */
const STOP_MS_MAX = 9_000;
const NUDGE_MS = 25;
const OUTPUT_LINES_KEPT = 60;

export class MachineProcess {
  readonly line: DeskLine;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  #running = true;

  constructor({ dataDir, argv, environment }: MachineCommand) {
    this.#dataDir = dataDir;
    this.#child = spawn(process.execPath, [...argv], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Imports travel as bytes, which JSON does not have.
      serialization: "advanced",
      env: { ...process.env, ...environment },
    });
    this.line = new DeskLine(ipcWire(this.#child));
    this.exited = this.#watch();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  start(onEvent: (event: MachineEvent) => void): void {
    this.line.start(onEvent);
    if (this.#child.pid !== undefined) rememberProcess(this.#dataDir, this.#child.pid);
  }

  /** The plug: gone at once, without a word. Resolves when the system has buried it. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.exited;
  }

  /** The power switch: the module is stopped in order, and after `limitMs` without one. */
  async stop(limitMs = STOP_MS_MAX): Promise<"in order" | "killed"> {
    this.#signal("SIGTERM");
    // It may be asleep, or about to stop itself; it hears of the switch only when it runs.
    const nudge = setInterval(() => this.#signal("SIGCONT"), NUDGE_MS);
    this.#signal("SIGCONT");
    let killed = false;
    const late = setTimeout(() => {
      killed = true;
      this.#signal("SIGKILL");
    }, limitMs);
    await this.exited;
    clearInterval(nudge);
    clearTimeout(late);
    return killed ? "killed" : "in order";
  }

  /** Wakes a process that has stopped itself or is just about to; `awake` resolves when it says that it runs. */
  async wake(awake: Promise<void>): Promise<void> {
    const nudge = setInterval(() => this.#signal("SIGCONT"), NUDGE_MS);
    this.#signal("SIGCONT");
    await Promise.race([awake, this.exited]);
    clearInterval(nudge);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#running) this.#child.kill(signal);
  }

  async #watch(): Promise<Exit> {
    const output: string[] = [];
    const file = createWriteStream(join(this.#dataDir, "output.log"), { flags: "a" });
    // A log that cannot be written is no reason to stop a machine; its last lines are kept here anyway.
    file.on("error", () => file.destroy());
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (text) => {
        if (!file.destroyed) file.write(`${new Date().toISOString()} ${text}\n`);
        output.push(text);
        if (output.length > OUTPUT_LINES_KEPT) output.shift();
      });
    }
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      this.#child.once("error", (cause) => {
        output.push(cause.message);
        resolve([1, null]);
      });
      this.#child.once("close", (...how) => resolve(how));
    });
    this.#running = false;
    file.end();
    forgetProcess(this.#dataDir);
    this.line.cut({ code: "machine-off", message: "the machine went off before it answered" });
    return { code, signal, output };
  }
}

/** The machine is off, or went off meanwhile. */
export const isOff = (error: unknown): boolean => error instanceof CallError && error.code === "machine-off";
