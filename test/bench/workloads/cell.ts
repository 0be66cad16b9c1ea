/** What one run of a workload gives: figures by name. */
import type { Machine, Subject } from "../subject.ts";
import { type Memory, type Watched, memoryOf } from "../system.ts";

/** One figure a name; NaN where it could not be measured. */
export type Cell = Readonly<Record<string, number>>;

/** Memory of the server machine and of the client that takes the most; time and disk of both roles, of clients on average; and who else was at work. */
export const systemCell = (subject: Subject, clients: readonly Machine[], watched: Watched): Cell => ({
  ...memoryCell("server", [subject.serverPids], watched),
  ...memoryCell(
    "client",
    clients.map(({ pid }) => [pid]),
    watched,
  ),
  serverCpuMs: sumOf(watched.cpuMs, subject.serverPids),
  clientCpuMs:
    sumOf(
      watched.cpuMs,
      clients.map(({ pid }) => pid),
    ) / clients.length,
  serverWrittenBytes: sumOf(watched.writtenBytes, subject.serverPids),
  clientWrittenBytes:
    sumOf(
      watched.writtenBytes,
      clients.map(({ pid }) => pid),
    ) / clients.length,
  foreignCpuPercent: watched.foreignCpuPercent,
});

export const sumOf = (by: ReadonlyMap<number, number>, pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (by.get(pid) ?? Number.NaN), 0);

/** Of several machines the one that takes the most; a machine is all of its processes. */
function memoryCell(name: string, machines: readonly (readonly number[])[], { peaks }: Watched): Cell {
  const most = (of: (pid: number) => Memory | undefined, field: keyof Memory): number =>
    Math.max(...machines.map((pids) => pids.reduce((sum, pid) => sum + (of(pid)?.[field] ?? Number.NaN), 0)));
  return {
    [`${name}RssMb`]: most(memoryOf, "rssMb"),
    [`${name}AnonMb`]: most(memoryOf, "anonMb"),
    [`${name}PeakRssMb`]: most((pid) => peaks.get(pid), "rssMb"),
    [`${name}PeakAnonMb`]: most((pid) => peaks.get(pid), "anonMb"),
  };
}

/** Time for V8 to collect before memory is looked at. */
export const settled = ({ settleMs }: Subject): Promise<void> => new Promise((resolve) => setTimeout(resolve, settleMs));
