/** What is on the display: the page of where the person is, drawn as a description. */
import type { Field, Row, Screen } from "../model/screen.ts";
import { type ChoiceField, type Page, type PageRow, shown } from "./page.ts";
import { pageOf } from "./screens.ts";
import { appearanceOf, type Frame, type PanelState, textsOf, topFrame, type Typing, type Waiting } from "./state.ts";
import { statusLine } from "./status-line.ts";
import type { Texts } from "./texts/texts.ts";
import { offerText, TYPING_SOFT_KEYS } from "./typing.ts";

/** As the person in front of it has chosen to see it. */
export function view(state: PanelState): Screen {
  const { colours, keyRepeat } = appearanceOf(state)?.accessibility ?? {};
  return {
    ...drawnScreen(state),
    ...(colours === "inverted" ? { inverted: true } : {}),
    ...(keyRepeat === "slow" || keyRepeat === "off" ? { keyRepeat } : {}),
  };
}

function drawnScreen(state: PanelState): Screen {
  const texts = textsOf(state);
  const status = statusLine(texts, state.status);
  if (state.waiting?.slow === true) return waitScreen(texts, status, state.waiting);
  const page = pageOf(state);
  const frame = topFrame(state);
  switch (frame.mode.kind) {
    case "typing":
      return typingScreen(page, frame, frame.mode, texts, status) ?? rowsScreen(page, frame, texts, status);
    case "choosing":
      return choosingScreen(page, frame.mode.field, frame.mode.selected, status) ?? rowsScreen(page, frame, texts, status);
    default:
      return rowsScreen(page, frame, texts, status);
  }
}

/** Index of the selected row: by its key; in a list, where it stood when it is gone; else the page's first. */
export function selectedIndex(page: Page, { selected, index }: Frame): number | undefined {
  if (page.rows.length === 0) return undefined;
  const at = (wanted: string | undefined): number => page.rows.findIndex(({ key }) => key === wanted);
  const found = at(selected);
  if (found >= 0) return found;
  const entries = page.kind === "list" || page.kind === "home";
  return entries && selected !== undefined ? Math.min(index, page.rows.length - 1) : Math.max(0, at(page.first));
}

export const rowOf = (page: Page, key: string): PageRow | undefined => page.rows.find((row) => row.key === key);

/** The value of a choice: what was chosen, else the first option. */
export const chosen = ({ options }: ChoiceField, value: string | undefined): string => value ?? options[0]?.value ?? "";

const NO_SOFT_KEYS = ["", "", "", ""] as const;

function rowsScreen(page: Page, frame: Frame, texts: Texts, status: string): Screen {
  const selected = selectedIndex(page, frame);
  const row = selected === undefined ? undefined : page.rows[selected];
  const [first = "", second = "", third = "", fourth = ""] = page.softKeys.map(({ text }) => text);
  return {
    kind: page.kind,
    title: page.title,
    rows: page.rows.map((candidate) => drawn(candidate, frame, texts)),
    selected,
    field: row === undefined ? undefined : fieldOf(row, frame),
    softKeys: [first, second, third, fourth],
    status,
  };
}

function drawn(row: PageRow, frame: Frame, texts: Texts): Row {
  const value = fieldValue(row, frame);
  const text = value === undefined ? row.text : texts.labelled(row.text, value).trimEnd();
  return row.why === undefined ? { text, enabled: true } : { text, enabled: false, why: texts.why[row.why] };
}

/** What stands in a field; undefined for a row that is none. */
function fieldValue({ key, textField, choiceField }: PageRow, { values }: Frame): string | undefined {
  const value = values[key];
  if (textField !== undefined) return masked(value ?? "", textField.secret);
  if (choiceField === undefined) return undefined;
  return choiceField.options.find((candidate) => candidate.value === chosen(choiceField, value))?.text ?? "";
}

const fieldOf = ({ key, textField }: PageRow, { values }: Frame): Field | undefined =>
  textField === undefined
    ? undefined
    : { label: textField.label, value: masked(values[key] ?? "", textField.secret), secret: textField.secret };

/** A secret is shown by its length alone. */
const masked = (text: string, secret: boolean): string => (secret ? "*".repeat([...text].length) : text);

function typingScreen(page: Page, frame: Frame, mode: Typing, texts: Texts, status: string): Screen | undefined {
  const row = rowOf(page, mode.field);
  const field = row === undefined ? undefined : fieldOf(row, frame);
  if (field === undefined) return undefined;
  const [done, characters, remove, cancel] = TYPING_SOFT_KEYS;
  return {
    kind: "form",
    title: field.label,
    rows: [
      { text: offerText(mode, texts.typing.space), enabled: true },
      { text: texts.typing.hint, enabled: true },
      ...(texts.typing.cannot === "" ? [] : [{ text: texts.typing.cannot, enabled: true }]),
    ],
    selected: 0,
    field,
    softKeys: [texts.action[done], texts.action[characters], texts.action[remove], texts.action[cancel]],
    status,
  };
}

function choosingScreen(page: Page, field: string, selected: string, status: string): Screen | undefined {
  const choice = rowOf(page, field)?.choiceField;
  if (choice === undefined) return undefined;
  const index = choice.options.findIndex(({ value }) => value === selected);
  return {
    kind: "choice",
    title: choice.label,
    rows: choice.options.map(({ text }) => ({ text, enabled: true })),
    selected: index < 0 ? 0 : index,
    field: undefined,
    softKeys: NO_SOFT_KEYS,
    status,
  };
}

const waitScreen = (texts: Texts, status: string, waiting: Waiting): Screen => ({
  kind: "progress",
  title: waiting.contacting === undefined ? texts.wait.title : texts.wait.contacting,
  rows: waitRows(texts, waiting).map((text) => ({ text, enabled: true })),
  selected: undefined,
  field: undefined,
  softKeys: NO_SOFT_KEYS,
  status,
});

function waitRows({ wait, admin }: Texts, { contacting, progress, stopping }: Waiting): string[] {
  if (progress === undefined) return [contacting === undefined ? wait.line : shown(contacting, admin.menu.search), wait.stop];
  return [wait.progress(progress.done, progress.of), stopping ? wait.stopping : wait.stopHere];
}
