/** W4: memory of machines that are connected, and how much it grows over many edits. */
import { SystemWatch } from "../system.ts";
import { type Cell, settled, systemCell } from "./cell.ts";
import type { Course } from "./course.ts";
import { editsToMake, work } from "./edits.ts";

const IN_FLIGHT = 64;

export async function soak({ subject, sizes, numbers }: Course): Promise<Cell> {
  const { clients, serverPids } = subject;
  const { data, soak: wanted, burst } = sizes;
  const watch = new SystemWatch([...serverPids, ...clients.map(({ pid }) => pid)]);
  try {
    // The first edits fill what is filled once: caches, compiled code.
    let edits = await round(subject, { data, burst, numbers });
    await settled(subject);
    const before = systemCell(subject, clients, watch.look());
    while (edits < wanted) edits += await round(subject, { data, burst, numbers });
    const watched = watch.stop();
    await settled(subject);
    const after = systemCell(subject, clients, watched);
    const grown = (field: string): number => (after[field] ?? Number.NaN) - (before[field] ?? Number.NaN);
    return {
      edits,
      serverRssGrowthMb: grown("serverRssMb"),
      serverAnonGrowthMb: grown("serverAnonMb"),
      clientRssGrowthMb: grown("clientRssMb"),
      clientAnonGrowthMb: grown("clientAnonMb"),
      ...after,
    };
  } finally {
    watch.stop();
  }
}

type Round = Pick<Course["sizes"], "data" | "burst"> & Pick<Course, "numbers">;

/** Every client makes edits; gives how many were made. */
async function round(subject: Course["subject"], { data, burst, numbers }: Round): Promise<number> {
  const { clients } = subject;
  const count = clients.length * burst;
  const first = numbers(count);
  const all = editsToMake({ data, first, count });
  const authors = clients.map((author, index) => ({ author, made: all.slice(index * burst, (index + 1) * burst) }));
  await work(subject, authors, { inFlight: IN_FLIGHT }, { first, count });
  return count;
}
