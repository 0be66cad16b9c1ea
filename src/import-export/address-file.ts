/** An address book file as it was read, before anything is known of the book it goes into. */
import type { AddressHeader } from "./address-header.ts";

export interface AddressRow {
  /** Cells in the order of the file's columns; undefined: the row does not speak of that column (ABK). */
  readonly cells: readonly (string | undefined)[];
  /** Where each cell begins in the text. */
  readonly starts: readonly number[];
  readonly at: number;
}

export interface AddressFile {
  readonly kind: "file";
  /** The whole text: places are offsets into it. */
  readonly text: string;
  readonly header: AddressHeader;
  readonly columns: readonly string[];
  readonly rows: readonly AddressRow[];
}

/** A row together with where its columns are. */
export class RowView {
  readonly row: AddressRow;
  readonly #places: ReadonlyMap<string, number>;

  constructor(row: AddressRow, places: ReadonlyMap<string, number>) {
    this.row = row;
    this.#places = places;
  }

  /** The text of a cell, "" when the row has none. */
  cell(column: string): string {
    return this.row.cells[this.#places.get(column) ?? -1] ?? "";
  }

  /** Where the cell begins; the row, when it has none. */
  at(column: string): number {
    return this.row.starts[this.#places.get(column) ?? -1] ?? this.row.at;
  }

  /** Whether the row says what the column holds, be it nothing. */
  speaksOf(column: string): boolean {
    return this.row.cells[this.#places.get(column) ?? -1] !== undefined;
  }
}

/** What a file is written from: columns in order, rows in order, each with its non-empty cells. */
export interface AddressSheet {
  readonly header: AddressHeader;
  readonly columns: readonly string[];
  readonly rows: readonly ReadonlyMap<string, string>[];
}
