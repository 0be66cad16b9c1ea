/** The screen of a machine on a display of character cells, as `GET /machines/N/display` gives it. */
import type { Screen } from "../../../src/model/screen.ts";
import { PAGE_TURN_MS, renderText, type TextSize } from "../../parts/render-text.ts";
import type { DeskMachine } from "./desk-machine.ts";
import { isLit, screenOf } from "./screen-view.ts";

export interface TextDisplay {
  /** Each page is as many lines of as many cells as the display has; they are shown in turn. */
  readonly pages: readonly (readonly string[])[];
  readonly pageTurnMs: number;
  /** The user wants inverted colours: dark cells light, and light ones dark. */
  readonly inverted: boolean;
}

export function textDisplayOf(machine: Pick<DeskMachine, "phase" | "knowledge">, size: TextSize): TextDisplay {
  const screen = drawnScreen(machine);
  const pages = renderText(screen, size);
  return { inverted: screen.inverted === true, pages: pages.map((page) => page.map(({ text }) => text)), pageTurnMs: PAGE_TURN_MS };
}

/** The module's screen where it is to be seen, and else what a dark display says. */
function drawnScreen(machine: Pick<DeskMachine, "phase" | "knowledge">): Screen {
  const { title, lines, selected, softKeys, status } = screenOf(machine);
  const screen = machine.knowledge.view?.screen;
  if (isLit(machine) && screen !== undefined && screen !== null) return screen;
  const [first = "", second = "", third = "", fourth = ""] = softKeys;
  return {
    kind: "message",
    title,
    rows: lines.map((text) => ({ text, enabled: true })),
    selected: selected ?? undefined,
    field: undefined,
    softKeys: [first, second, third, fourth],
    status,
  };
}
