/** What the machine shows no longer because the fleet has something else: it is in the history before it goes (B02). */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Entry } from "../../model/entry.ts";
import type { LostBecause } from "../../model/lost.ts";
import { CLIENT_HISTORY, keepLost, readNewest } from "../../store/history.ts";
import { entryKey } from "../../store/keys.ts";
import type { Replica } from "../../store/replica.ts";
import { fleetTime } from "./fleet-time.ts";
import type { MachineStores } from "./machine-stores.ts";
import type { Travel } from "./travel.ts";

interface Parts {
  readonly replica: Replica;
  readonly stores: MachineStores;
  readonly travel: Travel;
  readonly storage: Storage;
  readonly clock: Clock;
}

/**
 * Keeps them as lost for this reason, and gives how many of them are new there. What somebody is editing meanwhile does not go:
 * the stores leave it alone (P11).
 */
export async function keepGone(entries: readonly Entry[], because: LostBecause, parts: Parts): Promise<number> {
  const { replica, travel, storage, clock } = parts;
  const edited = entries.length === 0 ? undefined : await editedMeanwhile(parts);
  const gone = edited === undefined ? entries : entries.filter((entry) => !edited.has(entryKey(entry)));
  if (gone.length === 0) return 0;
  // When it was made nobody knows, but it was before any change that the base does not show yet.
  const made = { because, stamp: 0, notAfter: replica.head.at, lostAtMs: fleetTime({ replica, clock }) };
  const before = await keptBefore(gone, because, parts);
  const kept = gone.map((entry) => keepLost(CLIENT_HISTORY, { ...entry, value: travel.outgoing(entry), ...made }, 0));
  await storage.write([...before.map((key) => ({ key, value: undefined })), ...kept]);
  return gone.length - before.length;
}

/**
 * The records of an attempt that kept them and then could not show what takes their place, since the machine's own storage was full or
 * it was killed: it is repeated until it is done, for hours perhaps, and is one loss all the same. They are the newest ones.
 */
async function keptBefore(gone: readonly Entry[], because: LostBecause, { storage, travel }: Parts): Promise<string[]> {
  const keys: string[] = [];
  const left = new Map(gone.map((entry) => [entryKey(entry), entry]));
  for await (const { storageKey, lost } of readNewest(storage, CLIENT_HISTORY, undefined)) {
    const entry = left.get(entryKey(lost));
    // An edit that lost names its machine: it is a loss of its own, and says who made it.
    if (entry === undefined || lost.because !== because || lost.putBackMs !== undefined || lost.device !== undefined) break;
    if (lost.value === undefined || !travel.isSame(entry, lost.value, entry.value)) break;
    left.delete(entryKey(lost));
    keys.push(storageKey);
  }
  return keys;
}

/** State keys of what was edited and is not recorded yet; undefined, as nearly always: nothing. */
async function editedMeanwhile({ replica, stores }: Parts): Promise<ReadonlySet<string> | undefined> {
  const { mark } = replica.head;
  return stores.mark() <= mark ? undefined : new Set((await stores.editsSince(mark)).map(entryKey));
}
