/** What a client function that is stopped, or set anew, leaves unsent: the machine keeps the data, nobody else hears of it (P21). */
import type { Hal } from "../../hal/hal.ts";
import { unlessDamaged } from "../model/errors.ts";
import { PENDING_RANGE, unpackPending } from "../store/pending.ts";
import { resetReplica } from "../store/generations.ts";
import { keysIn } from "../store/keys-in.ts";
import { readReplicaHead } from "../store/replica-now.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import type { CommunicationLog } from "./communication-log.ts";

interface Parts {
  readonly hal: Pick<Hal, "storage">;
  readonly stores: MachineStores;
  readonly log: CommunicationLog;
}

/**
 * Begins anew with an empty copy; gives how many edits the server had not answered, and says so in the log. `then`: what the
 * client function does next. Where it joins, and had not joined before, nothing is discarded: what was edited is data of the join (P20).
 */
export async function discardUnsent(parts: Parts, then: "stops" | "joins"): Promise<number> {
  const { storage } = parts.hal;
  const mark = parts.stores.mark();
  const edits = await countUnsent(parts, then);
  await resetReplica(storage, mark);
  if (edits > 0) parts.log.write({ kind: "unsent", edits });
  return edits;
}

/** How many edits the server has not answered. */
export async function countUnsent({ hal: { storage }, stores }: Omit<Parts, "log">, then: "stops" | "joins"): Promise<number> {
  const head = await readReplicaHead(storage).catch(unlessDamaged);
  if (head === undefined) return 0;
  if (then === "joins" && head.position === undefined) return 0;
  let edits = (await stores.editsSince(head.mark)).length;
  for (const key of await keysIn(storage, PENDING_RANGE)) {
    const record = await storage.get(key).catch(unlessDamaged);
    // One that cannot be read any more was not answered, as far as anybody knows.
    if (record === undefined || unpackPending(record).answer === undefined) edits += 1;
  }
  return edits;
}
