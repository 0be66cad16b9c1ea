/** Fingers on the simulated panel, and eyes on its display. */
import type { Panel } from "../../hal/panel.ts";
import { SimPanel } from "../../hal/sim/sim-panel.ts";
import type { Screen } from "../../src/model/screen.ts";
import { monotonicMs } from "./orders.ts";

const ANSWER_MS_MAX = 30_000;

/** Down from the first line of the home screen and up to it again: by key, how long it took until another line was selected; ms. */
export async function pressKeys(panel: Panel, presses: number, pauseMs: number): Promise<{ readonly answeredMs: readonly number[] }> {
  if (!(panel instanceof SimPanel)) throw new Error("the bench presses the keys of the simulated panel only");
  // A machine that is being started takes no keys before it shows its first screen.
  if (panel.screen() === undefined) await changed(panel, selectedOn(undefined));
  panel.press("home");
  const answeredMs: number[] = [];
  while (answeredMs.length < presses) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const screen = panel.screen();
    const startMs = monotonicMs();
    const answered = changed(panel, selectedOn(screen));
    panel.press(screen?.selected === 0 ? "down" : "up");
    await answered;
    answeredMs.push(monotonicMs() - startMs);
  }
  return { answeredMs };
}

function changed(panel: SimPanel, before: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`the panel did not answer a key; it shows ${JSON.stringify(panel.screen()).slice(0, 300)}`)),
      ANSWER_MS_MAX,
    );
    const unsubscribe = panel.onShow((screen) => {
      if (selectedOn(screen) === before) return;
      clearTimeout(late);
      unsubscribe();
      resolve();
    });
  });
}

const selectedOn = (screen: Screen | undefined): string => JSON.stringify([screen?.title, screen?.selected]);
