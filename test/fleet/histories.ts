/** P23, M15: what was stamped before the last deletion of its owner is in no history, once all machines have heard of it. */
import type { Storage } from "../../hal/storage.ts";
import { CLIENT_HISTORY, type Lost, readHistory, SERVER_HISTORY } from "../../src/store/history.ts";
import type { Fold } from "./model/fold.ts";

/** The first record that should not be there, in a sentence. */
export async function historyFault(storage: Storage, state: Fold): Promise<string | undefined> {
  for (const place of [CLIENT_HISTORY, SERVER_HISTORY])
    for await (const lost of readHistory(storage, place)) if (isErased(lost, state)) return describe(lost);
  return undefined;
}

/** What nobody knows the time of may have been made later: only what is certain of it counts. */
function isErased({ owner, stamp, notAfter = stamp }: Lost, state: Fold): boolean {
  const deleted = state.owners.get(owner)?.deleted;
  return deleted !== undefined && notAfter < deleted.at;
}

const describe = ({ owner, item, key, stamp, because }: Lost): string =>
  `${owner} ${item} ${JSON.stringify(key)} of ${stamp} (${because}), and the owner was deleted after that`;
