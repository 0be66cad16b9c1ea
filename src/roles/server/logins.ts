/** The logins that the journal does not have yet: one for each day and owner that is held. */
import type { Owner } from "../../model/owner.ts";
import type { Login } from "../../protocol/change.ts";
import type { Transaction } from "../../store/journal.ts";
import { ownerKey } from "../../store/keys.ts";
import { isHeld, unpackOwner } from "../../store/records.ts";

export async function newLogins(owners: readonly Owner[], day: number, { view }: Transaction): Promise<Login[]> {
  await view.load(owners.map(ownerKey));
  return owners.flatMap((owner) => {
    const bytes = view.get(ownerKey(owner));
    const record = bytes === undefined ? undefined : unpackOwner(bytes);
    return record !== undefined && isHeld(record) && record.lastLoginDay < day ? [{ owner, day }] : [];
  });
}
