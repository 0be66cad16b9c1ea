/** Fleets of all peers go through the workloads, one after the other. */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { BenchTrouble } from "./asked-process.ts";
import { factsOf } from "./data-set.ts";
import { Fleet } from "./fleet.ts";
import type { BenchOptions } from "./options.ts";
import { FLOOR, OURS, PEERS, type PeerFigures, type PeerOptions } from "./peers/peers.ts";
import type { Comparison } from "./report.ts";
import type { Subject } from "./subject.ts";
import { memoryFolder } from "./surroundings/memory-folder.ts";
import { workloadNamed } from "./workloads/all.ts";
import type { Cell } from "./workloads/cell.ts";
import { again } from "./workloads/conditioned.ts";
import type { Course, Sizes, Workload } from "./workloads/course.ts";
import { joinTogether } from "./workloads/joins.ts";
import { verify } from "./workloads/verify.ts";

export interface CompareOptions {
  readonly users: number;
  readonly distDir: string;
  readonly workDir: string;
  readonly progress: (text: string) => void;
  readonly settleMs?: number;
  /** Other than an office's; for tests. */
  readonly sharedAddresses?: number;
}

const JOIN_LIMIT_MS = 300_000;
const SETTLE_MS = 2_000;
/** Of the small fleet; what it measures does not grow with users. */
const FEW_CLIENTS = 2;
const FEW_USERS = 100;

/** A peer that loses an entry or a machine goes no further: what it did until then stands, and its trouble is said. */
export async function compare(
  options: BenchOptions,
  { users, distDir, workDir, progress, settleMs = SETTLE_MS, sharedAddresses }: CompareOptions,
): Promise<Comparison> {
  const { clients, edits, perSecond, burst, soak, seed, profile } = options;
  const data = { users, seed, ...(sharedAddresses === undefined ? {} : { sharedAddresses }) };
  const sizes: Sizes = { data, facts: factsOf(data), edits, perSecond, burst, soak };
  const profileDir = profile === undefined ? undefined : resolve(profile);
  const peers: PeerFigures[] = [];
  for (const peer of options.peers) {
    const say = (text: string): void => progress(`${users} users, ${peer}: ${text}`);
    const why = PEERS.find(({ name }) => name === peer)?.missing();
    if (why !== undefined) {
      say(`SKIPPED: ${why}`);
      continue;
    }
    const place = { distDir, workDir: join(workDir, peer), clients, joinLimitMs: JOIN_LIMIT_MS, settleMs };
    const workloads = options.workloads.map(workloadNamed).filter((each) => isFor(peer, each));
    peers.push(await new Going({ peer, place, profileDir, sizes, runs: options.runs, say }).through(workloads));
  }
  return { users, data: sizes.facts, peers };
}

/** Whether a peer goes through a workload. */
export const isFor = (peer: string, { who }: Workload): boolean =>
  peer === OURS || who === undefined || (peer === FLOOR && who === "floor");

interface GoingParts {
  readonly peer: string;
  readonly place: PeerOptions;
  readonly profileDir: string | undefined;
  readonly sizes: Sizes;
  readonly runs: number;
  readonly say: (text: string) => void;
}

interface FleetKind {
  /** Where printers keep their own stores apart, in memory. */
  readonly storesDir: string | undefined;
  readonly sizes: Sizes;
}

function smaller(sizes: Sizes): Sizes {
  if (sizes.data.users <= FEW_USERS) return sizes;
  const data = { ...sizes.data, users: FEW_USERS };
  return { ...sizes, data, facts: factsOf(data) };
}

/** One peer on its way. */
class Going {
  readonly #parts: GoingParts;
  readonly #cells: Record<string, Cell[]> = {};
  readonly #warnings: Record<string, number> = {};

  constructor(parts: GoingParts) {
    this.#parts = parts;
  }

  async through(workloads: readonly Workload[]): Promise<PeerFigures> {
    const { peer, say } = this.#parts;
    const possible = workloads.filter(({ name, missing }) => {
      const why = missing?.();
      if (why !== undefined) say(`${name} is SKIPPED: ${why}`);
      return why === undefined;
    });
    let trouble: string | undefined;
    try {
      await this.#withFleet(
        possible.filter(({ fleet }) => fleet === undefined),
        { storesDir: undefined, sizes: this.#parts.sizes },
      );
      await this.#apart(possible.filter(({ fleet }) => fleet === "stores apart"));
    } catch (cause) {
      if (!(cause instanceof BenchTrouble)) throw cause;
      trouble = cause.message;
      say(`goes no further: ${trouble}`);
    }
    return { peer, cells: this.#cells, warnings: this.#warnings, trouble };
  }

  async #apart(workloads: readonly Workload[]): Promise<void> {
    if (workloads.length === 0) return;
    const storesDir = memoryFolder();
    try {
      await this.#withFleet(workloads, { storesDir, sizes: smaller(this.#parts.sizes) });
    } finally {
      rmSync(storesDir, { recursive: true, force: true });
    }
  }

  async #withFleet(workloads: readonly Workload[], { storesDir, sizes }: FleetKind): Promise<void> {
    if (workloads.length === 0) return;
    const { place } = this.#parts;
    const subject = await this.#open(storesDir);
    try {
      await this.#work(subject, sizes, workloads);
      for (const [code, count] of Object.entries(subject.warnings)) this.#warnings[code] = (this.#warnings[code] ?? 0) + count;
    } finally {
      await subject.close();
      rmSync(place.workDir, { recursive: true, force: true });
    }
  }

  #open(storesDir: string | undefined): Promise<Subject> {
    const { peer, place, profileDir } = this.#parts;
    const sized = storesDir === undefined ? place : { ...place, clients: FEW_CLIENTS };
    return PEERS.find(({ name }) => name === peer)?.open(sized) ?? Fleet.open({ ...sized, profileDir, storesDir });
  }

  async #work(subject: Subject, sizes: Sizes, workloads: readonly Workload[]): Promise<void> {
    const { place, runs, say } = this.#parts;
    let [next, isEverybodyOn, haveJoined] = [0, false, false];
    const course: Course = { subject, sizes, distDir: place.distDir, numbers: (count) => (next += count) - count };
    say(`loading ${sizes.facts.entries} entries ...`);
    await subject.load(sizes.data, sizes.facts);
    for (const { name, title, begins, leaves, run } of workloads) {
      for (let index = 1; index <= runs; index += 1) {
        // As late as can be: to read all of a machine leaves garbage in its process, which the next workload would count as the machine's.
        if (begins !== "everybody" && isEverybodyOn) await verify(subject, sizes.facts.entries);
        if (begins === "everybody" && !isEverybodyOn) await (haveJoined ? again(subject) : joinTogether(subject));
        say(`${name}, ${title}, ${index} of ${runs} ...`);
        const cell = await run(course);
        (this.#cells[name] ??= []).push(cell);
        haveJoined ||= begins === "everybody" || leaves === "everybody";
        isEverybodyOn = leaves === "everybody";
      }
    }
    if (isEverybodyOn) await verify(subject, sizes.facts.entries);
  }
}
