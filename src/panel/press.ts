/** What a key or typed text does. The same everywhere: pages differ in their rows, never in the meaning of a key. */
import type { Key } from "../model/screen.ts";
import { isPadKey } from "./characters.ts";
import { actOn, chooseRow, goOn, only } from "./navigate.ts";
import { BACK, type Page, type PageRow, STAY, type TextField } from "./page.ts";
import { pageOf } from "./screens.ts";
import { LOG_IN } from "./screens/home.ts";
import { frameAt, HOME, type Input, type PanelState, ROWS, type Step, textsOf, topFrame, type Typing, withTop } from "./state.ts";
import { cleaned, startTyping, typeKey, withoutLast } from "./typing.ts";
import { chosen, rowOf, selectedIndex } from "./view.ts";

const PAGE_ROWS = 8;

export function press(state: PanelState, input: Input): Step {
  const page = pageOf(state);
  const { mode } = topFrame(state);
  if (input.kind === "text") return typeText(state, page, input.text);
  const { key, atMs } = input;
  const everywhere = hardKey(state, page, key);
  if (everywhere !== undefined) return everywhere;
  if (mode.kind === "typing") {
    const row = rowOf(page, mode.field);
    if (row?.textField !== undefined) return typingKey(state, page, row, row.textField, mode, key, atMs);
  }
  if (mode.kind === "choosing") {
    const row = rowOf(page, mode.field);
    if (row?.choiceField !== undefined) return choosingKey(state, page, row, mode.selected, key);
  }
  return rowsKey(mode.kind === "rows" ? state : inRows(state), page, key, atMs);
}

/** Keys that mean the same on every screen. */
function hardKey(state: PanelState, page: Page, key: Key): Step | undefined {
  switch (key) {
    case "home":
    case "reset":
      return only({ ...state, stack: HOME });
    case "settings":
      return only({ ...state, stack: [...HOME, frameAt({ screen: "settings" })] });
    case "status":
      return only(
        state.stack.some(({ place }) => place.screen === "status") ? state : goOn(inRows(state), { do: "go", place: { screen: "status" } }),
      );
    case "id":
      return actOn(
        { ...state, stack: HOME },
        page,
        state.user === undefined ? LOG_IN : { do: "ask", intent: { kind: "log-out" }, then: { do: "home" } },
      );
    case "start":
      return startKey(state, page);
    case "stop":
      return state.jobRuns ? actOn(state, page, { do: "ask", intent: { kind: "stop-job" }, then: STAY }) : only(state);
    case "energy-saver":
      return only(state);
    default:
      return undefined;
  }
}

/** Begins what is selected, or what the page is about. While a field is being entered nothing begins. */
function startKey(state: PanelState, page: Page): Step {
  const frame = topFrame(state);
  if (frame.mode.kind !== "rows") return only(state);
  const index = selectedIndex(page, frame);
  const row = index === undefined ? undefined : page.rows[index];
  if (row?.start !== undefined) return chooseRow(state, page, { ...row, ...row.start });
  const named = page.startRow === undefined ? undefined : rowOf(page, page.startRow);
  return named === undefined ? only(state) : chooseRow(state, page, named);
}

function rowsKey(state: PanelState, page: Page, key: Key, atMs: number): Step {
  const frame = topFrame(state);
  const index = selectedIndex(page, frame);
  const row = index === undefined ? undefined : page.rows[index];
  switch (key) {
    case "up":
      return select(state, page, (index ?? 0) - 1);
    case "down":
      return select(state, page, (index ?? 0) + 1);
    case "left":
    case "right":
      return row?.choiceField === undefined
        ? select(state, page, (index ?? 0) + (key === "left" ? -PAGE_ROWS : PAGE_ROWS))
        : turn(state, row, key === "left" ? -1 : 1);
    case "back":
      return only(goOn(state, BACK));
    case "ok": {
      if (row === undefined) return only(state);
      const typed = frame.mode.kind === "rows" && frame.mode.typed && row.textField !== undefined;
      return typed ? finished(state, page, row) : chooseRow(state, page, row);
    }
    case "clear":
      return only(row?.textField === undefined ? state : setValue(state, row.key, withoutLast(frame.values[row.key] ?? "")));
    case "soft1":
    case "soft2":
    case "soft3":
    case "soft4": {
      const soft = page.softKeys[Number(key.slice(4)) - 1];
      return soft === undefined ? only(state) : actOn(state, page, soft.act);
    }
    default:
      return row?.textField === undefined ? only(state) : padKey(state, page, row, row.textField, key, atMs);
  }
}

/** A digit on a field begins its entry; after a keyboard it is just one more character. */
function padKey(state: PanelState, page: Page, row: PageRow, field: TextField, key: Key, atMs: number): Step {
  if (!isPadKey(key)) return only(state);
  const frame = topFrame(state);
  if (frame.mode.kind === "rows" && frame.mode.typed) return typeText(state, page, key);
  const mode = startTyping(row.key, field, frame.values[row.key] ?? "");
  return typingKey(state, page, row, field, mode, key, atMs);
}

function typingKey(state: PanelState, page: Page, row: PageRow, field: TextField, mode: Typing, key: Key, atMs: number): Step {
  if (key === "ok" || key === "soft1") return finished(inRows(state), page, row);
  if (key === "back" || key === "soft4") return only(inRows(setValue(state, mode.field, mode.before)));
  const frame = topFrame(state);
  const typed = typeKey({ mode, text: frame.values[mode.field] ?? "" }, key, atMs, field, textsOf(state).typing.sets);
  return only(withTop(state, { ...frame, selected: row.key, values: { ...frame.values, [mode.field]: typed.text }, mode: typed.mode }));
}

function choosingKey(state: PanelState, page: Page, row: PageRow, selected: string, key: Key): Step {
  const options = row.choiceField?.options ?? [];
  const at = Math.max(
    0,
    options.findIndex(({ value }) => value === selected),
  );
  const moved = (to: number): Step => {
    const option = options[Math.min(Math.max(to, 0), options.length - 1)];
    return only(
      option === undefined
        ? state
        : withTop(state, { ...topFrame(state), mode: { kind: "choosing", field: row.key, selected: option.value } }),
    );
  };
  if (key === "up") return moved(at - 1);
  if (key === "down") return moved(at + 1);
  if (key === "back") return only(inRows(state));
  return key === "ok" ? next(inRows(setValue(state, row.key, selected)), page, row) : only(state);
}

/** Goes into the selected field, or into the one that the page searches with. */
function typeText(state: PanelState, page: Page, text: string): Step {
  const frame = topFrame(state);
  const index = selectedIndex(page, frame);
  const here = frame.mode.kind === "typing" ? rowOf(page, frame.mode.field) : index === undefined ? undefined : page.rows[index];
  const row = here?.textField !== undefined ? here : page.typeInto === undefined ? undefined : rowOf(page, page.typeInto);
  if (row?.textField === undefined) return only(state);
  const value = cleaned((frame.values[row.key] ?? "") + text, row.textField);
  const mode = frame.mode.kind === "typing" ? { ...frame.mode, tap: undefined } : ({ kind: "rows", typed: true } as const);
  return only(withTop(state, { ...frame, selected: row.key, values: { ...frame.values, [row.key]: value }, mode }));
}

/** A field is done: a form of one field is sent, a search goes to what it found, else on to the next row. */
function finished(state: PanelState, page: Page, row: PageRow): Step {
  const fields = page.rows.filter(({ textField, choiceField }) => textField !== undefined || choiceField !== undefined);
  const after = page.rows[page.rows.indexOf(row) + 1];
  if (page.kind === "form" && fields.length === 1 && after !== undefined) return chooseRow(inRows(state), page, after);
  if (page.typeInto === row.key && page.first !== undefined)
    return only(withTop(state, { ...topFrame(state), selected: page.first, mode: ROWS }));
  return next(state, page, row);
}

const next = (state: PanelState, page: Page, row: PageRow): Step => select(state, page, page.rows.indexOf(row) + 1);

function select(state: PanelState, page: Page, index: number): Step {
  const row = page.rows[Math.min(Math.max(index, 0), page.rows.length - 1)];
  return only(row === undefined ? state : withTop(state, { ...topFrame(state), selected: row.key, mode: ROWS }));
}

function turn(state: PanelState, { key, choiceField }: PageRow, by: number): Step {
  if (choiceField === undefined || choiceField.options.length === 0) return only(state);
  const { options } = choiceField;
  const at = options.findIndex(({ value }) => value === chosen(choiceField, topFrame(state).values[key]));
  const option = options[(at + by + options.length) % options.length];
  return only(option === undefined ? state : setValue(state, key, option.value));
}

const inRows = (state: PanelState): PanelState => withTop(state, { ...topFrame(state), mode: ROWS });

function setValue(state: PanelState, field: string, value: string): PanelState {
  const frame = topFrame(state);
  return withTop(state, { ...frame, values: { ...frame.values, [field]: value } });
}
