/** Files of address books, both ways: what an exchange needs of them, and loads when somebody imports or exports one. */
import type { AddressBookFormat } from "../../hal/services.ts";
import type { Entry, EntryChange } from "../model/entry.ts";
import type { Owner } from "../model/owner.ts";
import type { Random } from "../model/random.ts";
import { readAddressBookAbk, writeAddressBookAbk } from "./address-book-abk.ts";
import { readAddressBookCsv, writeAddressBookCsv } from "./address-book-csv.ts";
import { mergeAddresses } from "./address-merge.ts";
import { type AddressEntry, entriesOf } from "./address-rows.ts";
import { sheetOf } from "./address-sheet.ts";
import { type Malformed, malformed } from "./address-text.ts";

/** A file that was read. */
export interface ReadAddresses {
  readonly kind: "read";
  readonly text: string;
  readonly entries: readonly AddressEntry[];
}

export interface AddressFiles {
  readonly read: (bytes: Uint8Array, format: AddressBookFormat) => ReadAddresses | Malformed;
  /** What the file changes in these books, which are those of all owners that it names; the random bytes are for uuids that are missing. */
  readonly changes: (
    file: ReadAddresses,
    books: ReadonlyMap<Owner, readonly Entry[]>,
    random: Random,
  ) => { readonly kind: "changes"; readonly changes: readonly EntryChange[] } | Malformed;
  /** `leftOut`: entries that no file can hold. */
  readonly write: (book: readonly Entry[], format: AddressBookFormat) => { readonly bytes: Uint8Array; readonly leftOut: number };
}

const FORMATS = {
  csv: { read: readAddressBookCsv, write: writeAddressBookCsv },
  abk: { read: readAddressBookAbk, write: writeAddressBookAbk },
} as const;

export const addressFiles: AddressFiles = {
  read(bytes, format) {
    const file = FORMATS[format].read(bytes);
    if (file.kind === "malformed") return file;
    const entries = entriesOf(file);
    return "kind" in entries ? malformed(file.text, entries) : { kind: "read", text: file.text, entries };
  },
  changes({ text, entries }, books, random) {
    const changes = mergeAddresses(entries, books, random);
    return "kind" in changes ? malformed(text, changes) : { kind: "changes", changes };
  },
  write(book, format) {
    const sheet = sheetOf(book);
    return { bytes: FORMATS[format].write(sheet), leftOut: book.length - sheet.rows.length };
  },
};
