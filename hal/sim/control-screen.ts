/** The machine's display, watched: whether it has settled after a key, and what a person in front of it can read. */
import type { Screen } from "../../src/model/screen.ts";
import type { Clock } from "../clock.ts";
import type { SimPanel } from "./sim-panel.ts";

const LOOK_MS = 10;
/** A screen counts as settled when it has not changed for this long; one that shows progress is waited for longer. */
const STILL_MS = 40;
const STILL_MS_MAX = 1_500;
const PROGRESS_MS_MAX = 10_000;

interface Parts {
  readonly clock: Clock;
  readonly panel: SimPanel;
}

export class ScreenWatch {
  readonly #parts: Parts;
  #shownAtMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    this.#parts.panel.onShow(() => {
      this.#shownAtMs = performance.now();
    });
  }

  /** Resolves when the screen has stood still for a moment and no longer says that something is under way; in the end anyway. */
  async settled(): Promise<undefined> {
    const { clock, panel } = this.#parts;
    const forever = new AbortController().signal;
    const sinceMs = performance.now();
    for (;;) {
      await clock.sleep(LOOK_MS, forever);
      const nowMs = performance.now();
      const inProgress = panel.screen()?.kind === "progress";
      const still = !inProgress && nowMs - Math.max(sinceMs, this.#shownAtMs) >= STILL_MS;
      if (still || nowMs - sinceMs > (inProgress ? PROGRESS_MS_MAX : STILL_MS_MAX)) return undefined;
    }
  }

  /** A secret leaves the machine as dots. */
  shown(): Screen | null {
    const screen = this.#parts.panel.screen();
    if (screen?.field?.secret !== true) return screen ?? null;
    return { ...screen, field: { ...screen.field, value: "\u2022".repeat([...screen.field.value].length) } };
  }
}
