/**
 * What the machine whose place this one has taken had, and no other machine (B06): deletions by its administrator, and what
 * was set on machines that are gone or had not heard of it. Looked at once it has stepped aside, and taken as if a client
 * of it brought it. A kill begins it anew; what was taken is here already.
 */
import type { Hal } from "../../hal/hal.ts";
import type { Links } from "../link/link.ts";
import type { Config } from "../model/config.ts";
import type { DeviceId } from "../model/ids.ts";
import { partingOf } from "../model/lineage.ts";
import { AsideStorage } from "../store/aside-storage.ts";
import type { Predecessor } from "../store/predecessor.ts";
import { Replica } from "../store/replica.ts";
import { Bringing } from "./client/bringing.ts";
import { Look } from "./client/look.ts";
import { parseDestination } from "./destination.ts";
import { type HeirParts, heirHello } from "./heir-hello.ts";
import type { OtherServer } from "./server/other-server.ts";

export interface InheritanceParts extends HeirParts {
  readonly hal: Pick<Hal, "storage" | "clock" | "device" | "users">;
  readonly config: Config;
  readonly links: Pick<Links, "connect">;
  readonly device: DeviceId;
  readonly other: OtherServer;
}

/** "kept": it does not show what it has. "ended": this server has ended over it. */
export type Inheritance = "taken" | "nothing" | "kept" | "ended";

/** Where the copy lies while it is looked at. */
const ASIDE = "i/";

/** Rejects with a SyncError when the other machine falls silent, or when the signal ends it. */
export async function inherit(parts: InheritanceParts, predecessor: Predecessor, signal: AbortSignal): Promise<Inheritance> {
  const aside = new AsideStorage(parts.hal.storage, ASIDE);
  await aside.clear();
  try {
    return await take(parts, predecessor, await Replica.open(aside, parts.device), signal);
  } finally {
    await aside.clear();
  }
}

async function take(
  parts: InheritanceParts,
  { server, destination }: Predecessor,
  replica: Replica,
  signal: AbortSignal,
): Promise<Inheritance> {
  const { hal, config, links, device, other, journal } = parts;
  const where = parseDestination(destination, config.port);
  if (where === undefined) return "nothing";
  const hello = heirHello(parts);
  const link = links.connect(where, server);
  const look = new Look({ link, replica, clock: hal.clock, device, hello, protocol: hello.protocol });
  if ((await look.run(signal)) !== "seen") return "kept";
  const { position, lineage } = replica.head;
  if (position?.fleet !== journal.position.fleet) return "nothing";
  const parting = partingOf(journal.lineage, lineage, position);
  if (position.revision <= parting.undoneTo) return "nothing";
  const bringing = new Bringing(replica, parting);
  for (let bring = await bringing.next(); bring !== undefined; bring = await bringing.next())
    if ((await other.inherit(bring)) !== "done") return "ended";
  return "taken";
}
