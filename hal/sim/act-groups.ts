/**
 * Acts on the machine's stores, one after the other: those that arrive while a write is under way go into the next one
 * together, so that one sync makes all of them durable. Each is prepared on top of the acts before it, and takes effect
 * when the write of its group is durable, in the order of the calls.
 */
import type { Storage } from "../storage.ts";
import type { KeptState } from "./machine-records.ts";
import { isDamage } from "./mend-items.ts";
import { Stage } from "./stage.ts";

/**
 * What an act comes to on top of what is staged: it adds to the stage at its end, in one go, or throws and adds nothing.
 * Gives what is to be done once all of it is durable.
 */
export type Prepare<T> = (stage: Stage) => Promise<() => T>;

interface Waiting {
  readonly changes: number;
  readonly prepare: Prepare<void>;
  readonly reject: (error: unknown) => void;
}

/** With more changes than these a group takes no further act: a person's edit waits for a write of bounded size. */
const GROUP_CHANGES_MAX = 500;

interface Parts {
  readonly storage: Storage;
  /** What is durable by now. */
  readonly state: () => KeptState;
  /** Takes out what is damaged. */
  readonly mend: () => Promise<void>;
}

export class ActGroups {
  readonly #parts: Parts;
  #waiting: Waiting[] = [];
  #isDraining = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves when the act, of so many changes, is durable; rejects when it was refused or could not be written. */
  run<T>(changes: number, prepare: Prepare<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const whole: Prepare<void> = async (stage) => {
        const done = await prepare(stage);
        return () => resolve(done());
      };
      this.#waiting.push({ changes, prepare: whole, reject });
      if (!this.#isDraining) void this.#drain();
    });
  }

  /** Reads, and where it meets damage, once more when that is taken out. */
  async reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!isDamage(error)) throw error;
      return await this.run(0, async () => {
        const found = await this.#mended(read);
        return () => found;
      });
    }
  }

  async #mended<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#parts.mend();
      return await act();
    }
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    // One turn, so that acts called together are one group from the start.
    await undefined;
    for (let group = this.#next(); group.length > 0; group = this.#next()) await this.#perform(group);
    this.#isDraining = false;
  }

  #next(): readonly Waiting[] {
    let changes = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      changes += waiting.changes;
      return index > 0 && changes > GROUP_CHANGES_MAX;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  async #perform(group: readonly Waiting[]): Promise<void> {
    const stage = new Stage(this.#parts.state());
    const prepared: { readonly act: Waiting; readonly done: () => void }[] = [];
    for (const act of group) {
      try {
        prepared.push({ act, done: await this.#mended(() => act.prepare(stage)) });
      } catch (error) {
        act.reject(error);
      }
    }
    try {
      const writes = stage.writes();
      if (writes.length > 0) await this.#parts.storage.write(writes);
    } catch (error) {
      const [first, ...others] = prepared;
      if (others.length === 0) return first?.act.reject(error);
      // Nothing of it is kept. What cannot be written, for want of room, say, is no reason to refuse what came along with it.
      for (const { act } of prepared) await this.#perform([act]);
      return;
    }
    for (const { done } of prepared) done();
  }
}
