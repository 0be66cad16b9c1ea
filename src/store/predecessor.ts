/** The server machine whose place this one has taken: to be told, should it come back (B06). */
import type { Storage, Write } from "../../hal/storage.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";

const KEY = "s/predecessor";

export interface Predecessor {
  readonly server: DeviceId;
  readonly destination: string;
}

export const notePredecessor = ({ server, destination }: Predecessor): Write => ({ key: KEY, value: encodeCbor([server, destination]) });

export async function readPredecessor(storage: Storage): Promise<Predecessor | undefined> {
  const bytes = await storage.get(KEY);
  if (bytes === undefined) return undefined;
  const [server, destination] = decodeCbor(bytes, LIMITS.entryBytesMax) as [DeviceId, string];
  return { server, destination };
}

export async function forgetPredecessor(storage: Storage): Promise<void> {
  await storage.write([{ key: KEY, value: undefined }]);
}
