/** How full the shelves of owners get by a change of the simulated machine's store (item-batch.ts). */
import { must } from "../../src/model/assert.ts";
import type { EntryName } from "../../src/model/entry.ts";
import type { Owner } from "../../src/model/owner.ts";
import type { Place } from "./machine-records.ts";

type Shelves = ReadonlyMap<string, number>;

export class ShelfCounts {
  readonly #before: (owner: Owner) => Shelves;
  /** Of owners of whom it changes. */
  readonly #shelves = new Map<Owner, Map<string, number>>();
  /** Shelves that grew, by owner, each with an entry on it. */
  readonly #grown = new Map<Owner, Map<string, EntryName>>();

  /** `before`: what stands on each shelf of an owner before the change. */
  constructor(before: (owner: Owner) => Shelves) {
    this.#before = before;
  }

  /** Entries on each shelf, by now. */
  of(owner: Owner): Shelves {
    return this.#shelves.get(owner) ?? this.#before(owner);
  }

  /** Those of owners of whom it has changed. */
  get changed(): ReadonlyMap<Owner, Shelves> {
    return this.#shelves;
  }

  /** An entry stands on a shelf, and no longer where it stood before. */
  move(name: EntryName, before: Place | undefined, shelf: string): void {
    if (before?.shelf === shelf) return;
    if (before !== undefined) this.#count(name.owner, before.shelf, -1);
    this.#count(name.owner, shelf, +1);
    const grown = this.#grown.get(name.owner);
    if (grown === undefined) this.#grown.set(name.owner, new Map([[shelf, name]]));
    else if (!grown.has(shelf)) grown.set(shelf, name);
  }

  /** An entry of this shelf is gone. */
  remove(owner: Owner, shelf: string): void {
    this.#count(owner, shelf, -1);
  }

  /** Shelves that grew and hold more than `maxOf` allows. */
  overfull(maxOf: (shelf: string) => number): { readonly name: EntryName; readonly shelf: string; readonly over: number }[] {
    const full: { name: EntryName; shelf: string; over: number }[] = [];
    for (const [owner, shelves] of this.#grown)
      for (const [shelf, name] of shelves) {
        const over = (this.of(owner).get(shelf) ?? 0) - maxOf(shelf);
        if (over > 0) full.push({ name, shelf, over });
      }
    return full;
  }

  #count(owner: Owner, shelf: string, by: 1 | -1): void {
    let shelves = this.#shelves.get(owner);
    if (shelves === undefined) {
      shelves = new Map(this.#before(owner));
      this.#shelves.set(owner, shelves);
    }
    const count = (shelves.get(shelf) ?? 0) + by;
    must(count < 0 ? undefined : count, "a shelf holds no fewer than nothing");
    if (count === 0) shelves.delete(shelf);
    else shelves.set(shelf, count);
  }
}
