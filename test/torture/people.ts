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
  /** By machine and key: the number of the last edit that was taken, and those tried since. */
  readonly #taken = new Map<string, number>();
  readonly #tried = new Map<string, number>();
  #edits = 0;

  /** Edits that were taken by a machine. */
  get acknowledged(): number {
    return this.#edits;
  }

  /** Edits on a machine until `isOver`; what it does not take, because it is off or its disk is full, was not promised. */
  async work(machine: TortureMachine, everyMs: number, isOver: () => boolean): Promise<void> {
    for (let number = 1; !isOver(); number += 1) {
      const key = `m${machine.number}-${number % KEYS}`;
      this.#tried.set(key, number);
      try {
        const value = { name: `b${number}`, function: "copy", settings: { number } };
        await machine.call("editItems", { changes: [{ owner: OWNER, item: ITEM, key, value }] });
        this.#taken.set(key, number);
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
      return is >= taken && is <= (this.#tried.get(key) ?? taken)
        ? []
        : [`machine ${machine.number} shows ${key} = ${is}, ${taken} was promised`];
    });
  }
}

function numberOf(value: unknown): number {
  if (typeof value !== "object" || value === null || !("settings" in value)) return 0;
  const { settings } = value;
  return typeof settings === "object" && settings !== null && "number" in settings ? Number(settings.number) : 0;
}
