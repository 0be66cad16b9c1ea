/**
 * Of which fleet the client's copy is: a digest of the fleet's secret, which every machine of a fleet has and nobody else.
 * A client that is pointed to another server machine of the same fleet keeps its copy and its edits; what it has of
 * another fleet is data of a join to come.
 */
import { createHash } from "node:crypto";
import type { Storage } from "../../hal/storage.ts";
import { unlessDamaged } from "../model/errors.ts";
import { resetReplica } from "./generations.ts";
import { COPY_OF } from "./keys.ts";
import { readReplicaHead } from "./replica-now.ts";

const digestOf = (fleetSecret: Uint8Array): Uint8Array => Uint8Array.from(createHash("sha256").update(fleetSecret).digest());

/** undefined also where it cannot be read: the position in the replica's head names the fleet as well, and the server looks at that. */
const readCopyOf = async (storage: Storage): Promise<Uint8Array | undefined> => await storage.get(COPY_OF).catch(unlessDamaged);

/** Whether there is a copy that may be of the fleet with this secret; undefined: it is not known yet which fleet it will be. */
export async function hasCopyOf(storage: Storage, fleetSecret: Uint8Array | undefined): Promise<boolean> {
  if ((await readReplicaHead(storage))?.position === undefined) return false;
  const kept = await readCopyOf(storage);
  return kept === undefined || fleetSecret === undefined || Buffer.compare(kept, digestOf(fleetSecret)) === 0;
}

/** Before a client works in this fleet: a copy of another one goes, and edits up to `mark` are data of the join to come. */
export async function beginCopyOf(storage: Storage, fleetSecret: Uint8Array, mark: number): Promise<void> {
  const digest = digestOf(fleetSecret);
  const kept = await readCopyOf(storage);
  if (kept !== undefined && Buffer.compare(kept, digest) === 0) return;
  if (kept !== undefined) await resetReplica(storage, mark);
  await storage.write([{ key: COPY_OF, value: digest }]);
}
