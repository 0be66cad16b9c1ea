/** What the acts of one group come to, before any of it is durable: what the next act of the group stands on. */
import { must } from "../../src/model/assert.ts";
import type { StoreName } from "../parts/item-rules.ts";
import type { Write } from "../storage.ts";
import type { Holdings } from "./item-batch.ts";
import { type KeptState, type Place, STATE_KEY, toBytes } from "./machine-records.ts";

/** Of one store; what is not here is as the store has it. */
export interface StagedStore {
  /** By storage key: where entries stand, undefined for those that are gone. */
  readonly places: Map<string, Place | undefined>;
  readonly holdings: Holdings;
  /** By storage key: those that something was taken out of, or that are new. */
  readonly bundles: Map<string, Uint8Array | undefined>;
  /** Marks of edits, rising, and by entry the newest of them. */
  readonly marks: number[];
  readonly newest: Map<string, number>;
  /** Edits up to this mark were forgotten: the module has seen them. */
  forgotten: number;
}

const emptyStore = (): StagedStore => ({
  places: new Map(),
  holdings: new Map(),
  bundles: new Map(),
  marks: [],
  newest: new Map(),
  forgotten: 0,
});

export class Stage {
  readonly #durable: KeptState;
  /** By key: what a later act writes stands. */
  readonly #writes = new Map<string, Write>();
  readonly #stores: Readonly<Record<StoreName, StagedStore>> = { settings: emptyStore(), "address-book": emptyStore() };
  #state: KeptState;

  constructor(durable: KeptState) {
    this.#durable = durable;
    this.#state = durable;
  }

  get state(): KeptState {
    return this.#state;
  }

  store(name: StoreName): StagedStore {
    return this.#stores[name];
  }

  add(writes: readonly Write[], state: KeptState): void {
    for (let index = 0; index < writes.length; index += 1) {
      const write = must(writes[index], "a write of the act");
      this.#writes.set(write.key, write);
    }
    this.#state = state;
  }

  /** The one write of the group; empty when its acts change nothing. */
  writes(): Write[] {
    const { mark, order } = this.#state;
    const isSame = mark === this.#durable.mark && order === this.#durable.order;
    return [...this.#writes.values(), ...(isSame ? [] : [{ key: STATE_KEY, value: toBytes(this.#state) }])];
  }
}
