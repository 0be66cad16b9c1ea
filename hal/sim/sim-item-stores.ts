/**
 * The simulated machine's two item stores in its own database. Both share one sequence of marks, so one thing is done
 * after the other (act-groups.ts).
 */
import { ActGroups } from "./act-groups.ts";
import { decodeState, STATE_KEY } from "./machine-records.ts";
import { isDamage, mendItems } from "./mend-items.ts";
import type { SimItemKnobs } from "./sim-item-knobs.ts";
import { type Shared, SimItemStore, type SimItemStoreParts } from "./sim-item-store.ts";

export class SimItemStores {
  readonly #shared: Shared;
  readonly settings: SimItemStore;
  readonly addressBook: SimItemStore;

  constructor(parts: SimItemStoreParts) {
    const knobs: SimItemKnobs = { capacity: new Map(), unsupported: () => undefined };
    const acts = new ActGroups({ storage: parts.storage, state: () => this.#shared.state, mend: () => this.#mend() });
    this.#shared = { ...parts, acts, knobs, state: { mark: 0, order: 0 } };
    this.settings = new SimItemStore("settings", this.#shared);
    this.addressBook = new SimItemStore("address-book", this.#shared);
  }

  get knobs(): SimItemKnobs {
    return this.#shared.knobs;
  }

  /** Reads what the machine had. The stores answer after this, not before. */
  async open(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#mend();
    }
  }

  async #mend(): Promise<void> {
    await mendItems(this.#shared.storage);
    await this.#read();
  }

  async #read(): Promise<void> {
    const state = await this.#shared.storage.get(STATE_KEY);
    if (state !== undefined) this.#shared.state = decodeState(state);
    await this.settings.open();
    await this.addressBook.open();
  }
}
