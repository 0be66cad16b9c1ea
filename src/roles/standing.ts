/** What stands for an entry on the server, as far as this machine knows: of the client's copy, else of the server's own journal. */
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
  const record = (await copy?.replica.stateRecord(stateKey)) ?? (await journal?.stateRecord(stateKey));
  return record === undefined ? undefined : unpackEntry(record);
}

/** Whether what is not found may stand all the same: the copy is damaged, and fetched anew, and there is no journal here. */
export const isUnreadable = ({ client: { copy }, server: { journal } }: Sources, item: string): boolean =>
  journal === undefined && copy?.replica.isDamaged === true && copy.travel.isShared(item);

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
