/**
 * The control panel: keys in, screens out. It shows the machine's own stores, so it works with the last known data
 * while the server is away (B05), and it is the same whether or not anything is synchronised.
 */
import { linkedAbort } from "../model/linked-abort.ts";
import { type PanelParts, PanelRun } from "./panel-run.ts";

export class PanelApp {
  readonly #parts: PanelParts;

  constructor(parts: PanelParts) {
    this.#parts = parts;
  }

  /** Works until the signal aborts; rejects for a bug of ours. Nothing is kept from one run to the next. */
  async run(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const ended = linkedAbort(signal);
    try {
      await new PanelRun(this.#parts, ended.signal).run();
    } finally {
      ended.abort();
    }
  }
}
