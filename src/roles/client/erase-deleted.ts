/** Deletions that reach this machine with its base, and not as changes that it handles one by one (M15, P24). */
import type { Storage } from "../../../hal/storage.ts";
import type { JournalTime } from "../../model/ids.ts";
import type { Owner } from "../../model/owner.ts";
import { CLIENT_HISTORY, eraseFromHistory } from "../../store/history.ts";
import type { Replica } from "../../store/replica.ts";

export async function eraseDeleted({ replica, storage }: { readonly replica: Replica; readonly storage: Storage }): Promise<void> {
  const deleted = [...(await replica.owners())].flatMap(([owner, record]): [Owner, JournalTime][] =>
    record.deleted === undefined ? [] : [[owner, record.deleted.at]],
  );
  await eraseFromHistory(storage, CLIENT_HISTORY, new Map(deleted));
}
