/** What waits for somebody on this machine (B05). */
import type { Storage } from "../../hal/storage.ts";
import type { ClientStatus, ServerStatus } from "../../hal/services.ts";
import type { ThingToLookAt } from "../../hal/services/attention.ts";
import { clientWaitsForSomebody } from "../model/attention.ts";
import { LIMITS } from "../model/limits.ts";
import { decodeCbor, encodeCbor } from "../protocol/cbor.ts";
import { CLIENT_HISTORY, type HistoryPlace, readNewest, SERVER_HISTORY } from "../store/history.ts";
import type { Copy } from "./make-client.ts";

export interface AttentionDeskParts {
  readonly storage: Storage;
  readonly client: { status(): ClientStatus | undefined; readonly copy: Copy | undefined };
  readonly server: { status(): ServerStatus | undefined };
}

/** The newest record of each history when somebody looked. */
const SEEN = "m/history-seen";
const PLACES = [CLIENT_HISTORY, SERVER_HISTORY] as const;

export class AttentionDesk {
  readonly #parts: AttentionDeskParts;

  constructor(parts: AttentionDeskParts) {
    this.#parts = parts;
  }

  async attention(): Promise<readonly ThingToLookAt[]> {
    const records = await this.#lost();
    const holdings = this.#keptHere();
    const staying = (this.#parts.client.copy?.notApplied.all() ?? []).filter(({ because }) => because === "cannot-travel").length;
    return [
      ...this.#client(),
      ...this.#server(),
      ...(holdings.length === 0 ? [] : [{ kind: "kept-here", holdings } as const]),
      ...(staying === 0 ? [] : [{ kind: "stays-here", entries: staying } as const]),
      ...(records === 0 ? [] : [{ kind: "lost", records } as const]),
    ];
  }

  async historySeen(): Promise<void> {
    const newest = await Promise.all(PLACES.map(async (place) => (await this.#newestKey(place)) ?? ""));
    await this.#parts.storage.write([{ key: SEEN, value: encodeCbor(newest) }]);
  }

  #client(): ThingToLookAt[] {
    const status = this.#parts.client.status();
    if (status === undefined || !clientWaitsForSomebody(status)) return [];
    const { state, refusal, fault } = status;
    return [{ kind: "client", state, ...(refusal === undefined ? {} : { refusal }), ...(fault === undefined ? {} : { fault }) }];
  }

  #server(): ThingToLookAt[] {
    const status = this.#parts.server.status();
    return status === undefined || status.state === "running" ? [] : [{ kind: "server", state: status.state }];
  }

  #keptHere(): string[] {
    const offers = this.#parts.client.copy?.replica.offers.all() ?? [];
    return offers.flatMap(([holding, { kind }]) => (kind === "over-limit" ? [holding] : []));
  }

  async #lost(): Promise<number> {
    const bytes = await this.#parts.storage.get(SEEN);
    const seen = bytes === undefined ? [] : (decodeCbor(bytes, LIMITS.entryBytesMax) as string[]);
    let count = 0;
    for (const [index, place] of PLACES.entries()) {
      for await (const { storageKey, lost } of readNewest(this.#parts.storage, place, undefined)) {
        if (storageKey <= (seen[index] ?? "")) break;
        if (lost.because !== "replaced-at-join" && lost.putBackMs === undefined) count += 1;
      }
    }
    return count;
  }

  async #newestKey(place: HistoryPlace): Promise<string | undefined> {
    for await (const { storageKey } of readNewest(this.#parts.storage, place, undefined)) return storageKey;
    return undefined;
  }
}
