/**
 * Puts back what lost (B02), owner by owner: as edits that are made now, so that they travel and win as any fresh edit
 * does. What the client function lost goes through the machine's own stores; what the server function lost is edited by the
 * server. The records stay, and say when they were put back.
 */
import type { Clock } from "../../hal/clock.ts";
import type { PutBackOutcome } from "../../hal/services/history.ts";
import type { Storage, Write } from "../../hal/storage.ts";
import { type EntryChange, type EntryName, entryText } from "../model/entry.ts";
import { SyncError } from "../model/errors.ts";
import type { Owner } from "../model/owner.ts";
import type { Random } from "../model/random.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Value } from "../model/value.ts";
import { CLIENT_HISTORY, type HistoryPlace, notePutBack, SERVER_HISTORY } from "../store/history.ts";
import { entryKey } from "../store/keys.ts";
import { Seal } from "../store/seal.ts";
import type { MachineStores } from "./client/machine-stores.ts";
import { Travel } from "./client/travel.ts";
import { chosenIn } from "./chosen.ts";
import type { CommunicationLog } from "./communication-log.ts";
import { openersOf } from "./fleet-secrets.ts";
import type { Copy } from "./make-client.ts";
import { recordId } from "./record-id.ts";
import type { SyncServer } from "./server/server.ts";
import type { Setup } from "./setup.ts";
import type { Act, WholeActs } from "./whole-act.ts";

export interface PutBackParts {
  readonly storage: Storage;
  readonly stores: MachineStores;
  readonly acts: WholeActs;
  readonly client: { readonly copy: Copy | undefined };
  readonly server: { readonly server: SyncServer | undefined };
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
    const chosen = await chosenIn(this.#parts.storage, [CLIENT_HISTORY, SERVER_HISTORY], owner, ids);
    if (chosen === undefined || chosen.length === 0) return { word: "nothing-kept" };
    const lostBy = ({ from }: HistoryPlace) =>
      chosen.flatMap(({ storageKey }) => (storageKey.startsWith(from) ? [recordId(storageKey)] : []));
    const [lostByServer, lostByClient] = [lostBy(SERVER_HISTORY), lostBy(CLIENT_HISTORY)];
    const outcome =
      lostByServer.length === 0 ? await this.#byClient(owner, lostByClient) : await this.#byBoth(owner, lostByServer, lostByClient);
    if ("word" in outcome) return outcome;
    const { entries } = outcome;
    this.#parts.log.write({ kind: "put-back", owner, entries });
    return { entries };
  }

  /** Between two turns of a client that works, so that no deletion comes between the reading and the edits (P23). */
  async #byClient(owner: Owner, ids: readonly string[]): Promise<Refusal | PutBackOutcome> {
    const { acts, client } = this.#parts;
    const perform = async (): Promise<Refusal | PutBackOutcome> => {
      const act = await this.#act(owner, ids);
      return "word" in act ? act : { entries: await acts.perform(act) };
    };
    return client.copy === undefined ? await perform() : await client.copy.request(perform);
  }

  /** The server's part is the one that may be refused; the write that makes it begins the client's, which a start completes. */
  async #byBoth(owner: Owner, byServer: readonly string[], byClient: readonly string[]): Promise<Refusal | PutBackOutcome> {
    const { acts, client } = this.#parts;
    if (byClient.length === 0) return await this.#byServer(owner, byServer, []);
    const act = await this.#act(owner, byClient);
    if ("word" in act) return act;
    return await acts.stage(act, async ({ begin, edits, complete }) => {
      const outcome = await this.#byServer(owner, byServer, [begin]);
      if ("word" in outcome) return outcome;
      const completed = await client.copy?.request(async () => {
        await complete();
        return "completed";
      });
      // A client that has ended meanwhile changes nothing any more.
      if (completed !== "completed") await complete();
      return { entries: outcome.entries + edits };
    });
  }

  async #byServer(owner: Owner, ids: readonly string[], also: readonly Write[]): Promise<Refusal | PutBackOutcome> {
    const { server } = this.#parts.server;
    if (server === undefined) return { word: "server-not-running" };
    const { client, setup, random } = this.#parts;
    const served = new Travel(new Seal(await setup.fleetSecret(), random));
    const openers = [served, ...(await openersOf(client.copy, { setup, random }))];
    return await server.orders.putBack(owner, ids, { sealed: (lost) => resealed(lost, served, openers), also });
  }

  /** What the client function lost, as one act on the machine's stores. */
  async #act(owner: Owner, ids: readonly string[]): Promise<Refusal | Act> {
    const { storage, stores, client, setup, random, clock } = this.#parts;
    const chosen = await chosenIn(storage, [CLIENT_HISTORY], owner, ids);
    if (chosen === undefined) return { word: "nothing-kept" };
    const openers = await openersOf(client.copy, { setup, random });
    const locals = new Map((await stores.read(owner)).map((entry) => [entryKey(entry), entry.value]));
    const changes = chosen.map((kept) => {
      const note = notePutBack(kept, clock.wallMs());
      return { ...opened(kept.lost, locals.get(entryKey(kept.lost)), openers), note };
    });
    return { changes, by: "put-back" };
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
