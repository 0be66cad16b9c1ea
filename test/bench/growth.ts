/** How the cost grows with users, and with machines: small fleets of ours and of the floor. */
import { join } from "node:path";
import { type CompareOptions, compare } from "./compare.ts";
import type { BenchOptions } from "./options.ts";
import { FLOOR, OURS } from "./peers/peers.ts";
import type { Comparison } from "./report.ts";
import { medianOf } from "./targets.ts";

/** Something of a fleet at several sizes. */
export interface Series {
  readonly peer: string;
  /** [size, figure] */
  readonly points: readonly (readonly [number, number])[];
}

export interface Growth {
  readonly byUsers: readonly Comparison[];
  readonly byMachines: readonly { readonly machines: number; readonly comparison: Comparison }[];
  /** Of ours: a join's time for each entry, the most users against the second fewest; 1: it is linear. */
  readonly joinAnEntry: number;
  /** Of ours: an edit, the most users against the fewest. */
  readonly editMs: number;
  /** Of ours: a client's private memory with the most users, less that with the fewest. */
  readonly clientMemoryMb: number;
}

export const GROWTH_PEERS = [OURS, FLOOR] as const;
const USERS = [10, 100];
const CLIENTS = [1, 3, 6];
const MACHINES_USERS = 100;
const EDITS_MAX = 150;
const SETTLE_MS = 1_000;
const WORKLOADS = ["W1x9", "W2"];

/** `largest` was measured already, with all clients. */
export async function growth(
  options: BenchOptions,
  largest: Comparison,
  { distDir, workDir, progress }: Omit<CompareOptions, "users">,
): Promise<Growth> {
  const peers = options.peers.filter((peer) => GROWTH_PEERS.some((each) => each === peer));
  const small = { ...options, peers, runs: 1, edits: Math.min(options.edits, EDITS_MAX) };
  const of = (users: number, clients: number, workloads: readonly string[]): Promise<Comparison> =>
    compare(
      { ...small, clients, workloads },
      { users, distDir, workDir: join(workDir, `${users}-${clients}`), progress, settleMs: SETTLE_MS },
    );
  const byUsers: Comparison[] = [];
  for (const users of USERS.filter((each) => each < largest.users)) byUsers.push(await of(users, options.clients, ["W1", ...WORKLOADS]));
  byUsers.push(largest);
  const byMachines: { machines: number; comparison: Comparison }[] = [];
  for (const clients of CLIENTS.filter((each) => each < options.clients)) {
    byMachines.push({ machines: clients + 1, comparison: await of(MACHINES_USERS, clients, WORKLOADS) });
  }
  const full = byUsers.find(({ users }) => users === MACHINES_USERS);
  if (full !== undefined) byMachines.push({ machines: options.clients + 1, comparison: full });
  return { byUsers, byMachines, ...compared(byUsers) };
}

function compared(byUsers: readonly Comparison[]): Pick<Growth, "joinAnEntry" | "editMs" | "clientMemoryMb"> {
  const at = (comparison: Comparison | undefined, workload: string, field: string): number =>
    medianOf(comparison?.peers ?? [], OURS, workload, field);
  const [fewest, most] = [byUsers[0], byUsers.at(-1)];
  const middle = byUsers.at(-2);
  const anEntry = (comparison: Comparison | undefined): number =>
    at(comparison, "W1", "replicaMs") / (comparison?.data.entries ?? Number.NaN);
  return {
    joinAnEntry: byUsers.length < 2 ? Number.NaN : anEntry(most) / anEntry(middle),
    editMs: byUsers.length < 2 ? Number.NaN : at(most, "W2", "durableP50Ms") / at(fewest, "W2", "durableP50Ms"),
    clientMemoryMb: byUsers.length < 2 ? Number.NaN : at(most, "W2", "clientAnonMb") - at(fewest, "W2", "clientAnonMb"),
  };
}

/** A figure of each peer, by users. */
export const byUsersOf = ({ byUsers }: Growth, workload: string, field: string): readonly Series[] =>
  seriesOf(
    byUsers.map((comparison) => [comparison.users, comparison]),
    workload,
    field,
  );

/** A figure of each peer, by machines. */
export const byMachinesOf = ({ byMachines }: Growth, workload: string, field: string): readonly Series[] =>
  seriesOf(
    byMachines.map(({ machines, comparison }) => [machines, comparison]),
    workload,
    field,
  );

const seriesOf = (sizes: readonly (readonly [number, Comparison])[], workload: string, field: string): readonly Series[] =>
  GROWTH_PEERS.map((peer) => ({
    peer,
    points: sizes.flatMap(([size, { peers }]) => {
      const value = medianOf(peers, peer, workload, field);
      return Number.isFinite(value) ? [[size, value] as const] : [];
    }),
  }));
