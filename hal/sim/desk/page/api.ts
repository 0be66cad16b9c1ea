/** Calls of the desk's API from the page. One after the other for each machine, so that keys arrive as they were pressed. */

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** What the desk did not do: the code of its answer, or "away" when there was none; and its own words, in English. */
export interface Trouble {
  readonly code: string;
  readonly text: string;
}

export class Api {
  readonly #onTrouble: (trouble: Trouble | undefined) => void;
  readonly #under = new Map<string, Promise<unknown>>();

  /** `onTrouble` hears of each refusal, and undefined when a call was done. */
  constructor(onTrouble: (trouble: Trouble | undefined) => void) {
    this.#onTrouble = onTrouble;
  }

  /** Resolves with whether it was done. */
  call(method: Method, path: string, body?: unknown): Promise<boolean> {
    const line = path.split("/")[2] ?? "";
    const done = (this.#under.get(line) ?? Promise.resolve()).then(() => this.#send(method, path, body));
    this.#under.set(line, done);
    return done;
  }

  /** What the desk answers; undefined when it does not. Nothing is said about that: nobody has asked for it. */
  async read(path: string): Promise<unknown> {
    const answer = await fetch(`/api${path}`).catch(() => undefined);
    return answer?.ok === true ? await answer.json() : undefined;
  }

  async #send(method: Method, path: string, body: unknown): Promise<boolean> {
    const payload = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    try {
      const answer = await fetch(`/api${path}`, { method, ...payload });
      const { error = answer.statusText, code = "" }: { error?: string; code?: string } = answer.ok ? {} : await answer.json();
      this.#onTrouble(answer.ok ? undefined : { code, text: error });
      return answer.ok;
    } catch (cause) {
      this.#onTrouble({ code: "away", text: cause instanceof Error ? cause.message : String(cause) });
      return false;
    }
  }
}
