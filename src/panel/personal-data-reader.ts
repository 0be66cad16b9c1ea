/** Reads owners' data from the machine's two stores, again and again as it changes: many changes in a row, few readings. */
import type { Clock } from "../../hal/clock.ts";
import type { ItemStore } from "../../hal/item-store.ts";
import { SyncError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { Owner } from "../model/owner.ts";
import { addressesOf, type PersonalData, settingsOf } from "./personal-data.ts";

/** What each of the machine's two stores tells of an owner: they are read apart. */
export type DataPart = "settings" | "addresses";

const BOTH_PARTS: readonly DataPart[] = ["settings", "addresses"];

export interface ReaderParts {
  readonly settings: ItemStore;
  readonly addressBook: ItemStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether this part of this owner's data is on the panel at all. */
  readonly wanted: (owner: Owner, part: DataPart) => boolean;
  /** What the panel has of the owner by now; it stays where the stores cannot be read. */
  readonly known: (owner: Owner) => PersonalData;
  readonly onData: (owner: Owner, data: PersonalData) => void;
  /** For work whose end nobody waits for. */
  readonly background: (work: Promise<unknown>) => void;
}

export class PersonalDataReader {
  readonly #parts: ReaderParts;
  readonly #unread = new Map<Owner, Set<DataPart>>();
  #reading: Promise<void> | undefined;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** These may have changed; resolves when what is wanted of them was read after this call and handed to `onData`. */
  refresh(owners: readonly Owner[], parts = BOTH_PARTS): Promise<void> {
    for (const owner of owners) {
      const wanted = parts.filter((part) => this.#parts.wanted(owner, part));
      if (wanted.length > 0) this.#unread.set(owner, new Set([...(this.#unread.get(owner) ?? []), ...wanted]));
    }
    if (this.#unread.size > 0) this.#reading ??= this.#readUnread();
    return this.#reading ?? Promise.resolve();
  }

  /** What the stores hold of an owner now. Parts that are not asked for stay as they are known. */
  async read(owner: Owner, parts: ReadonlySet<DataPart> = new Set(BOTH_PARTS)): Promise<PersonalData> {
    const { settings, addressBook, known } = this.#parts;
    // Of data that could not be read nobody knows which part of it is old.
    const asked = known(owner).readable ? parts : new Set(BOTH_PARTS);
    try {
      const ofSettings = asked.has("settings") ? settingsOf(await settings.read(owner)) : {};
      const ofBook = asked.has("addresses") ? { addresses: addressesOf(await addressBook.read(owner)) } : {};
      return { ...known(owner), ...ofSettings, ...ofBook, readable: true };
    } catch (error) {
      if (error instanceof SyncError) return { ...known(owner), readable: false };
      throw error;
    }
  }

  async #readUnread(): Promise<void> {
    const { wanted, onData, background } = this.#parts;
    try {
      for (let [next] = this.#unread; next !== undefined; [next] = this.#unread) {
        const [owner, parts] = next;
        this.#unread.delete(owner);
        const data = await this.read(owner, parts);
        if (wanted(owner, "settings")) onData(owner, data);
        if (!data.readable) background(this.#readAgain(owner));
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
