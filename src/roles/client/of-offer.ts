/** Whether what the base holds came from an offer of this machine whose answer it has not heard (P18, P19). */
import type { DeviceId } from "../../model/ids.ts";
import { isPartOf, ownerOfOffer } from "../../model/offered.ts";
import { entriesOfOwner } from "../../store/keys.ts";
import { type Holding, unpackEntry } from "../../store/records.ts";
import type { Replica } from "../../store/replica.ts";
import type { OfferedAs } from "../../store/scopes-in-force.ts";
import { recordsBeyond } from "../../store/state-reading.ts";

export async function isOfOffer(
  name: string,
  { adopted }: Holding,
  as: OfferedAs | undefined,
  { replica, device }: { readonly replica: Replica; readonly device: DeviceId },
): Promise<boolean> {
  if (adopted !== undefined) return adopted.device === device && adopted.join === as?.id;
  // Brought from the server that is lost: whoever waits for an answer has pushed nothing of it, so what is there of this
  // machine since the offer was made came with it (B06).
  for await (const [, record] of recordsBeyond(replica.baseView(false), as?.base ?? 0, entriesOfOwner(ownerOfOffer(name)))) {
    const { edit } = unpackEntry(record);
    if (edit.id.device === device && edit.why === "brought" && isPartOf(name, edit)) return true;
  }
  return false;
}
