/** The segments of a client's copy as its disk has them, and a bit that flips in them where only their own checksum tells. */
import type { VirtualDisk } from "./virtual-disk.ts";

const SEGMENT = /^c\/s\/\d+\/z\/\d+$/;

/** Of all generations. */
export function segmentsOf({ medium }: VirtualDisk): (readonly [key: string, value: Uint8Array])[] {
  return [...medium.content.ascending("c/s/", "c/s0")].filter(([key]) => SEGMENT.test(key));
}

/** Flips a bit of each, as if the medium had told a lie. Gives how many there are. */
export function damageSegments(disk: VirtualDisk): number {
  const damaged = segmentsOf(disk).map(([key, value]) => {
    const flipped = Uint8Array.from(value);
    // In the checksum: it tells no more and no less than a bit elsewhere, and checkers can still read what should be there.
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    return { key, value: flipped };
  });
  disk.medium.content = disk.medium.content.with(damaged);
  return damaged.length;
}
