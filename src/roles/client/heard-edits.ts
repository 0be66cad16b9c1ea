/**
 * Edits that the machine's stores told of as they were made, until they are recorded: nothing of them has to be read.
 * What was made before anybody listened, or beyond what is kept here, is read from the stores.
 */
import type { LocalEdit } from "../../../hal/item-store.ts";
import { LIMITS } from "../../model/limits.ts";

export class HeardEdits {
  /** By mark, rising. */
  #edits: LocalEdit[] = [];

  add(edits: readonly LocalEdit[]): void {
    if (this.#edits.length + edits.length > LIMITS.heardEditsMax) this.#edits = [];
    else this.#edits.push(...edits);
  }

  /** All edits with a mark above the first, up to and with the last; undefined: not all of them were heard. Marks rise by one. */
  between(after: number, last: number): readonly LocalEdit[] | undefined {
    const edits = this.#edits.filter(({ mark }) => mark > after && mark <= last);
    const isWhole = edits.length === last - after && edits.every(({ mark }, index) => mark === after + 1 + index);
    return isWhole ? edits : undefined;
  }

  forget(upTo: number): void {
    this.#edits = this.#edits.filter(({ mark }) => mark > upTo);
  }
}
