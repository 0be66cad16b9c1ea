/**
 * Puts back what lost (B02), owner by owner: as edits that are made now, so that they travel and win as any fresh edit
 * does. What the client function lost goes through the machine's own stores; what the server function lost is edited by the
 * server. The records stay, and say when they were put back.
 */
import type { Clock } from "../../hal/clock.ts";
import type { PutBackOutcome } from "../../hal/services/history.ts";
import type { Storage } from "../../hal/storage.ts";
import { type EntryChange, entryText } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import type { Owner } from "../model/owner.ts";
import type { Random } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Value } from "../model/value.ts";
import { CLIENT_HISTORY, type HistoryPlace, type Kept, notePutBack, readNewest } from "../store/history.ts";
import { entryKey } from "../store/keys.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import { isDeepEqual, type Travel } from "./client/travel.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { openersOf } from "./fleet-secrets.ts";
import type { Copy } from "./make-client.ts";
import { recordId } from "./record-id.ts";
import type { Setup } from "./setup.ts";

export interface PutBackParts {
  readonly storage: Storage;
  readonly stores: MachineStores;
  readonly client: { readonly copy: Copy | undefined };
  readonly setup: Setup;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: CommunicationLog;
}

export class PutBack {
  readonly #parts: PutBackParts;

  constructor(parts: PutBackParts) {
    this.#parts = parts;
  }

  /** What is chosen of an owner: records by their ids, or the newest loss of each entry that was a value. */
  async perform(owner: Owner, ids: readonly string[] | undefined): Promise<Refusal | PutBackOutcome> {
    const { storage, client } = this.#parts;
    const perform = async (): Promise<Refusal | PutBackOutcome> => {
      const chosen = await chosenIn(storage, CLIENT_HISTORY, owner, ids);
      return chosen === undefined || chosen.length === 0 ? { word: "nothing-kept" } : await this.#throughStores(owner, chosen);
    };
    // Between two turns of a client that works, so that no deletion comes between the reading and the edits (P23).
    return client.copy === undefined ? await perform() : await client.copy.request(perform);
  }

  async #throughStores(owner: Owner, chosen: readonly Kept[]): Promise<PutBackOutcome> {
    const { storage, stores, client, setup, random, clock, log } = this.#parts;
    const openers = await openersOf(client.copy, { setup, random });
    const locals = new Map((await stores.read(owner)).map((entry) => [entryKey(entry), entry.value]));
    const changes = chosen.map(({ lost }) => opened(lost, locals.get(entryKey(lost)), openers));
    // What stands there already needs no edit, and the rest may have been put back before a crash.
    const edits = changes.filter((change) => !isDeepEqual(change.value, locals.get(entryKey(change))));
    await stores.edit(edits, "put-back");
    await storage.write(chosen.map((kept) => notePutBack(kept, clock.wallMs())));
    log.write("Information", "put-back", `${edits.length} entries of ${owner} were put back from the history`);
    return { entries: edits.length };
  }
}

/** undefined when one of the ids names nothing that is kept of the owner. Of several records of one entry the newest counts. */
export async function chosenIn(
  storage: Storage,
  place: HistoryPlace,
  owner: Owner,
  ids: readonly string[] | undefined,
): Promise<Kept[] | undefined> {
  const wanted = new Set(ids);
  const newest = new Map<string, Kept>();
  for await (const kept of readNewest(storage, place, owner)) {
    const isNamed = wanted.delete(recordId(kept.storageKey));
    if ((ids === undefined || isNamed) && !newest.has(entryKey(kept.lost))) newest.set(entryKey(kept.lost), kept);
  }
  if (wanted.size > 0) return undefined;
  const chosen = [...newest.values()];
  return ids === undefined ? chosen.filter(({ lost }) => lost.value !== undefined && lost.putBackMs === undefined) : chosen;
}

/** The change that puts a record back; secrets are opened with whichever secret they were sealed with. */
function opened({ owner, item, key, value }: EntryChange, local: Value | undefined, openers: readonly Travel[]): EntryChange {
  const name = { owner, item, key };
  if (value === undefined) return { ...name, value };
  const causes: unknown[] = [];
  for (const travel of openers) {
    try {
      return { ...name, value: travel.incoming(name, value, local) };
    } catch (cause) {
      if (!(cause instanceof SyncError)) throw cause;
      causes.push(cause);
    }
  }
  const text = `${entryText(name)} cannot be put back: it was sealed in a fleet whose secret is not kept any more; nothing was changed`;
  throw new SyncError("storage-damaged", text, { cause: causes[0] });
}
