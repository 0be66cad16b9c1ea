/** Which parts of a snapshot are on their way to one machine, so that those it asked for ahead are sent once each, in their order. */
import type { Part } from "../../protocol/welcome.ts";

export class PartsAhead {
  /** The keys after which the parts on their way begin. */
  #sent: readonly string[] = [];
  /** The key after which the next one begins; undefined: they end with the snapshot. */
  #next: string | undefined;

  /** The machine has what comes up to this key: what is on its way begins there, or it is something else that it wants now. */
  arrived(after: string): void {
    const index = this.#sent.indexOf(after);
    if (index < 0) this.#next = after;
    this.#sent = index < 0 ? [] : this.#sent.slice(index);
  }

  /** After which key a part is to be sent; undefined: none, as long as so many may be on their way. */
  due(ahead: number): string | undefined {
    return this.#sent.length < ahead ? this.#next : undefined;
  }

  sent({ after, last, end }: Part): void {
    this.#sent = [...this.#sent, after];
    this.#next = end ? undefined : last;
  }
}
