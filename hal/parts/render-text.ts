/**
 * A screen on a display of character cells, such as 20x4 or 40x12. What does not fit is not lost: the selected row, the
 * title, the soft keys, the field and the status are shown whole, in pages that the display turns by time; so is what a
 * message or a question says above its answer, and what helps while a text is entered. Other rows are whole where there is
 * room, and else read by selecting them.
 * No key is spent on reading, so every key does the same on every display.
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
  readonly part: "title" | "row" | "greyed" | "selected" | "field" | "hint" | "soft-keys" | "status";
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
  const field = fieldOf(screen, size);
  const room = size.rows - heightOf(field) - heightOf(bottomOf(screen, size, []));
  const title = titleOf(screen, { columns: size.columns, rows: room });
  const left = room - heightOf(title);
  const body = bodyOf(screen, { columns: size.columns, rows: left });
  const zones = [title, body, field, bottomOf(screen, size, hintsOf(screen, { columns: size.columns, rows: left }))];
  const pages = Math.max(...zones.map((zone) => zone.length));
  return Array.from({ length: pages }, (_, page) => zones.flatMap((zone) => zone[page % Math.max(1, zone.length)] ?? []));
}

const heightOf = (zone: Zone): number => zone[0]?.length ?? 0;

const line = (text: string, part: TextLine["part"], columns: number): TextLine => ({ text: padded(text, columns), part });

/** Where one is in a list that does not fit below it stands at the right end. */
function titleOf({ title, rows, selected, field }: Screen, { columns, rows: lines }: TextSize): Zone {
  const isWhole = rows.length === 1 || linesOf(rows, columns) < lines;
  const counter = selected === undefined || isTyping({ field, rows, selected }) || isWhole ? "" : ` ${selected + 1}/${rows.length}`;
  const cells = columns - counter.length;
  return wrapped(title, cells).map((text) => [line(padded(text, cells) + counter, "title", columns)]);
}

/** The end, where the typing is, comes first; a field that a row shows is that row's affair. */
function fieldOf({ field, rows, selected }: Screen, { columns, rows: lines }: TextSize): Zone {
  if (field === undefined || !isTyping({ field, rows, selected })) return [];
  const height = lines >= LINES_FOR_BOTH ? FIELD_LINES_MAX : 1;
  return endFirst(chunks(wrapped(`${field.value}_`, columns), height)).map((chunk) =>
    filled(chunk, height).map((text) => line(text, "field", columns)),
  );
}

/** A text is entered: the arrows turn characters there, and select no row. */
const isTyping = ({ field, rows, selected }: Pick<Screen, "field" | "rows" | "selected">): boolean =>
  field !== undefined && rows[selected ?? -1]?.text.startsWith(field.label) !== true;

/** While a text is entered no other row can be selected: those that there is no room for are read at the bottom, by turns. */
function hintsOf(screen: Screen, { columns, rows: height }: TextSize): readonly TextLine[] {
  const { rows, selected } = screen;
  if (selected === undefined || !isTyping(screen)) return [];
  if (linesOf(rows, columns) <= height) return [];
  const others = rows.filter((_, index) => index !== selected);
  return others.flatMap(({ text }) => wrapped(text, columns).map((part) => line(part, "hint", columns)));
}

function bottomOf({ softKeys, status }: Screen, { columns, rows }: TextSize, hints: readonly TextLine[]): Zone {
  const keys = softKeyLines(softKeys, columns).map((text) => line(text, "soft-keys", columns));
  const states = status === "" ? [] : wrapped(status, columns).map((text) => line(text, "status", columns));
  // Where there is no bottom line there is none for hints.
  const upper = keys.length === 0 && states.length === 0 ? [] : [...keys, ...hints];
  if (rows < LINES_FOR_BOTH) return [...upper, ...states].map((one) => [one]);
  const pages = Math.max(upper.length, states.length);
  return Array.from({ length: pages }, (_, page) =>
    [upper, states].flatMap((part) => {
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

/** The selected row whole, and of its neighbours what there is room for; without a selection all rows one after the other. */
function bodyOf(screen: Screen, size: TextSize): Zone {
  const { kind, rows, selected } = screen;
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
  const isSaid = room > 0 && (kind === "message" || kind === "question");
  const said = isSaid ? rows.slice(0, selected).flatMap((row) => neighbour(row, columns, Number.POSITIVE_INFINITY)) : [];
  // The last page is full as well: what belongs together stands together.
  if (said.length > room) return chunks(said, room).map((part) => [...(part.length < room ? said.slice(-room) : part), ...whole]);
  const [above, below] = [rows.slice(Math.max(0, selected - room), selected).reverse(), rows.slice(selected + 1, selected + 1 + room)];
  const roomAbove = Math.max(said.length, Math.floor(room / 2), room - neighbours(below, columns, room).flat().length);
  const before = [...neighbours(above, columns, roomAbove)].reverse().flat();
  const after = neighbours(below, columns, room - before.length).flat();
  return pagesOf([...before, ...whole, ...after], height, columns);
}

/** The rows, the nearest first, each in the lines that it takes of those that are left. */
function neighbours(rows: Screen["rows"], columns: number, lines: number): readonly (readonly TextLine[])[] {
  const blocks: (readonly TextLine[])[] = [];
  let left = lines;
  for (const row of rows) {
    if (left <= 0) break;
    const block = neighbour(row, columns, left);
    blocks.push(block);
    left -= block.length;
  }
  return blocks;
}

/** What rows take that are all shown whole. */
const linesOf = (rows: Screen["rows"], columns: number): number =>
  rows.reduce((sum, row) => sum + neighbour(row, columns, Number.POSITIVE_INFINITY).length, 0);

/** A row that is not selected: whole, its further lines set in, or as much of it as so many lines hold. */
function neighbour(row: Screen["rows"][number], columns: number, linesMax: number): readonly TextLine[] {
  const text = bracketed(row);
  const [first, further] = [" ".repeat(MARK.length), " ".repeat(MARK.length + 1)];
  const drawn = (part: string): TextLine => line(part, row.enabled ? "row" : "greyed", columns);
  if (linesMax <= 1 || textWidth(text) <= columns - first.length) return [drawn(first + shortened(text, columns - first.length))];
  const cells = columns - further.length;
  const parts = wrapped(text, cells);
  const last = parts.slice(linesMax - 1).join(" ");
  const fitting = parts.length > linesMax ? [...parts.slice(0, linesMax - 1), shortened(last, cells)] : parts;
  return fitting.map((part, index) => drawn((index === 0 ? first : further) + part));
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
