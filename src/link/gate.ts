/** How many connections may be under way that nobody has answered for yet: in all, and of one address. */
import type { Duplex } from "node:stream";

interface Parts {
  readonly max: number;
  readonly perAddressMax: number;
  /** What a full house does with one more: it stays outside, or takes the place of the one that is there longest. */
  readonly whenFull: "refuse" | "replace-oldest";
}

export class Gate {
  readonly #parts: Parts;
  /** In the order they came. */
  readonly #inside = new Map<Duplex, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#inside.size;
  }

  /** Lets a stream in until it closes or leaves; "full" destroys it. */
  enter(stream: Duplex, address: string): "in" | "full" {
    const { max, perAddressMax, whenFull } = this.#parts;
    const same = [...this.#inside].filter(([, other]) => other === address);
    const full = same.length >= perAddressMax ? same[0] : this.#inside.size >= max ? [...this.#inside][0] : undefined;
    if (full !== undefined && whenFull === "refuse") {
      stream.destroy();
      return "full";
    }
    if (full !== undefined) {
      this.#inside.delete(full[0]);
      full[0].destroy();
    }
    this.#inside.set(stream, address);
    stream.once("close", () => this.leave(stream));
    return "in";
  }

  has(stream: Duplex): boolean {
    return this.#inside.has(stream);
  }

  leave(stream: Duplex): void {
    this.#inside.delete(stream);
  }
}
