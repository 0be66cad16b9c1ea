/** Generations of a client's base: one is visible, one may be arriving, those before are cleared. */
import type { Storage } from "../../hal/storage.ts";
import { clearRange } from "./clear-range.ts";
import { NOT_APPLIED_RANGE } from "./not-applied.ts";
import { COPY_OF, under } from "./keys.ts";
import { keysIn } from "./keys-in.ts";
import { OFFERS_RANGE } from "./offers.ts";
import { PENDING_RANGE } from "./pending.ts";
import { REMOVED_RANGE } from "./removed-owners.ts";
import { EMPTY_HEAD, type ReplicaHead } from "./replica-head.ts";
import { headWhole } from "./replica-now.ts";
import { IN_FORCE_RANGE } from "./scopes-in-force.ts";

const GENERATIONS = "c/s/";
export const ALL_GENERATIONS = under(GENERATIONS);

export const generationPrefix = (generation: number): string => `${GENERATIONS}${generation}/`;

export async function clearGeneration(storage: Storage, generation: number): Promise<void> {
  await clearRange(storage, under(generationPrefix(generation)));
}

/** Clears generations that a crash left behind. */
export async function clearStrangers(storage: Storage, { generation, transfer }: ReplicaHead): Promise<void> {
  // One above: a transfer that was dropped, and not cleared to its end, would mix with the next one.
  for (let other = 0; other <= Math.max(generation, transfer?.generation ?? 0) + 1; other += 1) {
    if (other !== generation && other !== transfer?.generation) await clearGeneration(storage, other);
  }
}

/** Begins anew: nothing is left but the history; edits up to `mark` are data of the join to come. */
export async function resetReplica(storage: Storage, mark: number): Promise<void> {
  const keys: string[] = [];
  const ranges = [ALL_GENERATIONS, PENDING_RANGE, OFFERS_RANGE, IN_FORCE_RANGE, REMOVED_RANGE, NOT_APPLIED_RANGE];
  for (const range of ranges) keys.push(...(await keysIn(storage, range)));
  const head = headWhole({ ...EMPTY_HEAD, mark, sequence: mark });
  await storage.write([...[...keys, COPY_OF].map((key) => ({ key, value: undefined })), ...head]);
}
