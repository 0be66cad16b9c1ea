/** One machine of the bench: its folder, and while it is on, its process -- the bundled runtime, as the manifest wants it to be run. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { CallName, Gives, MachineView, Takes } from "../../hal/sim/control.ts";
import { DeskLine } from "../../hal/sim/control-line.ts";
import { ipcWire } from "../../hal/sim/control-wire.ts";
import { must } from "../../src/model/assert.ts";
import type { LogRecord } from "../../src/model/log.ts";
import { manifestFacts } from "./manifest-facts.ts";
import { type OrderGives, type OrderName, type OrderTakes, isOrderMessage, monotonicMs } from "./orders.ts";

export interface BenchMachineParts {
  readonly number: number;
  readonly address: string;
  /** Where the bundles are. */
  readonly distDir: string;
  /** The bench's own folder, on the disk that is measured. */
  readonly workDir: string;
  /** `host:port` of the time server. */
  readonly sntp: string;
  /** Where its processes leave CPU profiles; undefined: they make none. */
  readonly profileDir: string | undefined;
}

/** What a machine did that no machine should do; the run is worth nothing then. */
export class BenchTrouble extends Error {}

const STOP_MS_MAX = 15_000;
/** How the runtime tells of a crash. */
const CRASH = /^runtime: .*\bcrash \d+ within an hour|^runtime: unhandledRejection|^runtime: uncaughtException/;
const OUTPUT_LINES_KEPT = 40;

interface Waiting {
  readonly resolve: (gives: unknown) => void;
  readonly reject: (cause: BenchTrouble) => void;
}

interface Life {
  readonly child: ChildProcess;
  readonly line: DeskLine;
  readonly exited: Promise<void>;
  readonly startedAtMs: number;
  readonly waiting: Map<number, Waiting>;
  readonly looks: Set<() => void>;
  readonly output: string[];
  view: MachineView | undefined;
  /** undefined while it runs. */
  end: string | undefined;
  ending: boolean;
}

export class BenchMachine {
  readonly number: number;
  readonly address: string;
  readonly #parts: BenchMachineParts;
  readonly #dataDir: string;
  /** Warnings and errors of the module's communication log, each once; a restarted machine tells its log anew. */
  readonly #warnings = new Map<string, string>();
  #life: Life | undefined;
  #asked = 0;

  constructor(parts: BenchMachineParts) {
    this.#parts = parts;
    this.number = parts.number;
    this.address = parts.address;
    this.#dataDir = join(parts.workDir, `machine-${parts.number}`);
  }

  get pid(): number {
    return this.#running().child.pid ?? 0;
  }

  /** Monotonic time at which the process was started. */
  get startedAtMs(): number {
    return this.#running().startedAtMs;
  }

  /** Codes of the warnings and errors that the module logged since the bench began. */
  get warnings(): readonly string[] {
    return [...this.#warnings.values()];
  }

  /** Makes it factory-new. It must be off. */
  wipe(): void {
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  /** Switches it on; `until` says when this resolves. Rejects with a BenchTrouble when it goes off before that, or is late. */
  async start(until: (view: MachineView) => boolean, limitMs = 60_000): Promise<void> {
    mkdirSync(join(this.#dataDir, "sockets"), { recursive: true });
    const startedAtMs = monotonicMs();
    const child = spawn(process.execPath, [...this.#argv()], { stdio: ["ignore", "pipe", "pipe", "ipc"], serialization: "advanced" });
    const life: Life = {
      child,
      line: new DeskLine(ipcWire(child)),
      exited: new Promise((resolve) => child.once("close", () => resolve())),
      startedAtMs,
      waiting: new Map(),
      looks: new Set(),
      output: [],
      view: undefined,
      end: undefined,
      ending: false,
    };
    this.#life = life;
    this.#hear(life);
    await this.until(until, limitMs);
  }

  /** Switches it off, in order. */
  async stop(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    life.ending = true;
    life.child.kill("SIGTERM");
    const late = setTimeout(() => life.child.kill("SIGKILL"), STOP_MS_MAX);
    await life.exited;
    clearTimeout(late);
    this.#life = undefined;
  }

  /** Resolves when what the machine shows of itself is as asked. */
  async until(holds: (view: MachineView) => boolean, limitMs: number): Promise<void> {
    const life = this.#running();
    await this.#within(life, limitMs, (resolve) => {
      const look = (): void => {
        if (life.view === undefined || !holds(life.view)) return;
        life.looks.delete(look);
        resolve(undefined);
      };
      life.looks.add(look);
      look();
    });
  }

  /** A call of the desk: the machine's knobs and services. */
  async call<C extends CallName>(name: C, takes: Takes<C>): Promise<Gives<C>> {
    return await this.#running().line.call(name, takes);
  }

  /** An order to the probes in the machine's process. */
  async ask<N extends OrderName>(name: N, takes: OrderTakes<N>, limitMs = 120_000): Promise<OrderGives<N>> {
    const life = this.#running();
    this.#asked += 1;
    const id = this.#asked;
    const answer = await this.#within(life, limitMs, (resolve, reject) => {
      life.waiting.set(id, { resolve, reject });
      life.child.send({ bench: "ask", id, name, takes });
    });
    // The other end is of the same build and answers each order with what orders.ts names.
    return answer as OrderGives<N>;
  }

  #running(): Life {
    const life = must(this.#life, "the machine is on");
    if (life.end !== undefined) throw this.#trouble(life, life.end);
    return life;
  }

  /** Rejects when the process ends meanwhile, or after `limitMs`. */
  async #within(
    life: Life,
    limitMs: number,
    begin: (resolve: (value: unknown) => void, reject: (cause: BenchTrouble) => void) => void,
  ): Promise<unknown> {
    let late: NodeJS.Timeout | undefined;
    let gone: () => void = () => undefined;
    try {
      return await new Promise((resolve, reject) => {
        late = setTimeout(() => reject(this.#trouble(life, `was not done within ${limitMs / 1000} s`)), limitMs);
        gone = () => {
          if (life.end !== undefined) reject(this.#trouble(life, life.end));
        };
        life.looks.add(gone);
        begin(resolve, reject);
      });
    } finally {
      clearTimeout(late);
      life.looks.delete(gone);
    }
  }

  #trouble({ view, output }: Life, what: string): BenchTrouble {
    const state = JSON.stringify({ server: view?.server, client: view?.client });
    return new BenchTrouble(
      `machine ${this.number} ${what}; last status ${state}; its last lines:\n${output.map((text) => `  ${text}`).join("\n")}`,
    );
  }

  #hear(life: Life): void {
    const { child, line, output } = life;
    const look = (): void => {
      for (const each of [...life.looks]) each();
    };
    line.start((event) => {
      if ("view" in event) life.view = event.view;
      if (event.kind === "log") this.#read(event.records, output);
      look();
    });
    child.on("message", (message) => {
      if (!isOrderMessage(message) || message.bench === "ask") return;
      const waiting = life.waiting.get(message.id);
      life.waiting.delete(message.id);
      if (message.bench === "answer") waiting?.resolve(message.gives);
      else waiting?.reject(this.#trouble(life, message.message));
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (text) => {
        keep(output, text);
        // The runtime starts a crashed module again, and all would seem well.
        if (CRASH.test(text)) ended("its module crashed");
      });
    }
    const ended = (how: string): void => {
      life.end ??= life.ending ? "is off" : `is of no more use: ${how}`;
      look();
    };
    child.once("error", (cause) => ended(cause.message));
    child.once("close", (code, signal) => ended(`it went off by itself, ${signal ?? `code ${code}`}`));
  }

  #read(records: readonly LogRecord[], output: string[]): void {
    for (const { at, level, code, text } of records) {
      const key = `${at} ${level} ${code}: ${text}`;
      if (level === "Information" || this.#warnings.has(key)) continue;
      this.#warnings.set(key, code);
      keep(output, key);
    }
  }

  #argv(): readonly string[] {
    const { number, address, distDir, sntp, profileDir } = this.#parts;
    const manifest = join(distDir, "device-manifest.json");
    const machine = {
      number: String(number),
      serial: `BENCH${String(number).padStart(3, "0")}`,
      name: `bench-${number}`,
      address,
      sockets: join(this.#dataDir, "sockets"),
      sntp,
    };
    return [
      ...manifestFacts(distDir).engine.nodeArguments,
      ...(profileDir === undefined
        ? []
        : ["--cpu-prof", `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=machine-${number}-${Date.now()}.cpuprofile`]),
      join(distDir, "runtime.mjs"),
      ...["--manifest", manifest, "--module", join(distDir, "module.mjs"), "--provider", join(distDir, "bench-provider.mjs")],
      ...["--data", this.#dataDir, "--start"],
      ...Object.entries(machine).flatMap(([key, value]) => ["--arg", `${key}=${value}`]),
    ];
  }
}

function keep(output: string[], text: string): void {
  output.push(text);
  if (output.length > OUTPUT_LINES_KEPT) output.shift();
}
