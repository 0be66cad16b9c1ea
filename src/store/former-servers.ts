/**
 * Server machines of which this machine was a client, each with the fleet that its copy was of then. Whoever takes the place of
 * one that is lost tells the others too, should they come back (B06): a stand-in may be lost before it could tell the first.
 */
import type { Storage } from "../../hal/storage.ts";
import type { DeviceId } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { COPY_OF } from "./keys.ts";

const KEY = "m/former-servers";

export interface FormerServer {
  readonly server: DeviceId;
  readonly destination: string;
}

type Row = readonly [server: DeviceId, destination: string, copyOf: Uint8Array];

/** Before this machine leaves it. Of a server machine that was never joined nothing is kept. */
export async function noteFormerServer(storage: Storage, { server, destination }: FormerServer): Promise<void> {
  const copyOf = await storage.get(COPY_OF);
  if (copyOf === undefined) return;
  const others = (await rows(storage)).filter(([other]) => other !== server);
  const kept = [[server, destination, copyOf], ...others].slice(0, LIMITS.formerServersMax);
  await storage.write([{ key: KEY, value: encodeCbor(kept) }]);
}

/** Of the fleet that this machine's copy is of, the last one first. */
export async function formerServers(storage: Storage): Promise<FormerServer[]> {
  const copyOf = await storage.get(COPY_OF);
  const ofFleet = (await rows(storage)).filter((row) => copyOf !== undefined && Buffer.compare(row[2], copyOf) === 0);
  return ofFleet.map(([server, destination]) => ({ server, destination }));
}

async function rows(storage: Storage): Promise<readonly Row[]> {
  const bytes = await storage.get(KEY);
  return bytes === undefined ? [] : (decodeCbor(bytes, LIMITS.entryBytesMax) as readonly Row[]);
}
