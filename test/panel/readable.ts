/** Whether everything on a screen can be read on a display of character cells. */
import { renderText, type TextLine, type TextPage, type TextSize } from "../../hal/parts/render-text.ts";
import { textWidth } from "../../hal/parts/text-width.ts";
import type { Screen } from "../../src/model/screen.ts";
import type { PanelState } from "../../src/panel/state.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { view } from "../../src/panel/view.ts";

export const SIZES: readonly TextSize[] = [
  { columns: 20, rows: 4 },
  { columns: 40, rows: 12 },
];

/** Where a row is read that is not selected. */
const READ: readonly (readonly TextLine["part"][])[] = [["row"], ["greyed"], ["hint"]];

/** What a person cannot read on the display, however long they wait and whatever row they select; nothing in the best case. */
export function unreadable(screen: Screen, size: TextSize): string[] {
  const { rows, selected, title, status, softKeys, field } = screen;
  const name = `${size.columns}x${size.rows}`;
  const pages = renderText(screen, size);
  const faults = pages.flatMap((page) => sizeFaults(page, size));
  if (!inTurn(pages, ["title"]).includes(solid(title))) faults.push(`title ${title}`);
  if (!inTurn(pages, ["status"]).includes(solid(status))) faults.push(`status ${status}`);
  const keys = inTurn(pages, ["soft-keys"]);
  for (const [index, key] of softKeys.entries())
    if (key !== "" && !keys.includes(solid(`F${index + 1}:${key}`))) faults.push(`soft key ${key}`);
  const typed = solid(field?.value ?? "");
  if (!inTurn(pages, ["field"]).includes(typed) && !inTurn(pages, ["selected"]).includes(typed)) faults.push(`field ${typed}`);
  if (selected === undefined)
    for (const { text } of rows) if (!inTurn(pages, ["row", "greyed"]).includes(solid(text))) faults.push(`row ${text}`);
  const chosen = rows[selected ?? -1];
  // While a text is entered the arrows select no row.
  if (selected !== undefined && field !== undefined && chosen?.text.startsWith(field.label) !== true)
    for (const { text } of rows.filter((row) => row !== chosen))
      if (!READ.some((parts) => inTurn(pages, parts).includes(solid(text)))) faults.push(`hint ${text}`);
  if (chosen !== undefined && !inTurn(pages, ["selected"]).includes(solid(chosen.text))) faults.push(`row ${chosen.text}`);
  return faults.map((fault) => `${name}: ${fault}`);
}

/** The same for every row of the screen, selected one after the other as Down does. */
export const unreadableRows = (screen: Screen, size: TextSize): string[] =>
  screen.selected === undefined
    ? unreadable(screen, size)
    : screen.rows.flatMap((_, selected) => unreadable({ ...screen, selected, field: undefined }, size));

/** What cannot be read of a state of the panel, in any language on any size of display. */
export const unreadableAnywhere = (state: PanelState): string[] =>
  Object.entries(LANGUAGES).flatMap(([tag, texts]) =>
    SIZES.flatMap((size) => unreadableRows(view({ ...state, languages: { en: texts } }), size)).map((fault) => `${tag}: ${fault}`),
  );

function sizeFaults(page: TextPage, { columns, rows }: TextSize): string[] {
  const wide = page.filter(({ text }) => textWidth(text) !== columns).map(({ text }) => `${textWidth(text)} cells: "${text}"`);
  return page.length === rows ? wide : [...wide, `${page.length} lines`];
}

/** What stands in these parts of the pages, twice over, as the pages come round again; without spaces and marks. */
function inTurn(pages: readonly TextPage[], parts: readonly TextLine["part"][]): string {
  const text = pages.flatMap((page) => page.filter(({ part }) => parts.includes(part)).map(textOf)).join("");
  const read = solid(text.replace(/^>/, ""));
  return read + read;
}

/** Without the place in the list. */
const textOf = ({ text, part }: TextLine): string => (part === "title" ? text.replace(/ \d+\/\d+$/u, "") : text);

const solid = (text: string): string => text.replace(/\s/gu, "");
