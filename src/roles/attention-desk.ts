/** What waits for somebody on this machine (B05). */
import type { ClientStatus, ServerStatus } from "../../hal/services.ts";
import type { Seen, ThingToLookAt } from "../../hal/services/attention.ts";
import { clientWaitsForSomebody } from "../model/attention.ts";
import type { Copy } from "./make-client.ts";
import type { Setup } from "./setup.ts";
import type { UnseenLosses } from "./unseen-losses.ts";

export interface AttentionDeskParts {
  readonly losses: UnseenLosses;
  readonly client: { status(): ClientStatus | undefined; readonly copy: Copy | undefined };
  readonly server: { status(): ServerStatus | undefined };
  readonly setup: Pick<Setup, "state" | "set">;
  readonly onChange: () => void;
}

export class AttentionDesk {
  readonly #parts: AttentionDeskParts;

  constructor(parts: AttentionDeskParts) {
    this.#parts = parts;
  }

  async attention(): Promise<readonly ThingToLookAt[]> {
    const records = await this.#parts.losses.all();
    const holdings = this.#keptHere();
    const staying = (this.#parts.client.copy?.notApplied.all() ?? []).filter(({ because }) => because === "cannot-travel").length;
    return [
      ...this.#client(),
      ...this.#server(),
      ...(this.#parts.setup.state.storageLost ? [{ kind: "storage-lost" } as const] : []),
      ...(holdings.length === 0 ? [] : [{ kind: "kept-here", holdings } as const]),
      ...(staying === 0 ? [] : [{ kind: "stays-here", entries: staying } as const]),
      ...(records === 0 ? [] : [{ kind: "lost", records } as const]),
    ];
  }

  async attentionSeen(what: Seen): Promise<void> {
    if (what === "lost") return await this.#parts.losses.seen();
    await this.#parts.setup.set({ storageLost: false });
    this.#parts.onChange();
  }

  #client(): ThingToLookAt[] {
    const status = this.#parts.client.status();
    if (status === undefined || !clientWaitsForSomebody(status)) return [];
    const { state, refusal, fault } = status;
    return [{ kind: "client", state, ...(refusal === undefined ? {} : { refusal }), ...(fault === undefined ? {} : { fault }) }];
  }

  #server(): ThingToLookAt[] {
    const status = this.#parts.server.status();
    if (status === undefined) return [];
    const other = status.otherServer === undefined ? [] : [{ kind: "other-server", address: status.otherServer } as const];
    return status.state === "running" ? other : [{ kind: "server", state: status.state }, ...other];
  }

  #keptHere(): string[] {
    const offers = this.#parts.client.copy?.replica.offers.all() ?? [];
    return offers.flatMap(([holding, { kind }]) => (kind === "over-limit" ? [holding] : []));
  }
}
