/** The keys of a printer: four blocks, one stop of the Tab key for all of them. */
import type { Key } from "../../../../src/model/screen.ts";
import { button, element } from "./element.ts";
import { BLOCKS } from "./keys.ts";
import { rove } from "./roving.ts";
import type { Texts } from "./texts/texts.ts";

export interface KeypadParts {
  readonly texts: Texts;
  readonly name: string;
  readonly press: (key: Key) => void;
}

export function keypad({ texts, name, press }: KeypadParts): HTMLElement {
  const buttons: HTMLButtonElement[] = [];
  const cap = (key: Key): HTMLButtonElement => {
    const { cap: label, name: spoken } = written(key, texts);
    const made = button(label, { class: "key", "data-key": key, "aria-label": spoken, title: spoken }, () => press(key));
    buttons.push(made);
    return made;
  };
  const blocks = BLOCKS.map(({ name: block, keys }) =>
    element("div", { class: `keys ${block}` }, ...keys.map((key) => (key === undefined ? element("span", {}) : cap(key)))),
  );
  const root = element("div", { class: "keypad", role: "group", "aria-label": texts.printer.keyboard(name) }, ...blocks);
  rove(root, buttons);
  return root;
}

/** What is written on a key, and what it is called. */
function written(key: Key, { keys, printer }: Texts): { readonly cap: string; readonly name: string } {
  if (key === "*") return { cap: "*", name: printer.star };
  if (key === "#") return { cap: "#", name: printer.hash };
  const named: Readonly<Record<string, { readonly cap: string; readonly name: string }>> = keys;
  return named[key] ?? { cap: key, name: key };
}
