/** A machine of the torture: the bundled runtime as a process, on a folder, behind whatever it is started with. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { CallName, Gives, MachineView, Takes } from "../../hal/sim/control.ts";
import { CallError, DeskLine } from "../../hal/sim/control-line.ts";
import { ipcWire } from "../../hal/sim/control-wire.ts";
import type { LogRecord } from "../../src/model/log.ts";
import { manifestFacts } from "../bench/manifest-facts.ts";

export interface MachineParts {
  readonly number: number;
  readonly address: string;
  readonly distDir: string;
  readonly dataDir: string;
  /** A short path for sockets; not on a disk that is cut. */
  readonly socketDir: string;
  /** `host:port` of the time server. */
  readonly sntp: string;
  /** A program, with its arguments, that the process is started by: `ip netns exec ...`. */
  readonly startedBy?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const START_MS = 60_000;

export class TortureMachine {
  readonly number: number;
  readonly address: string;
  readonly #parts: MachineParts;
  readonly #output: string[] = [];
  readonly #looks = new Set<() => void>();
  #child: ChildProcess | undefined;
  #line: DeskLine | undefined;
  #view: MachineView | undefined;
  #exited: Promise<void> = Promise.resolve();
  /** Records of its log that say that something fell. */
  readonly fallen: string[] = [];

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.number = parts.number;
    this.address = parts.address;
  }

  get view(): MachineView | undefined {
    return this.#view;
  }

  get isOn(): boolean {
    return this.#child !== undefined;
  }

  get output(): readonly string[] {
    return this.#output;
  }

  /** Gives it power; resolves when its module is active. */
  async start(): Promise<void> {
    const { startedBy = [], environment = {}, socketDir, distDir } = this.#parts;
    mkdirSync(socketDir, { recursive: true });
    const [command = "", ...argv] = [...startedBy, process.execPath, ...this.#argv()];
    const child = spawn(command, argv, {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
      env: { ...process.env, ...manifestFacts(distDir).engine.environment, ...environment },
    });
    const line = new DeskLine(ipcWire(child));
    this.#child = child;
    this.#line = line;
    this.#view = undefined;
    this.#exited = new Promise((resolve) => child.once("close", () => resolve()));
    child.once("close", () => this.#ended(child, line));
    line.start((event) => {
      if ("view" in event) this.#view = event.view;
      if (event.kind === "log") this.#read(event.records);
      this.#look();
    });
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null) createInterface({ input: stream }).on("line", (text) => this.#heard(text));
    await this.until((view) => view.moduleActive, START_MS, "its module being active");
  }

  /** Pulls the plug. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#exited;
  }

  /** Switches it off in order. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    const late = setTimeout(() => this.#child?.kill("SIGKILL"), 15_000);
    await this.#exited;
    clearTimeout(late);
  }

  async call<C extends CallName>(name: C, takes: Takes<C>): Promise<Gives<C>> {
    if (this.#line === undefined) throw new CallError({ code: "machine-off", message: `machine ${this.number} is off` });
    return await this.#line.call(name, takes);
  }

  /** Resolves when what it shows is as asked. Rejects after `limitMs`. */
  async until(holds: (view: MachineView) => boolean, limitMs: number, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(late);
        this.#looks.delete(look);
        settle();
      };
      const late = setTimeout(() => end(() => reject(this.#trouble(`${what} did not come true in ${limitMs / 1000} s`))), limitMs);
      const look = (): void => {
        if (this.#child === undefined) end(() => reject(this.#trouble("it went off")));
        else if (this.#view !== undefined && holds(this.#view)) end(resolve);
      };
      this.#looks.add(look);
      look();
    });
  }

  #ended(child: ChildProcess, line: DeskLine): void {
    line.cut({ code: "machine-off", message: `machine ${this.number} is off` });
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#line = undefined;
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }

  #read(records: readonly LogRecord[]): void {
    for (const { code, text } of records) if (code === "crashed") this.fallen.push(`machine ${this.number}: ${text}`);
  }

  #heard(text: string): void {
    this.#output.push(text);
    if (this.#output.length > 40) this.#output.shift();
    if (/unhandledRejection|uncaughtException/.test(text)) this.fallen.push(`machine ${this.number}: ${text}`);
  }

  #trouble(what: string): Error {
    const state = JSON.stringify({ server: this.#view?.server, client: this.#view?.client });
    return new Error(`machine ${this.number}: ${what}; ${state}\n${this.#output.slice(-10).join("\n")}`);
  }

  #argv(): readonly string[] {
    const { number, address, distDir, sntp, dataDir, socketDir } = this.#parts;
    const manifest = join(distDir, "device-manifest.json");
    const machine = { number: String(number), serial: `TORTURE${number}`, name: `torture-${number}`, address, sockets: socketDir, sntp };
    return [
      ...manifestFacts(distDir).engine.nodeArguments,
      join(distDir, "runtime.mjs"),
      ...["--manifest", manifest, "--module", join(distDir, "module.mjs"), "--provider", join(distDir, "bench-provider.mjs")],
      ...["--data", dataDir, "--start"],
      ...Object.entries(machine).flatMap(([key, value]) => ["--arg", `${key}=${value}`]),
    ];
  }
}
