/** What the system says of processes: memory and processor time, from /proc. Where there is no /proc it is unknown, and said to be. */
import { readFileSync } from "node:fs";

export interface Memory {
  /** Resident: private memory and what is shared with other processes (Node's own code). */
  readonly rssMb: number;
  /** Private alone: what the manifest's budget counts. */
  readonly anonMb: number;
}

/** The system counts processor time in these. */
const TICKS_PER_SECOND = 100;

export function memoryOf(pid: number): Memory | undefined {
  const text = readProc(`/proc/${pid}/status`);
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text ?? "")?.[1] ?? Number.NaN) / 1024;
  return text === undefined ? undefined : { rssMb: field("VmRSS"), anonMb: field("RssAnon") };
}

/** Processor time that a process has taken so far, user and system; ms. */
export function cpuMsOf(pid: number): number {
  const text = readProc(`/proc/${pid}/stat`);
  // The name is in parentheses and may hold anything; the fields follow its last one.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** Bytes that a process has made the system write to a disk so far; memory file systems do not count. */
export function writtenBytesOf(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readProc(`/proc/${pid}/io`) ?? "")?.[1] ?? Number.NaN);
}

/** Processor time that all processes of this computer have taken so far; ms. */
function cpuMsOfAll(): number {
  const [, user, nice, system, , , irq, softirq] = (readProc("/proc/stat") ?? "").split("\n")[0]?.split(/\s+/).map(Number) ?? [];
  return (((user ?? Number.NaN) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0)) * 1_000) / TICKS_PER_SECOND;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    // A process that has ended, or a system without /proc.
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ESRCH")) return undefined;
    throw cause;
  }
}

export interface Watched {
  /** Share of one core that processes other than the bench's took, in percent. */
  readonly foreignCpuPercent: number;
  /** By process: the most that was seen. */
  readonly peaks: ReadonlyMap<number, Memory>;
  /** By process: processor time in the window. */
  readonly cpuMs: ReadonlyMap<number, number>;
  /** By process: what it wrote to a disk in the window. */
  readonly writtenBytes: ReadonlyMap<number, number>;
}

/** Looked at so often: a peak between two looks is missed. */
export const SAMPLE_MS = 50;

/** Watches over a window of time: processes that began in it count from their start, and none may end in it. */
export class SystemWatch {
  readonly #pids: readonly number[];
  readonly #since = process.hrtime.bigint();
  readonly #allBefore = cpuMsOfAll();
  readonly #own = [process.pid] as const;
  readonly #before: ReadonlyMap<number, number>;
  readonly #writtenBefore: ReadonlyMap<number, number>;
  readonly #peaks = new Map<number, Memory>();
  readonly #timer: NodeJS.Timeout;

  /** `fresh`: those of the processes that the window begins with. */
  constructor(pids: readonly number[], fresh: readonly number[] = []) {
    this.#pids = pids;
    const old = [...this.#own, ...pids].filter((pid) => !fresh.includes(pid));
    this.#before = new Map(old.map((pid) => [pid, cpuMsOf(pid)]));
    this.#writtenBefore = new Map(pids.filter((pid) => !fresh.includes(pid)).map((pid) => [pid, writtenBytesOf(pid)]));
    this.#timer = setInterval(() => this.#look(), SAMPLE_MS);
    this.#look();
  }

  stop(): Watched {
    clearInterval(this.#timer);
    return this.look();
  }

  /** What there is so far; it goes on watching. */
  look(): Watched {
    this.#look();
    const wallMs = Number(process.hrtime.bigint() - this.#since) / 1e6;
    const cpuMs = new Map([...this.#own, ...this.#pids].map((pid) => [pid, cpuMsOf(pid) - (this.#before.get(pid) ?? 0)]));
    const ours = [...cpuMs.values()].reduce((sum, ms) => sum + ms, 0);
    const foreignMs = Math.max(0, cpuMsOfAll() - this.#allBefore - ours);
    const writtenBytes = new Map(this.#pids.map((pid) => [pid, writtenBytesOf(pid) - (this.#writtenBefore.get(pid) ?? 0)]));
    return { foreignCpuPercent: (foreignMs / wallMs) * 100, peaks: this.#peaks, cpuMs, writtenBytes };
  }

  #look(): void {
    for (const pid of this.#pids) {
      const now = memoryOf(pid);
      if (now === undefined) continue;
      const peak = this.#peaks.get(pid) ?? now;
      this.#peaks.set(pid, { rssMb: Math.max(peak.rssMb, now.rssMb), anonMb: Math.max(peak.anonMb, now.anonMb) });
    }
  }
}
