/**
 * A screen on a display of character cells, such as 20x4 or 40x12. What does not fit is not lost: the selected row, the
 * title, the soft keys, the field and the status are shown whole, in pages that the display turns by time; the other
 * rows are read by selecting them. No key is spent on reading, so every key does the same on every display.
 *
 * From above: the title with the place in the list, the rows, the field that is typed into, and at the bottom soft keys
 * and status, on one line by turns where the display has less than eight.
 */
import type { Screen } from "../../src/model/screen.ts";
import { padded, shortened, textWidth, wrapped } from "./text-width.ts";

export interface TextSize {
  /** At least 16 and 3. */
  readonly columns: number;
  readonly rows: number;
}

export interface TextLine {
  /** Exactly as many cells as the display has columns. */
  readonly text: string;
  readonly part: "title" | "row" | "greyed" | "selected" | "field" | "soft-keys" | "status";
}

/** Exactly as many lines as the display has rows. */
export type TextPage = readonly TextLine[];

/** How long a page stands before the next one is shown; a new screen and a key begin with the first one again. */
export const PAGE_TURN_MS = 2_500;

const LINES_FOR_BOTH = 8;
const FIELD_LINES_MAX = 2;

/** Lines of one height, in the pages they take. */
type Zone = readonly (readonly TextLine[])[];

/** The pages of a screen; at least one. Never fails. */
export function renderText(screen: Screen, size: TextSize): readonly TextPage[] {
  const bottom = bottomOf(screen, size);
  const title = titleOf(screen, size);
  const field = fieldOf(screen, size);
  const body = bodyOf(screen, { columns: size.columns, rows: size.rows - heightOf(title) - heightOf(field) - heightOf(bottom) });
  const zones = [title, body, field, bottom];
  const pages = Math.max(...zones.map((zone) => zone.length));
  return Array.from({ length: pages }, (_, page) => zones.flatMap((zone) => zone[page % Math.max(1, zone.length)] ?? []));
}

const heightOf = (zone: Zone): number => zone[0]?.length ?? 0;

const line = (text: string, part: TextLine["part"], columns: number): TextLine => ({ text: padded(text, columns), part });

/** Where one is in a list that does not fit stands at the right end. */
function titleOf({ title, rows, selected }: Screen, { columns, rows: lines }: TextSize): Zone {
  const counter = selected === undefined || rows.length < lines - 1 ? "" : ` ${selected + 1}/${rows.length}`;
  const cells = columns - counter.length;
  return wrapped(title, cells).map((text) => [line(padded(text, cells) + counter, "title", columns)]);
}

/** The end, where the typing is, comes first; a field that a row shows is that row's affair. */
function fieldOf({ field, rows, selected }: Screen, { columns, rows: lines }: TextSize): Zone {
  if (field === undefined || rows[selected ?? -1]?.text.startsWith(field.label) === true) return [];
  const height = lines >= LINES_FOR_BOTH ? FIELD_LINES_MAX : 1;
  return endFirst(chunks(wrapped(`${field.value}_`, columns), height)).map((chunk) =>
    filled(chunk, height).map((text) => line(text, "field", columns)),
  );
}

function bottomOf({ softKeys, status }: Screen, { columns, rows }: TextSize): Zone {
  const keys = softKeyLines(softKeys, columns).map((text) => line(text, "soft-keys", columns));
  const states = status === "" ? [] : wrapped(status, columns).map((text) => line(text, "status", columns));
  if (rows < LINES_FOR_BOTH) return [...keys, ...states].map((one) => [one]);
  const pages = Math.max(keys.length, states.length);
  return Array.from({ length: pages }, (_, page) =>
    [keys, states].flatMap((part) => {
      const one = part[page % Math.max(1, part.length)];
      return one === undefined ? [] : [one];
    }),
  );
}

/** As many keys on a line as fit, each under its number; a text that is longer than a line is wrapped. */
function softKeyLines(softKeys: Screen["softKeys"], columns: number): readonly string[] {
  const labels = softKeys.flatMap((text, index) => (text === "" ? [] : [`F${index + 1}:${text}`]));
  const lines: string[] = [];
  for (const label of labels) {
    const before = lines.at(-1);
    const joined = `${before} ${label}`;
    if (before !== undefined && textWidth(joined) <= columns) lines.splice(-1, 1, joined);
    else lines.push(...wrapped(label, columns));
  }
  return lines;
}

/** The selected row whole, its neighbours a line each; without a selection all rows one after the other. */
function bodyOf(screen: Screen, size: TextSize): Zone {
  const { rows, selected } = screen;
  const { columns, rows: height } = size;
  const chosen = selected === undefined ? undefined : rows[selected];
  if (chosen === undefined || selected === undefined) {
    const all = rows.flatMap(({ text, enabled }) => wrapped(text, columns).map((part) => line(part, enabled ? "row" : "greyed", columns)));
    return pagesOf(all, height, columns);
  }
  const indent = " ".repeat(MARK.length);
  const whole = wrapped(bracketed(chosen), columns - MARK.length).map((text, index) =>
    line((index === 0 ? MARK : indent) + text, "selected", columns),
  );
  if (whole.length > height) {
    const pages = pagesOf(whole, height, columns);
    // Who types looks at the end of what was typed.
    return screen.field !== undefined && chosen.text.startsWith(screen.field.label) ? endFirst(pages) : pages;
  }
  const room = height - whole.length;
  const before = Math.max(Math.min(selected, Math.floor(room / 2)), room - (rows.length - 1 - selected));
  const from = Math.max(0, selected - before);
  const neighbours = (first: number, last: number) =>
    rows
      .slice(first, last)
      .map((row) => line(indent + shortened(bracketed(row), columns - MARK.length), row.enabled ? "row" : "greyed", columns));
  const shown = [...neighbours(from, selected), ...whole, ...neighbours(selected + 1, from + height)].slice(0, height);
  return pagesOf(shown, height, columns);
}

const MARK = ">";

/** What may not be used stands in brackets. */
const bracketed = ({ text, enabled }: Screen["rows"][number]): string => (enabled ? text : `(${text})`);

const pagesOf = (lines: readonly TextLine[], height: number, columns: number): Zone =>
  chunks(lines, height).map((chunk) => [
    ...chunk,
    ...Array.from({ length: height - chunk.length }, (): TextLine => line("", "row", columns)),
  ]);

/** In pieces of so many; one empty piece of nothing. */
const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.max(1, Math.ceil(all.length / size)) }, (_, index) => all.slice(index * size, (index + 1) * size));

const endFirst = <T>(pages: readonly T[]): readonly T[] => [...pages.slice(-1), ...pages.slice(0, -1)];

const filled = (texts: readonly string[], height: number): readonly string[] => [
  ...texts,
  ...Array.from({ length: height - texts.length }, () => ""),
];
