/** Reads owners' data from the machine's two stores, again and again as it changes: many changes in a row, few readings. */
import type { Clock } from "../../hal/clock.ts";
import type { ItemStore } from "../../hal/item-store.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import { type PersonalData, personalData } from "./personal-data.ts";

export interface ReaderParts {
  readonly settings: ItemStore;
  readonly addressBook: ItemStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether this owner's data is on the panel at all. */
  readonly wanted: (owner: Owner) => boolean;
  /** What the panel has of the owner by now; it stays where the stores cannot be read. */
  readonly known: (owner: Owner) => PersonalData;
  readonly onData: (owner: Owner, data: PersonalData) => void;
  /** For a bug of ours while nobody waits. */
  readonly onBug: (error: unknown) => void;
}

export class PersonalDataReader {
  readonly #parts: ReaderParts;
  readonly #unread = new Set<Owner>();
  #reading: Promise<void> | undefined;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** These may have changed; resolves when what is wanted of them was read after this call and handed to `onData`. */
  refresh(owners: readonly Owner[]): Promise<void> {
    for (const owner of owners) if (this.#parts.wanted(owner)) this.#unread.add(owner);
    if (this.#unread.size > 0) this.#reading ??= this.#readUnread();
    return this.#reading ?? Promise.resolve();
  }

  /** What the stores hold of an owner now. */
  async read(owner: Owner): Promise<PersonalData> {
    const { settings, addressBook, known } = this.#parts;
    try {
      return personalData(await settings.read(owner), await addressBook.read(owner));
    } catch (error) {
      if (error instanceof SyncError) return { ...known(owner), readable: false };
      throw error;
    }
  }

  async #readUnread(): Promise<void> {
    const { wanted, onData, onBug } = this.#parts;
    try {
      for (let [owner] = this.#unread; owner !== undefined; [owner] = this.#unread) {
        this.#unread.delete(owner);
        const data = await this.read(owner);
        if (wanted(owner)) onData(owner, data);
        if (!data.readable) this.#readAgain(owner).catch(onBug);
      }
    } finally {
      this.#reading = undefined;
    }
  }

  async #readAgain(owner: Owner): Promise<void> {
    const { clock, signal } = this.#parts;
    if ((await clock.sleep(LIMITS.panelReadAgainMs, signal)) === "elapsed") await this.refresh([owner]);
  }
}
