/** The line to a desk: what a machine's display shows, as it changes, and keys and text to its panel, in their order. */
import type { Key, Screen } from "../../src/model/screen.ts";
import { type DeskEvent, deskEvents } from "./desk-events.ts";

export type Finger = { readonly keys: readonly Key[] } | { readonly text: string };

export interface Drawing {
  readonly number: number;
  readonly lit: boolean;
  readonly kind: Screen["kind"];
  readonly inverted: boolean;
  readonly rows: Screen["rows"];
  readonly field: Screen["field"] | null;
  readonly screen: { title: string; lines: readonly string[]; selected: number | null; softKeys: readonly string[]; status: string };
}

interface Parts {
  /** Like http://127.0.0.1:8080 */
  readonly url: string;
  readonly machine: number;
  readonly signal: AbortSignal;
  readonly onScreen: (screen: Screen) => void;
  /** Says what is the matter, in one line; the line tries again by itself. */
  readonly onTrouble: (text: string) => void;
}

const TRY_AGAIN_MS = 1_000;

export class DeskLine {
  readonly #parts: Parts;
  #waiting: Finger[] = [];
  #sending = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Follows the display until the signal aborts; a desk that is away is asked again. */
  async follow(): Promise<void> {
    const { url, signal, onTrouble } = this.#parts;
    while (!signal.aborted) {
      try {
        await this.#events();
        onTrouble("The desk has ended the connection. Trying again ...");
      } catch (cause) {
        if (signal.aborted) return;
        onTrouble(cause instanceof NoSuchMachine ? cause.message : `No desk answers at ${url} (npm start). Trying again ...`);
      }
      await sleep(TRY_AGAIN_MS, signal);
    }
  }

  /** Keys and text go one request after the other, so that none overtakes another. */
  send(finger: Finger): void {
    this.#waiting.push(finger);
    if (!this.#sending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    const { url, machine, signal, onTrouble } = this.#parts;
    this.#sending = true;
    for (let next = this.#take(); next !== undefined && !signal.aborted; next = this.#take()) {
      const path = `${url}/api/machines/${machine}/${"keys" in next ? "keys" : "text"}`;
      try {
        const answer = await fetch(path, { method: "POST", body: JSON.stringify(next), signal });
        if (!answer.ok) onTrouble(`The desk says: ${(await answer.text()).slice(0, 200)}`);
      } catch {
        // Not sent again: the desk may have had it, and a key must not act twice.
        if (!signal.aborted) onTrouble("The desk did not take the key.");
      }
    }
    this.#sending = false;
  }

  /** The oldest, and the keys right after it in the same request. */
  #take(): Finger | undefined {
    const [first, ...rest] = this.#waiting;
    if (first === undefined || !("keys" in first)) {
      this.#waiting = rest;
      return first;
    }
    const others = rest.findIndex((finger) => !("keys" in finger));
    const together = others < 0 ? rest : rest.slice(0, others);
    this.#waiting = rest.slice(together.length);
    return { keys: [first, ...together].flatMap((finger) => ("keys" in finger ? finger.keys : [])) };
  }

  async #events(): Promise<void> {
    const { url, signal } = this.#parts;
    for await (const event of deskEvents(url, signal)) this.#event(event);
  }

  #event({ kind, data }: DeskEvent): void {
    const { machine, onScreen } = this.#parts;
    if (kind === "desk") {
      const { machines }: { machines: readonly Drawing[] } = JSON.parse(data);
      const mine = machines.find(({ number }) => number === machine);
      if (mine === undefined) throw new NoSuchMachine(`The desk has no machine ${machine}; it has ${machines.length}.`);
      onScreen(screenOf(mine));
    } else if (kind === "machine") {
      const drawing: Drawing = JSON.parse(data);
      if (drawing.number === machine) onScreen(screenOf(drawing));
    }
  }
}

class NoSuchMachine extends Error {}

/** The screen as the machine would give it to a display of its own; a person keeps the own keyboard's repeat. */
export function screenOf({ lit, kind, inverted, rows, field, screen }: Drawing): Screen {
  const [first = "", second = "", third = "", fourth = ""] = screen.softKeys;
  return {
    kind,
    title: screen.title,
    rows: lit ? rows : screen.lines.map((text) => ({ text, enabled: true })),
    selected: screen.selected ?? undefined,
    field: field ?? undefined,
    softKeys: [first, second, third, fourth],
    status: screen.status,
    ...(inverted ? { inverted } : {}),
  };
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
