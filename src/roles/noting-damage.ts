/** What is damaged or lost on this machine, noted durably. */
import type { Storage } from "../../hal/storage.ts";
import { unlessDamaged } from "../model/errors.ts";
import type { MendReplica, Shown } from "../store/mend-replica.ts";
import type { Replica } from "../store/replica.ts";
import type { CommunicationLog } from "./communication-log.ts";
import type { Setup } from "./setup.ts";
import { countJoins } from "./unseen-losses.ts";

/** A copy in which something cannot be read is fetched anew when the client function starts again. Rejects as `work` does. */
export async function notingDamage(replica: Pick<Replica, "noteDamage">, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await replica.noteDamage();
    throw error;
  }
}

interface Mending {
  readonly storage: Storage;
  readonly stores: Shown;
  readonly log: CommunicationLog;
  readonly mendReplica: MendReplica;
}

/** Opens a copy; one that cannot be opened for a damaged record is mended, which is said, and opened once more. */
export async function openMended<T>({ storage, stores, log, mendReplica }: Mending, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    unlessDamaged(error);
    log.failed(error);
    await mendReplica(storage, stores);
    return await open();
  }
}

interface Lost {
  readonly storage: Storage;
  readonly setup: Setup;
  readonly log: CommunicationLog;
}

/** The machine took part once, and nothing here knows of it: that stays a thing to look at until somebody starts a function again. */
export async function noteStorageLost({ storage, setup, log }: Lost): Promise<void> {
  log.write({ kind: "storage-lost" });
  await countJoins(storage);
  await setup.set({ storageLost: true });
}
