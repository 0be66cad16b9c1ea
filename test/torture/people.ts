/**
 * People at the machines, and what they were promised: each works on entries that nobody else touches, so that the last
 * value a machine took is the value that must be everywhere in the end. Who was told "saved here" was promised it.
 */
import { CallError } from "../../hal/sim/control-line.ts";
import type { Owner } from "../../src/model/owner.ts";
import { pause } from "./story.ts";
import type { TortureMachine } from "./machine.ts";

const OWNER = "user:alice" as Owner;
const ITEM = "personal-button";
/** Entries that each machine's people work on. */
const KEYS = 12;

export class People {
  /** By machine and key: the number of the last edit that was taken. */
  readonly #taken = new Map<string, number>();
  /** That one, and those tried since: a machine that could not say so may have taken them all the same. */
  readonly #possible = new Map<string, Set<number>>();
  #edits = 0;

  /** Edits that were taken by a machine. */
  get acknowledged(): number {
    return this.#edits;
  }

  /** Edits on a machine until `isOver`; what it does not take, because it is off or its disk is full, was not promised. */
  async work(machine: TortureMachine, everyMs: number, isOver: () => boolean): Promise<void> {
    for (let number = 1; !isOver(); number += 1) {
      const key = `m${machine.number}-${number % KEYS}`;
      const possible = this.#possible.get(key) ?? new Set();
      this.#possible.set(key, possible.add(number));
      try {
        const value = { name: `b${number}`, function: "copy", settings: { number } };
        await machine.call("editItems", { changes: [{ owner: OWNER, item: ITEM, key, value }] });
        this.#taken.set(key, number);
        this.#possible.set(key, new Set([number]));
        this.#edits += 1;
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        await pause(200);
      }
      await pause(everyMs);
    }
  }

  /** What is missing on this machine, in a sentence each. */
  async missingOn(machine: TortureMachine): Promise<string[]> {
    const shown = new Map<string, number>();
    for (const { key, value } of await machine.call("readItems", { owner: OWNER })) shown.set(key, numberOf(value));
    return [...this.#taken].flatMap(([key, taken]) => {
      const is = shown.get(key) ?? 0;
      return this.#possible.get(key)?.has(is) ? [] : [`machine ${machine.number} shows ${key} = ${is}, ${taken} was promised`];
    });
  }
}

function numberOf(value: unknown): number {
  if (typeof value !== "object" || value === null || !("settings" in value)) return 0;
  const { settings } = value;
  return typeof settings === "object" && settings !== null && "number" in settings ? Number(settings.number) : 0;
}
