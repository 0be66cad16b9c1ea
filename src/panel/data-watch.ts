/**
 * Which data of the machine's stores the panel has, and when it is read again. The common address lists are long: they
 * are read when somebody comes to the panel, kept up to date while that person is there, and given up afterwards. A
 * printer that nobody stands at reads nothing of them, however often they change.
 */
import type { Clock } from "../../hal/clock.ts";
import type { Unsubscribe } from "../../hal/hal.ts";
import type { ItemStore } from "../../hal/item-store.ts";
import type { EntryName } from "../model/entry.ts";
import { COMMON, type Owner } from "../model/owner.ts";
import { Gathered } from "./gathered.ts";
import { NO_DATA, type PersonalData } from "./personal-data.ts";
import { type DataPart, PersonalDataReader } from "./personal-data-reader.ts";

/** What the module tells of entries that came from other machines, once the machine's store has them. */
export interface Applied {
  onApplied(listener: (entries: readonly EntryName[]) => void): Unsubscribe;
  /** Is told whether somebody is at the panel: what is on it is shown sooner than what nobody sees. */
  attend(isAttended: boolean): void;
  /** Resolves when the stores show what had come from other machines, or when that takes too long to wait for. */
  shown(): Promise<void>;
}

interface Parts {
  readonly settings: ItemStore;
  readonly addressBook: ItemStore;
  readonly applied: Applied;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether data of this user or group is on the panel. */
  readonly isShown: (owner: Owner) => boolean;
  readonly known: (owner: Owner) => PersonalData;
  readonly onData: (owner: Owner, data: PersonalData) => void;
  /** For work whose end nobody waits for. */
  readonly background: (work: Promise<unknown>) => void;
}

export class DataWatch {
  readonly #parts: Parts;
  readonly #reader: PersonalDataReader;
  readonly #common: { readonly [part in DataPart]: Gathered };
  #attended = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const reader = new PersonalDataReader({
      ...parts,
      wanted: (owner, part) => this.#isWanted(owner, part),
      onData: (owner, data) => this.#onData(owner, data),
    });
    const gathered = (part: DataPart): Gathered => new Gathered({ ...parts, perform: () => reader.refresh([COMMON], [part]) });
    this.#common = { settings: gathered("settings"), addresses: gathered("addresses") };
    this.#reader = reader;
  }

  /** Whether somebody is at the panel. */
  get isAttended(): boolean {
    return this.#attended;
  }

  listen(): Unsubscribe[] {
    const { settings, addressBook, applied, background } = this.#parts;
    background(this.#reader.refresh([COMMON], ["settings"]));
    const changed = (entries: readonly EntryName[]): void => this.#changed(entries);
    const stores = [settings, addressBook].flatMap((store) => [store.onEdit(changed), store.onEvicted(changed)]);
    return [...stores, applied.onApplied((entries) => this.#changedElsewhere(entries))];
  }

  /** Somebody has come. Resolves when the common address lists are there. */
  async attend(): Promise<void> {
    const { applied } = this.#parts;
    this.#attended = true;
    applied.attend(true);
    await applied.shown();
    await this.#reader.refresh([COMMON], ["addresses"]);
  }

  /** Nobody is there any more. */
  leave(): void {
    this.#attended = false;
    this.#parts.applied.attend(false);
    this.#onData(COMMON, this.#parts.known(COMMON));
  }

  /** What the stores hold of an owner who comes, with all that had come from other machines. */
  async read(owner: Owner): Promise<PersonalData> {
    await this.#parts.applied.shown();
    return await this.#reader.read(owner);
  }

  /** Resolves when what is on the panel of these owners was read after this call. */
  async refresh(owners: readonly Owner[]): Promise<void> {
    await this.#reader.refresh(owners);
  }

  #partOf({ item }: EntryName): DataPart {
    return this.#parts.settings.items.has(item) ? "settings" : "addresses";
  }

  #isWanted(owner: Owner, part: DataPart): boolean {
    return owner === COMMON ? part === "settings" || this.#attended : this.#parts.isShown(owner);
  }

  #changed(entries: readonly EntryName[]): void {
    for (const entry of entries) {
      const part = this.#partOf(entry);
      // A machine that joins tells of everybody, and one person at most is on its panel.
      if (this.#isWanted(entry.owner, part)) this.#parts.background(this.#reader.refresh([entry.owner], [part]));
    }
  }

  #changedElsewhere(entries: readonly EntryName[]): void {
    this.#changed(entries.filter(({ owner }) => owner !== COMMON));
    const parts = new Set(entries.filter(({ owner }) => owner === COMMON).map((entry) => this.#partOf(entry)));
    for (const part of parts) if (this.#isWanted(COMMON, part)) this.#parts.background(this.#common[part].changed());
  }

  /** Whoever came may have left while it was read. */
  #onData(owner: Owner, data: PersonalData): void {
    const isKept = this.#isWanted(owner, "addresses");
    this.#parts.onData(owner, isKept ? data : { ...data, addresses: NO_DATA.addresses });
  }
}
