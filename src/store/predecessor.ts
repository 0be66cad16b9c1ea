/** The server machine whose place this one has taken: to be told, should it come back (B06). */
import type { Storage, Write } from "../../hal/storage.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";

const KEY = "s/predecessor";

export interface Predecessor {
  readonly server: DeviceId;
  readonly destination: string;
  /** It has stepped aside. */
  readonly isTold: boolean;
}

export const notePredecessor = ({ server, destination, isTold }: Predecessor): Write => ({
  key: KEY,
  value: encodeCbor([server, destination, isTold]),
});

export async function readPredecessor(storage: Storage): Promise<Predecessor | undefined> {
  const bytes = await storage.get(KEY);
  if (bytes === undefined) return undefined;
  // What follows the destination came later.
  const [server, destination, isTold = false] = decodeCbor(bytes, LIMITS.entryBytesMax) as [DeviceId, string, boolean?];
  return { server, destination, isTold };
}
