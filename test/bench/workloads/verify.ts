/** Whether all machines hold the same data, and all of it; a benchmark of a fleet that lost something is worth nothing. */
import { BenchTrouble } from "../asked-process.ts";
import { monotonicMs } from "../orders.ts";
import type { Subject } from "../subject.ts";

const AGAIN_MS = 250;

/** Rejects with BenchTrouble when it is not so; `withinMs`: something may still be on its way. */
export async function verify({ clients }: Pick<Subject, "clients">, entries: number, withinMs = 0): Promise<void> {
  const untilMs = monotonicMs() + withinMs;
  for (;;) {
    const digests = await Promise.all(clients.map((client) => client.ask("digest", undefined)));
    if (digests.every((each) => each.entries === entries && each.digest === digests[0]?.digest)) return;
    const all = digests.map((each, index) => `machine ${index + 2} has ${each.entries} entries (${each.digest.slice(0, 8)})`);
    if (monotonicMs() > untilMs) throw new BenchTrouble(`the machines do not have the same ${entries} entries: ${all.join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
