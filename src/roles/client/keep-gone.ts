/** What the machine shows no longer because the fleet has something else: it is in the history before it goes (B02). */
import type { Clock } from "../../../hal/clock.ts";
import type { Storage } from "../../../hal/storage.ts";
import type { Entry } from "../../model/entry.ts";
import type { LostBecause } from "../../model/lost.ts";
import { CLIENT_HISTORY, keepLost } from "../../store/history.ts";
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

/** Keeps them as lost for this reason, and gives how many those are. What somebody is editing meanwhile does not go: the stores leave it alone (P11). */
export async function keepGone(entries: readonly Entry[], because: LostBecause, parts: Parts): Promise<number> {
  const { replica, travel, storage, clock } = parts;
  const edited = entries.length === 0 ? undefined : await editedMeanwhile(parts);
  const gone = edited === undefined ? entries : entries.filter((entry) => !edited.has(entryKey(entry)));
  if (gone.length === 0) return 0;
  // When it was made nobody knows, but it was before any change that the base does not show yet.
  const made = { because, stamp: 0, notAfter: replica.head.at, lostAtMs: fleetTime({ replica, clock }) };
  await storage.write(gone.map((entry) => keepLost(CLIENT_HISTORY, { ...entry, value: travel.outgoing(entry), ...made }, 0)));
  return gone.length;
}

/** State keys of what was edited and is not recorded yet; undefined, as nearly always: nothing. */
async function editedMeanwhile({ replica, stores }: Parts): Promise<ReadonlySet<string> | undefined> {
  const { mark } = replica.head;
  return stores.mark() <= mark ? undefined : new Set((await stores.editsSince(mark)).map(entryKey));
}
