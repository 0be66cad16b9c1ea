/** Runs a virtual world beside a contract that knows nothing of it: as fast as it goes, until the test ends. */
import type { ExecutionContext } from "ava";
import type { World } from "../fleet/virtual-time.ts";

/**
 * Everything that a test waits for is an event of this world: it never stands still while something is due. The function
 * given back ends it.
 */
export function runFreely(t: ExecutionContext, world: World): () => void {
  let over = false;
  const end = (): void => {
    over = true;
  };
  t.teardown(end);
  void (async () => {
    while (!over) {
      await world.settleNow();
      const dueMs = world.nextDueMs();
      if (dueMs !== undefined && !over) await world.step(dueMs);
    }
  })();
  return end;
}

/** Lets so much of its time pass, and what follows from it happen. */
export async function pass(world: World, ms: number): Promise<void> {
  const endMs = world.nowMs + ms;
  await world.settleNow();
  while (await world.step(endMs));
}
