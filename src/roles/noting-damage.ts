/** A copy in which something cannot be read: said durably before the client function starts again, it is fetched anew by that. */
import type { Replica } from "../store/replica.ts";

/** Rejects as `work` does. */
export async function notingDamage(replica: Pick<Replica, "noteDamage">, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await replica.noteDamage();
    throw error;
  }
}
