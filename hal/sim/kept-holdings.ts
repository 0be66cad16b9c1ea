/**
 * What each owner has in a store of the simulated machine, as the texts that are in its database: of a thousand users they take a
 * third of the memory, and a start need not look into any. Few owners are edited at a time.
 */
import type { Owner } from "../../src/model/owner.ts";
import { type Held, heldIn } from "./machine-records.ts";

export class KeptHoldings {
  readonly #texts = new Map<Owner, string>();

  get(owner: Owner): Held | undefined {
    const text = this.#texts.get(owner);
    return text === undefined ? undefined : heldIn(text);
  }

  /** `text`: as `textOfHeld` makes it; undefined: the owner has nothing any more. */
  set(owner: Owner, text: string | undefined): void {
    if (text === undefined) this.#texts.delete(owner);
    else this.#texts.set(owner, text);
  }

  clear(): void {
    this.#texts.clear();
  }

  /** Who has something. */
  owners(): Owner[] {
    return [...this.#texts.keys()];
  }
}
