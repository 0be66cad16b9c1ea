/** One machine of the bench: its folder, and while it is on, its process -- the bundled runtime, as the manifest wants it to be run. */
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { CallName, Gives, MachineView, Takes } from "../../hal/sim/control.ts";
import { DeskLine } from "../../hal/sim/control-line.ts";
import { ipcWire } from "../../hal/sim/control-wire.ts";
import { must } from "../../src/model/assert.ts";
import type { LogRecord } from "../../src/model/log.ts";
import { AskedProcess } from "./asked-process.ts";
import { manifestFacts } from "./manifest-facts.ts";
import { type OrderGives, type OrderName, type OrderTakes, WAY } from "./orders.ts";
import type { Conditions, Machine } from "./subject.ts";

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
  /** A folder in memory for what the printer itself keeps; undefined: it is kept with all the rest. */
  readonly storesDir: string | undefined;
  /** Those that hold when a process is started. */
  readonly conditions: { readonly now: Conditions };
}

/** How the runtime tells of a crash. */
const CRASH = /^runtime: .*\bcrash \d+ within an hour|^runtime: unhandledRejection|^runtime: uncaughtException/;

interface Life {
  readonly process: AskedProcess;
  readonly line: DeskLine;
  view: MachineView | undefined;
}

export class BenchMachine implements Machine {
  readonly number: number;
  readonly address: string;
  readonly #parts: BenchMachineParts;
  readonly #dataDir: string;
  /** Warnings and errors of the module's communication log, each once; a restarted machine tells its log anew. */
  readonly #warnings = new Map<string, string>();
  #life: Life | undefined;

  constructor(parts: BenchMachineParts) {
    this.#parts = parts;
    this.number = parts.number;
    this.address = parts.address;
    this.#dataDir = join(parts.workDir, `machine-${parts.number}`);
  }

  get pid(): number {
    return this.#running().process.pid;
  }

  get startedAtMs(): number {
    return this.#running().process.startedAtMs;
  }

  /** Codes of the warnings and errors that the module logged since the bench began. */
  get warnings(): readonly string[] {
    return [...this.#warnings.values()];
  }

  /** Makes it factory-new. It must be off. */
  wipe(): void {
    rmSync(this.#dataDir, { recursive: true, force: true });
    if (this.#storesDir !== undefined) rmSync(this.#storesDir, { recursive: true, force: true });
  }

  /** Switches it on; `until` says when this resolves. Rejects with a BenchTrouble when it goes off before that, or is late. */
  async start(until: (view: MachineView) => boolean, limitMs = 60_000): Promise<void> {
    mkdirSync(join(this.#dataDir, "sockets"), { recursive: true });
    this.#placeStores();
    const asked = new AskedProcess({
      title: `machine ${this.number}`,
      argv: this.#argv(),
      environment: this.#environment(),
      state: () => `last status ${JSON.stringify({ server: life.view?.server, client: life.view?.client })}; `,
    });
    const life: Life = { process: asked, line: new DeskLine(ipcWire(asked.child)), view: undefined };
    this.#life = life;
    this.#hear(life);
    await this.until(until, limitMs);
  }

  async stop(): Promise<void> {
    await this.#life?.process.stop();
    this.#life = undefined;
  }

  /** Resolves when what the machine shows of itself is as asked. */
  async until(holds: (view: MachineView) => boolean, limitMs: number): Promise<void> {
    const life = this.#running();
    await life.process.until(() => life.view !== undefined && holds(life.view), limitMs);
  }

  /** A call of the desk: the machine's knobs and services. */
  async call<C extends CallName>(name: C, takes: Takes<C>): Promise<Gives<C>> {
    return await this.#running().line.call(name, takes);
  }

  async ask<N extends OrderName>(name: N, takes: OrderTakes<N>, limitMs?: number): Promise<OrderGives<N>> {
    return await this.#running().process.ask(name, takes, limitMs);
  }

  get #storesDir(): string | undefined {
    const { storesDir } = this.#parts;
    return storesDir === undefined ? undefined : join(storesDir, `machine-${this.number}`);
  }

  /** The simulated printer keeps its own database in a folder "machine" beside the module's. */
  #placeStores(): void {
    const place = join(this.#dataDir, "machine");
    if (this.#storesDir === undefined || existsSync(place)) return;
    mkdirSync(this.#storesDir, { recursive: true });
    symlinkSync(this.#storesDir, place);
  }

  #running(): Life {
    const life = must(this.#life, "the machine is on");
    life.process.check();
    return life;
  }

  #hear(life: Life): void {
    const asked = life.process;
    life.line.start((event) => {
      if ("view" in event) life.view = event.view;
      if (event.kind === "log") this.#read(event.records, asked);
      asked.look();
    });
    // The runtime starts a crashed module again, and all would seem well.
    asked.hear((text) => {
      if (CRASH.test(text)) asked.ended("its module crashed");
    });
  }

  #read(records: readonly LogRecord[], asked: AskedProcess): void {
    for (const { at, level, code, text } of records) {
      const key = `${at} ${level} ${code}: ${text}`;
      if (level === "Information" || this.#warnings.has(key)) continue;
      this.#warnings.set(key, code);
      asked.note(key);
    }
  }

  #environment(): Readonly<Record<string, string>> {
    const { distDir, conditions } = this.#parts;
    const { environment, wayOf } = conditions.now;
    const way = wayOf(this.number);
    return { ...manifestFacts(distDir).engine.environment, ...environment, ...(way === undefined ? {} : { [WAY]: JSON.stringify(way) }) };
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
      ...(profileDir === undefined ? [] : profiling(profileDir, `machine-${number}-${Date.now()}`)),
      join(distDir, "runtime.mjs"),
      ...["--manifest", manifest, "--module", join(distDir, "module.mjs"), "--provider", join(distDir, "bench-provider.mjs")],
      ...["--data", this.#dataDir, "--start"],
      ...Object.entries(machine).flatMap(([key, value]) => ["--arg", `${key}=${value}`]),
    ];
  }
}

/** Where the process's time went, and by whom what was alive at its end had been allocated. */
const profiling = (dir: string, name: string): readonly string[] => [
  ...["--cpu-prof", `--cpu-prof-dir=${dir}`, `--cpu-prof-name=${name}.cpuprofile`],
  // Fine enough for small holders; the bytes of each sample stand for so many.
  ...["--heap-prof", "--heap-prof-interval=16384", `--heap-prof-dir=${dir}`, `--heap-prof-name=${name}.heapprofile`],
];
