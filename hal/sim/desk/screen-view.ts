/** A machine's display as the API gives it: what a person in front of the machine reads. */
import type { Screen } from "../../../src/model/screen.ts";
import type { MachineView } from "../control.ts";
import type { DeskMachine } from "./desk-machine.ts";

export interface ScreenView {
  /** Never empty. */
  readonly title: string;
  readonly lines: readonly string[];
  /** Index into lines, null where nothing can be selected. */
  readonly selected: number | null;
  readonly softKeys: readonly string[];
  readonly status: string;
}

const NO_KEYS = ["", "", "", ""];
const dark = (title: string, ...lines: string[]): ScreenView => ({ title, lines, selected: null, softKeys: NO_KEYS, status: "" });

const OFF = dark("Off", "The machine is switched off.");
const STARTING = dark("Starting", "The machine is starting. Please wait.");
const PARTIAL_SLEEP = dark("Sleep", "The machine is in partial sleep: its panel is dark.", "Any key wakes it.");
const FULL_SLEEP = dark("Sleep", "The machine is in full sleep.", "Any key wakes it.");

/** Whether the display shows what the module wants to be shown. */
export const isLit = ({ phase, knowledge: { view } }: Pick<DeskMachine, "phase" | "knowledge">): boolean =>
  phase === "on" && view?.power === "active" && view.moduleActive && view.screen !== null;

/** What stands in front of whoever looks at the machine now. Looking changes nothing. */
export function screenOf({ phase, knowledge }: Pick<DeskMachine, "phase" | "knowledge">): ScreenView {
  const { view } = knowledge;
  if (phase === "off") return OFF;
  if (phase === "asleep") return FULL_SLEEP;
  if (phase === "starting" || view === undefined) return STARTING;
  return screenOfView(view);
}

function screenOfView(view: MachineView): ScreenView {
  if (view.power === "full-sleep") return FULL_SLEEP;
  if (view.power === "partial-sleep") return PARTIAL_SLEEP;
  return view.screen === null || !view.moduleActive ? STARTING : shown(view.screen);
}

/** A field that no row shows stands below them, with what was typed into it; a secret one came from the machine as dots. */
function shown({ title, rows, selected, field, softKeys, status }: Screen): ScreenView {
  const lines = rows.map(({ text }) => text);
  if (field !== undefined && !lines.some((line) => line.startsWith(field.label))) lines.push(`${field.label} ${field.value}`);
  return { title, lines, selected: selected ?? null, softKeys, status };
}
