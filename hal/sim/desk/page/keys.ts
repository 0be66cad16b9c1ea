/** The keys as they lie on the printer, and which key of a keyboard stands for which. What is written on them is a text. */
import type { Key } from "../../../../src/model/screen.ts";

/** Rows of a block; undefined is a gap. */
export interface KeyBlock {
  readonly name: "functions" | "move" | "digits" | "jobs";
  readonly keys: readonly (Key | undefined)[];
}

export const BLOCKS: readonly KeyBlock[] = [
  { name: "functions", keys: ["home", "settings", "status", "id"] },
  { name: "move", keys: ["back", "up", undefined, "left", "ok", "right", undefined, "down", undefined] },
  { name: "digits", keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] },
  { name: "jobs", keys: ["energy-saver", "clear", "reset", "stop", "start"] },
];

/** A key of the keyboard as a key of the printer, while its display has the focus. */
export const KEYBOARD: Readonly<Record<string, Key>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Enter: "ok",
  Escape: "back",
  Backspace: "clear",
  F1: "soft1",
  F2: "soft2",
  F3: "soft3",
  F4: "soft4",
  F8: "settings",
  F9: "id",
  Home: "home",
  End: "energy-saver",
};
