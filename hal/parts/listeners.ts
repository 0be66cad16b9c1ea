/** Who wants to hear of something. Keeps the rules of listeners that hal.ts gives for all interfaces. */
import type { Unsubscribe } from "../hal.ts";

export class Listeners<T> {
  readonly #all = new Set<{ readonly hear: (value: T) => void }>();

  /** Never calls `hear` itself. The same function registered twice hears twice. */
  add(hear: (value: T) => void): Unsubscribe {
    const registration = { hear };
    this.#all.add(registration);
    return () => void this.#all.delete(registration);
  }

  get size(): number {
    return this.#all.size;
  }

  /**
   * Tells all of them, in the order of registration; one that was ended meanwhile hears nothing any more. A listener
   * that throws is a bug of whoever registered it: the others are told all the same, and the error surfaces as an
   * uncaught exception instead of spoiling the act that was told.
   */
  tell(value: T): void {
    for (const registration of [...this.#all]) {
      if (!this.#all.has(registration)) continue;
      try {
        registration.hear(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
