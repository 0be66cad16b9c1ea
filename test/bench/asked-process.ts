/** A process that the bench started and gives orders to; what it says, and how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type OrderGives, type OrderName, type OrderTakes, isOrderMessage, monotonicMs } from "./orders.ts";

/** What a machine did that no machine should do; the run is worth nothing then. */
export class BenchTrouble extends Error {}

export interface AskedProcessParts {
  /** How it is called when there is trouble with it. */
  readonly title: string;
  /** Node's own arguments, the program's file, and the program's arguments. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** More of what is known of it, for a report of trouble. */
  readonly state?: () => string;
}

const STOP_MS_MAX = 15_000;
const OUTPUT_LINES_KEPT = 40;

interface Waiting {
  readonly resolve: (gives: unknown) => void;
  readonly reject: (cause: BenchTrouble) => void;
}

export class AskedProcess {
  readonly child: ChildProcess;
  /** Monotonic time at which it was started. */
  readonly startedAtMs = monotonicMs();
  readonly #parts: AskedProcessParts;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #looks = new Set<() => void>();
  readonly #output: string[] = [];
  #asked = 0;
  /** undefined while it runs. */
  #end: string | undefined;
  #ending = false;

  constructor(parts: AskedProcessParts) {
    this.#parts = parts;
    this.child = spawn(process.execPath, [...parts.argv], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
      env: { ...process.env, ...parts.environment },
    });
    this.#exited = new Promise((resolve) => this.child.once("close", () => resolve()));
  }

  get pid(): number {
    this.check();
    return this.child.pid ?? 0;
  }

  /** Begins to listen to it. `onLine` hears each line that it prints. */
  hear(onLine: (text: string) => void = () => undefined): void {
    const { child } = this;
    child.on("message", (message) => {
      if (!isOrderMessage(message) || message.bench === "ask") return;
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.bench === "answer") waiting?.resolve(message.gives);
      else waiting?.reject(this.trouble(message.message));
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (text) => {
        this.note(text);
        onLine(text);
      });
    }
    child.once("error", (cause) => this.ended(cause.message));
    child.once("close", (code, signal) => this.ended(`it went off by itself, ${signal ?? `code ${code}`}`));
  }

  /** Throws BenchTrouble when it does not run any more. */
  check(): void {
    if (this.#end !== undefined) throw this.trouble(this.#end);
  }

  /** Something about it has changed: whoever waits for that looks. */
  look(): void {
    for (const each of [...this.#looks]) each();
  }

  /** Remembers a line for a report of trouble. */
  note(text: string): void {
    this.#output.push(text);
    if (this.#output.length > OUTPUT_LINES_KEPT) this.#output.shift();
  }

  /** It is of no more use; the first reason counts. */
  ended(how: string): void {
    this.#end ??= this.#ending ? "is off" : `is of no more use: ${how}`;
    this.look();
  }

  async ask<N extends OrderName>(name: N, takes: OrderTakes<N>, limitMs = 120_000): Promise<OrderGives<N>> {
    this.check();
    this.#asked += 1;
    const id = this.#asked;
    const answer = await this.#within(limitMs, (resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.child.send({ bench: "ask", id, name, takes });
    });
    // The other end is of the same build and answers each order with what orders.ts names.
    return answer as OrderGives<N>;
  }

  /** Resolves at the first look at which this holds. */
  async until(holds: () => boolean, limitMs: number): Promise<void> {
    this.check();
    await this.#within(limitMs, (resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#looks.delete(look);
        resolve(undefined);
      };
      this.#looks.add(look);
      look();
    });
  }

  /** Ends it, in order where it can be had. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), STOP_MS_MAX);
    await this.#exited;
    clearTimeout(late);
  }

  trouble(what: string): BenchTrouble {
    const state = this.#parts.state?.() ?? "";
    return new BenchTrouble(`${this.#parts.title} ${what}; ${state}its last lines:\n${this.#output.map((text) => `  ${text}`).join("\n")}`);
  }

  /** Rejects when the process ends meanwhile, or after `limitMs`. */
  async #within(
    limitMs: number,
    begin: (resolve: (value: unknown) => void, reject: (cause: BenchTrouble) => void) => void,
  ): Promise<unknown> {
    let late: NodeJS.Timeout | undefined;
    let gone: () => void = () => undefined;
    try {
      return await new Promise((resolve, reject) => {
        late = setTimeout(() => reject(this.trouble(`was not done within ${limitMs / 1000} s`)), limitMs);
        gone = () => {
          if (this.#end !== undefined) reject(this.trouble(this.#end));
        };
        this.#looks.add(gone);
        begin(resolve, reject);
      });
    } finally {
      clearTimeout(late);
      this.#looks.delete(gone);
    }
  }
}
