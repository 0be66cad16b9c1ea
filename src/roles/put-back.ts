/**
 * Puts back what lost (B02), owner by owner: as edits that are made now, so that they travel and win as any fresh edit
 * does. What the client function lost goes through the machine's own stores; what the server function lost is edited by the
 * server. The records stay, and say when they were put back.
 */
import type { Clock } from "../../hal/clock.ts";
import type { PutBackOutcome } from "../../hal/services/history.ts";
import type { Storage } from "../../hal/storage.ts";
import { counted } from "../model/counted.ts";
import { type EntryChange, type EntryName, entryText } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import type { Owner } from "../model/owner.ts";
import type { Random } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Value } from "../model/value.ts";
import { CLIENT_HISTORY, type HistoryPlace, type Kept, notePutBack, SERVER_HISTORY } from "../store/history.ts";
import { entryKey } from "../store/keys.ts";
import { Seal } from "../store/seal.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import { isDeepEqual, Travel } from "./client/travel.ts";
import { chosenIn } from "./chosen.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { openersOf } from "./fleet-secrets.ts";
import type { Copy } from "./make-client.ts";
import { recordId } from "./record-id.ts";
import type { SyncServer } from "./server/server.ts";
import type { Setup } from "./setup.ts";

export interface PutBackParts {
  readonly storage: Storage;
  readonly stores: MachineStores;
  readonly client: { readonly copy: Copy | undefined };
  readonly server: { readonly server: SyncServer | undefined };
  readonly setup: Setup;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: CommunicationLog;
}

const NOTHING: PutBackOutcome = { entries: 0 };

export class PutBack {
  readonly #parts: PutBackParts;

  constructor(parts: PutBackParts) {
    this.#parts = parts;
  }

  /** What is chosen of an owner: records by their ids, or the newest loss of each entry that was a value. */
  async perform(owner: Owner, ids: readonly string[] | undefined): Promise<Refusal | PutBackOutcome> {
    const chosen = await chosenIn(this.#parts.storage, [CLIENT_HISTORY, SERVER_HISTORY], owner, ids);
    if (chosen === undefined || chosen.length === 0) return { word: "nothing-kept" };
    const lostBy = ({ from }: HistoryPlace) =>
      chosen.flatMap(({ storageKey }) => (storageKey.startsWith(from) ? [recordId(storageKey)] : []));
    // The server first: it is the one that may refuse.
    const byServer = await this.#byServer(owner, lostBy(SERVER_HISTORY));
    if ("word" in byServer) return byServer;
    const byClient = await this.#byClient(owner, lostBy(CLIENT_HISTORY));
    if ("word" in byClient) return byClient;
    const entries = byServer.entries + byClient.entries;
    this.#parts.log.write(
      "Information",
      "put-back",
      `${counted(entries, "entry", "entries")} of ${owner} ${entries === 1 ? "was" : "were"} put back from the history`,
    );
    return { entries };
  }

  async #byServer(owner: Owner, ids: readonly string[]): Promise<Refusal | PutBackOutcome> {
    if (ids.length === 0) return NOTHING;
    const { server } = this.#parts.server;
    if (server === undefined) return { word: "server-not-running" };
    const { client, setup, random } = this.#parts;
    const served = new Travel(new Seal(await setup.fleetSecret(), random));
    const openers = [served, ...(await openersOf(client.copy, { setup, random }))];
    return await server.orders.putBack(owner, ids, (lost) => resealed(lost, served, openers));
  }

  async #byClient(owner: Owner, ids: readonly string[]): Promise<Refusal | PutBackOutcome> {
    if (ids.length === 0) return NOTHING;
    const { storage, client } = this.#parts;
    const perform = async (): Promise<Refusal | PutBackOutcome> => {
      const chosen = await chosenIn(storage, [CLIENT_HISTORY], owner, ids);
      return chosen === undefined ? { word: "nothing-kept" } : await this.#throughStores(owner, chosen);
    };
    // Between two turns of a client that works, so that no deletion comes between the reading and the edits (P23).
    return client.copy === undefined ? await perform() : await client.copy.request(perform);
  }

  async #throughStores(owner: Owner, chosen: readonly Kept[]): Promise<PutBackOutcome> {
    const { storage, stores, client, setup, random, clock } = this.#parts;
    const openers = await openersOf(client.copy, { setup, random });
    const locals = new Map((await stores.read(owner)).map((entry) => [entryKey(entry), entry.value]));
    const changes = chosen.map(({ lost }) => opened(lost, locals.get(entryKey(lost)), openers));
    // What stands there already needs no edit, and the rest may have been put back before a crash.
    const edits = changes.filter((change) => !isDeepEqual(change.value, locals.get(entryKey(change))));
    await stores.edit(edits, "put-back");
    await storage.write(chosen.map((kept) => notePutBack(kept, clock.wallMs())));
    return { entries: edits.length };
  }
}

/** The change that puts a record back; secrets are opened with whichever secret they were sealed with. */
function opened({ owner, item, key, value }: EntryChange, local: Value | undefined, openers: readonly Travel[]): EntryChange {
  const name = { owner, item, key };
  return value === undefined ? { ...name, value } : { ...name, value: openedBy(name, value, local, openers).value };
}

/** A value as this server's fleet seals it: what the former state of a restored one was sealed with is another fleet's (M33). */
function resealed(lost: EntryChange, served: Travel, openers: readonly Travel[]): Value | undefined {
  if (lost.value === undefined) return undefined;
  const { travel, value } = openedBy(lost, lost.value, undefined, openers);
  return travel === served ? lost.value : served.outgoing({ ...lost, value });
}

function openedBy(name: EntryName, value: Value, local: Value | undefined, openers: readonly Travel[]) {
  const causes: unknown[] = [];
  for (const travel of openers) {
    try {
      return { travel, value: travel.incoming(name, value, local) };
    } catch (cause) {
      if (!(cause instanceof SyncError)) throw cause;
      causes.push(cause);
    }
  }
  const text = `${entryText(name)} cannot be put back: it was sealed in a fleet whose secret is not kept any more; nothing was changed`;
  throw new SyncError("storage-damaged", text, { cause: causes[0] });
}
