/** Import and export of the machine's address book (M23, M34), as an administrator asks for it. */
import type { AddressBook } from "../../hal/address-book.ts";
import type { ExportedOwners } from "../../hal/restrictions.ts";
import type { AddressBookFormat, ExportOutcome, ImportOutcome } from "../../hal/services.ts";
import type { Entry } from "../model/entry.ts";
import { COMMON, type Owner } from "../model/owner.ts";
import type { Random } from "../model/random.ts";
import type { AddressFiles } from "./address-files.ts";
import type { ExchangeTurns } from "./exchange-turns.ts";

interface Parts {
  readonly addressBook: AddressBook;
  /** The machine's, shared with its other imports and exports. */
  readonly turns: ExchangeTurns;
  /** Draws the uuids of entries that come without one. */
  readonly random: Random;
  /** Asked for with each run: few machines ever need them. */
  readonly loadAddressFiles: LoadAddressFiles;
}

export type LoadAddressFiles = () => Promise<AddressFiles>;

export class AddressBookExchange {
  readonly #addressBook: AddressBook;
  readonly #turns: ExchangeTurns;
  readonly #random: Random;
  readonly #loadAddressFiles: LoadAddressFiles;

  constructor({ addressBook, turns, random, loadAddressFiles }: Parts) {
    this.#loadAddressFiles = loadAddressFiles;
    this.#addressBook = addressBook;
    this.#turns = turns;
    this.#random = random;
  }

  /**
   * Adds what the file holds to the book, or updates it there; nothing is deleted. `entries` are the rows of the file,
   * those that changed nothing included. All or nothing: rejects with the machine's SyncError when its store does not
   * take the change, and nothing of it is there then.
   */
  importAddressBook(bytes: Uint8Array, format: AddressBookFormat): Promise<ImportOutcome> {
    return this.#turns.run(undefined, () => this.#import(bytes, format));
  }

  /**
   * The book, or the lists of these owners, as a file; entries that no file can hold are left out, and counted. Passwords that
   * are not encrypted by a printer are left out (B08).
   */
  exportAddressBook(format: AddressBookFormat, owners: ExportedOwners = "all"): Promise<ExportOutcome> {
    return this.#turns.run(owners, async () => {
      const book = await this.#book(owners);
      const { write } = await this.#loadAddressFiles();
      const { bytes, leftOut } = write(book, format);
      return { kind: "exported", bytes, ...(leftOut === 0 ? {} : { leftOut }) };
    });
  }

  async #import(bytes: Uint8Array, format: AddressBookFormat): Promise<ImportOutcome> {
    const { read, changes: changesOf } = await this.#loadAddressFiles();
    const file = read(bytes, format);
    if (file.kind === "malformed") return file;
    const { entries } = file;
    const books = new Map<Owner, readonly Entry[]>();
    for (const { owner } of entries) if (!books.has(owner)) books.set(owner, await this.#addressBook.read(owner));
    const merged = changesOf(file, books, this.#random);
    if (merged.kind === "malformed") return merged;
    if (merged.changes.length > 0) await this.#addressBook.edit(merged.changes, "import");
    return { kind: "imported", entries: entries.length };
  }

  async #book(exported: ExportedOwners): Promise<readonly Entry[]> {
    const owners = new Set(exported === "all" ? [COMMON, ...(await this.#addressBook.owners())] : exported);
    const entries: Entry[] = [];
    for (const owner of owners) for (const entry of await this.#addressBook.read(owner)) entries.push(entry);
    return entries;
  }
}
