/**
 * Finds a key that comes twice in a map. Keys are compared by their bytes, where these stand in the message. Most maps have few keys,
 * and then no text is made of any.
 */
const FEW = 16;

export class MapKeys {
  readonly #bytes: Buffer;
  /** Start and end of each. */
  readonly #places: number[] = [];
  /** All keys, once there are many: their bytes read as Latin-1, which keeps different ones different. */
  #names: Set<string> | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Takes a key; false: it was there before. */
  add(start: number, end: number): boolean {
    if (this.#names === undefined && this.#places.length < 2 * FEW) return this.#addPlace(start, end);
    this.#names ??= new Set(Array.from({ length: FEW }, (_, at) => this.#name(this.#places[2 * at] ?? 0, this.#places[2 * at + 1] ?? 0)));
    const before = this.#names.size;
    return this.#names.add(this.#name(start, end)).size > before;
  }

  #addPlace(start: number, end: number): boolean {
    for (let at = 0; at < this.#places.length; at += 2) {
      const from = this.#places[at] ?? 0;
      const to = this.#places[at + 1] ?? 0;
      if (to - from === end - start && this.#isSame(from, start, end - start)) return false;
    }
    this.#places.push(start, end);
    return true;
  }

  #isSame(one: number, other: number, length: number): boolean {
    for (let at = 0; at < length; at += 1) if (this.#bytes[one + at] !== this.#bytes[other + at]) return false;
    return true;
  }

  #name(start: number, end: number): string {
    return this.#bytes.toString("latin1", start, end);
  }
}
