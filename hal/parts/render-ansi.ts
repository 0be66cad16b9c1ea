/**
 * A page of a display of character cells as a terminal shows it: plain ANSI, without colours, so that it works over ssh
 * and on every background. Text of others never controls the terminal: its control characters are shown as spaces.
 */
import type { TextLine, TextPage } from "./render-text.ts";
import { textWidth } from "./text-width.ts";

const ESCAPE = "\u001b[";
const LOOKS: { readonly [part in TextLine["part"]]: string } = {
  title: "1",
  row: "0",
  greyed: "2",
  selected: "7",
  field: "4",
  hint: "0",
  "soft-keys": "1",
  status: "2",
};

/** What a terminal needs before the first page, and after the last one: a screen of its own, no cursor, pastes as pastes. */
export const ANSI_BEGIN = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?2004h${ESCAPE}2J`;
export const ANSI_END = `${ESCAPE}?2004l${ESCAPE}0m${ESCAPE}?25h${ESCAPE}?1049l`;

/** Of a user who wants inverted colours: the terminal's own, the other way round, and the selected row as it else is. */
const INVERTED: typeof LOOKS = {
  title: "1;7",
  row: "7",
  greyed: "2;7",
  selected: "0",
  field: "4;7",
  hint: "7",
  "soft-keys": "1;7",
  status: "2;7",
};

/** The page in a frame at the top left, and lines of help below it; what stood there before is overwritten. */
export function renderAnsi(page: TextPage, help: readonly string[], inverted = false): string {
  const looks = inverted ? INVERTED : LOOKS;
  const cells = "─".repeat(textWidth(page[0]?.text ?? ""));
  const lines = [
    `┌${cells}┐`,
    ...page.map(({ text, part }) => `│${ESCAPE}${looks[part]}m${harmless(text)}${ESCAPE}0m│`),
    `└${cells}┘`,
    ...help.map(harmless),
  ];
  return `${ESCAPE}H${lines.map((line) => `${line}${ESCAPE}K`).join("\r\n")}${ESCAPE}J`;
}

const harmless = (text: string): string => text.replace(/\p{Cc}/gu, " ");
