/** A server that somebody else wrote: started with our arguments, and asked nothing but its service. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { must } from "../../../src/model/assert.ts";
import { BenchTrouble } from "../asked-process.ts";
import type { Address } from "../subject.ts";

export interface DaemonParts {
  readonly command: string;
  readonly dir: string;
  readonly address: Address;
  /** Writes what it reads at its start, and names its arguments. */
  readonly prepare: () => readonly string[];
  readonly environment: () => Readonly<Record<string, string>>;
}

const START_MS_MAX = 30_000;
const ASK_AGAIN_MS = 20;
const STOP_MS_MAX = 30_000;

/** Where Debian has servers; an ordinary user's PATH may lack it. */
const PATHS = ["", "/usr/sbin/", "/usr/local/sbin/"];

/** The command as it can be started here, or undefined. */
export const commandOf = (name: string): string | undefined =>
  PATHS.map((path) => `${path}${name}`).find((command) => spawnSync(command, ["-h"]).error === undefined);

export class Daemon {
  readonly #parts: DaemonParts;
  #child: ChildProcess | undefined;

  constructor(parts: DaemonParts) {
    this.#parts = parts;
  }

  get pid(): number {
    return must(this.#child, "it is on").pid ?? 0;
  }

  /** Resolves as soon as it takes connections. */
  async start(): Promise<void> {
    const { command, dir, prepare, environment } = this.#parts;
    mkdirSync(dir, { recursive: true });
    const child = spawn(command, [...prepare()], { stdio: "ignore", cwd: dir, env: { ...process.env, ...environment() } });
    this.#child = child;
    // It hears of the end of the bench by nothing else.
    const end = (): void => void child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.removeListener("exit", end));
    const limitMs = performance.now() + START_MS_MAX;
    while (!(await this.#answers())) {
      if (child.exitCode !== null) throw new BenchTrouble(`${command} went off by itself, code ${child.exitCode}`);
      if (performance.now() > limitMs) throw new BenchTrouble(`${command} takes no connections`);
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
    await exited;
    clearTimeout(late);
  }

  #answers(): Promise<boolean> {
    const socket = connect(this.#parts.address);
    return new Promise((resolve) => {
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  }
}
