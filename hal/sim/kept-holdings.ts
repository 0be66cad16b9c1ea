/**
 * What each owner has in a store of the simulated machine, as the texts that are in its database: of a thousand users they take a
 * third of the memory, and a start need not look into any. Few owners are edited at a time: what was read of those is kept, in two
 * generations, of which the older is forgotten as a whole.
 */
import type { Owner } from "../../src/model/owner.ts";
import { type Held, heldIn } from "./machine-records.ts";

/** Owners of a generation. */
const READ_MAX = 128;

interface Read {
  readonly text: string;
  readonly held: Held;
}

export class KeptHoldings {
  readonly #texts = new Map<Owner, string>();
  #young = new Map<Owner, Read>();
  #old = new Map<Owner, Read>();

  get(owner: Owner): Held | undefined {
    const text = this.#texts.get(owner);
    if (text === undefined) return undefined;
    const known = this.#young.get(owner) ?? this.#old.get(owner);
    return known?.text === text ? known.held : this.#read(owner, text);
  }

  /** `text`: as `textOfHeld` makes it; undefined: the owner has nothing any more. */
  set(owner: Owner, text: string | undefined): void {
    if (text === undefined) this.#texts.delete(owner);
    else this.#texts.set(owner, text);
  }

  clear(): void {
    for (const known of [this.#texts, this.#young, this.#old]) known.clear();
  }

  /** Who has something. */
  owners(): Owner[] {
    return [...this.#texts.keys()];
  }

  #read(owner: Owner, text: string): Held {
    if (this.#young.size >= READ_MAX) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const held = heldIn(text);
    this.#young.set(owner, { text, held });
    return held;
  }
}
