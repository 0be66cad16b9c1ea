/** What a client function that is stopped, or set anew, leaves unsent: the machine keeps the data, nobody else hears of it (P21). */
import type { Hal } from "../../hal/hal.ts";
import { PENDING_RANGE, unpackPending } from "../store/pending.ts";
import { REPLICA_META, resetReplica } from "../store/generations.ts";
import { unpackReplicaHead } from "../store/replica-head.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import type { CommunicationLog } from "./communication-log.ts";

interface Parts {
  readonly hal: Pick<Hal, "storage">;
  readonly stores: MachineStores;
  readonly log: CommunicationLog;
}

/** Begins anew with an empty copy; gives how many edits the server had not answered, and says so in the log. */
export async function discardUnsent({ hal: { storage }, stores, log }: Parts): Promise<number> {
  const meta = await storage.get(REPLICA_META);
  const mark = stores.mark();
  let edits = 0;
  if (meta !== undefined) {
    edits += (await stores.editsSince(unpackReplicaHead(meta).mark)).length;
    for await (const [, record] of storage.range(PENDING_RANGE)) if (unpackPending(record).answer === undefined) edits += 1;
  }
  await resetReplica(storage, mark);
  if (edits > 0) log.write({ kind: "unsent", edits });
  return edits;
}
