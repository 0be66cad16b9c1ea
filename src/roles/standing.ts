/**
 * What stands for an entry on the server, as far as this machine knows: of the client's copy. Where there is none, or none that can be
 * read, it is the journal of the machine's own server function; of another server's fleet, or of an older epoch, that journal says nothing.
 */
import type { Author, Standing } from "../../hal/services/provenance.ts";
import type { Edit, EntryName } from "../model/entry.ts";
import type { DeviceId } from "../model/ids.ts";
import type { Journal } from "../store/journal.ts";
import { entryKey } from "../store/keys.ts";
import type { MachineNames } from "../store/machine-names.ts";
import { type Standing as StandingRecord, unpackEntry } from "../store/records.ts";
import type { Copy } from "./make-client.ts";
import { isoTime } from "./communication-log.ts";

export interface Sources {
  readonly client: { readonly copy: Copy | undefined };
  readonly server: { readonly journal: Journal | undefined };
}

/** undefined as well for an item that every machine keeps for itself. */
export async function standingIn({ client: { copy }, server: { journal } }: Sources, name: EntryName): Promise<StandingRecord | undefined> {
  if (copy?.travel.isShared(name.item) === false) return undefined;
  const stateKey = entryKey(name);
  const record = (await copy?.replica.stateRecord(stateKey)) ?? (await standsFor(copy, journal)?.stateRecord(stateKey));
  return record === undefined ? undefined : unpackEntry(record);
}

/** The journal, where it says what the copy cannot. */
function standsFor(copy: Copy | undefined, journal: Journal | undefined): Journal | undefined {
  const position = copy?.replica.position;
  if (position === undefined) return journal;
  return copy?.replica.isDamaged === true && journal?.position.epoch.id === position.epoch.id ? journal : undefined;
}

/** Whether what is not found may stand all the same: the copy is damaged, and fetched anew, and no journal here says what it said. */
export const isUnreadable = ({ client: { copy }, server: { journal } }: Sources, item: string): boolean =>
  copy?.replica.isDamaged === true && standsFor(copy, journal) === undefined && copy.travel.isShared(item);

export const standingOf = ({ edit, revision }: StandingRecord, names: MachineNames): Standing => ({
  ...authorOf(edit, names),
  why: edit.why,
  revision,
});

export const authorOf = ({ by, id, stamp, certain }: Edit, names: MachineNames): Author => ({
  by,
  ...machineOf(id.device, names),
  at: isoTime(stamp),
  certain,
});

export function machineOf(device: DeviceId, names: MachineNames): Pick<Author, "deviceId" | "deviceName"> {
  const deviceName = names.of(device);
  return { deviceId: device, ...(deviceName === undefined ? {} : { deviceName }) };
}
