/** The display of a printer, its four soft keys, and the keyboard of whoever sits in front of it. */
import type { Key } from "../../../../src/model/screen.ts";
import type { Drawing } from "./drawing.ts";
import { button, element, setAttribute, setText } from "./element.ts";
import { KEYBOARD } from "./keys.ts";
import type { Parts } from "./parts.ts";
import { rove } from "./roving.ts";
import { Typing } from "./typing.ts";

const SLOW_REPEAT_MS = 600;
const SOFT_KEYS = ["soft1", "soft2", "soft3", "soft4"] as const;

export class Display {
  readonly root: HTMLElement;
  readonly #parts: Parts;
  readonly #number: number;
  readonly #title = element("div", { class: "lcd-title" });
  readonly #rows = element("ol", { class: "lcd-rows" });
  /** A field that no row shows. */
  readonly #field = element("div", { class: "lcd-field" });
  readonly #status = element("div", { class: "lcd-status" });
  readonly #soft: readonly HTMLButtonElement[];
  readonly #typing: Typing;
  readonly #lcd: HTMLElement;
  #drawing: Drawing | undefined;
  #drawn = "";
  /** When a key that is held down counted last, in the page's own time. */
  #repeatedAtMs = 0;

  constructor(number: number, name: string, parts: Parts) {
    this.#parts = parts;
    this.#number = number;
    const { texts } = parts;
    this.#lcd = element(
      "div",
      {
        class: "lcd",
        tabindex: "0",
        role: "application",
        "aria-label": texts.printer.display(name),
        "aria-roledescription": texts.printer.displayIs,
      },
      this.#title,
      this.#rows,
      this.#field,
      this.#status,
    );
    this.#soft = SOFT_KEYS.map((key, index) => button("", { class: "soft", title: `F${index + 1}` }, () => this.press(key)));
    const softs = element("div", { class: "softs" }, ...this.#soft);
    rove(softs, this.#soft);
    this.#typing = new Typing({ texts, type: (text) => this.#send(text) });
    this.root = element("div", { class: "display" }, this.#lcd, this.#typing.root, softs);
    this.#lcd.addEventListener("keydown", (event) => this.#keyDown(event));
    this.#lcd.addEventListener("focus", () => this.#read());
    this.#rows.addEventListener("click", ({ target }) => this.#touch(target));
  }

  focus(): void {
    this.#lcd.focus();
  }

  press(...keys: Key[]): void {
    void this.#parts.api.call("POST", `/machines/${this.#number}/keys`, { keys });
  }

  draw(drawing: Drawing): void {
    const { screen, rows, lit, field, inverted, phase } = drawing;
    this.#drawing = drawing;
    const drawn = JSON.stringify([screen, rows, lit, field, inverted, phase]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#lcd.classList.toggle("lit", lit);
    this.#lcd.classList.toggle("inverted", inverted);
    setText(this.#title, lit ? screen.title : "");
    setText(this.#status, lit ? screen.status : "");
    const apart = field !== null && !rows.some(({ text }) => text.startsWith(field.label));
    setText(this.#field, apart ? `${field.label} ${field.value}\u2038` : "");
    this.#field.hidden = !apart;
    this.#typing.draw(field);
    const lines = lit ? rows : [{ text: this.#parts.texts.dark[darkWord(phase)], enabled: true }];
    this.#rows.replaceChildren(...lines.map((row, index) => rowElement(row, lit && index === screen.selected)));
    keepInSight(this.#rows);
    for (const [index, soft] of this.#soft.entries()) this.#drawSoft(soft, lit ? (screen.softKeys[index] ?? "") : "", index);
    if (document.activeElement === this.#lcd) this.#read();
  }

  #drawSoft(soft: HTMLButtonElement, label: string, index: number): void {
    setText(soft, label);
    setAttribute(soft, "aria-label", label === "" ? this.#parts.texts.printer.softKey(index + 1) : label);
    soft.classList.toggle("blank", label === "");
  }

  /** The screen as a sentence: what it is, the row that is selected, what is typed, what is said at its foot. */
  #read(): void {
    if (this.#drawing === undefined) return;
    const { screen, rows, lit, field, phase } = this.#drawing;
    if (!lit) return this.#parts.announcer.read(this.#parts.texts.dark[darkWord(phase)]);
    const { selected } = screen;
    const chosen =
      selected === null ? rows.map(({ text }) => text).join(". ") : `${rows[selected]?.text ?? ""}, ${selected + 1}/${rows.length}`;
    const typed = field === null ? "" : `${field.label} ${field.value}`;
    this.#parts.announcer.read([screen.title, chosen, typed, screen.status].filter((each) => each !== "").join(". "));
  }

  /** A finger on a row: the arrow keys that lead there, and OK. While something is typed, the rows are not for choosing. */
  #touch(target: EventTarget | null): void {
    if (this.#drawing === undefined || !(target instanceof HTMLElement)) return;
    const { screen, lit, field } = this.#drawing;
    const index = [...this.#rows.children].indexOf(target);
    if (!lit) return this.press("ok");
    if (index < 0 || screen.selected === null || field?.label === screen.title) return;
    const by = index - screen.selected;
    this.press(...Array.from({ length: Math.abs(by) }, (): Key => (by > 0 ? "down" : "up")), "ok");
  }

  #send(text: string): void {
    void this.#parts.api.call("POST", `/machines/${this.#number}/text`, { text });
  }

  /** Whether a key that is held down counts once more, as the user in front of the machine has chosen. */
  #repeats(atMs: number): boolean {
    const repeat = this.#drawing?.keyRepeat ?? "usual";
    return repeat === "usual" || (repeat === "slow" && atMs - this.#repeatedAtMs >= SLOW_REPEAT_MS);
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const key = KEYBOARD[event.key] ?? (this.#drawing?.field === null ? digitOf(event.key) : undefined);
    const types = key === undefined && [...event.key].length === 1;
    if (key === undefined && !types) return;
    event.preventDefault();
    if (event.repeat && !this.#repeats(event.timeStamp)) return;
    this.#repeatedAtMs = event.timeStamp;
    if (key === undefined) this.#send(event.key);
    else this.press(key);
  }
}

function rowElement({ text, enabled }: { readonly text: string; readonly enabled: boolean }, selected: boolean): HTMLElement {
  const row = element("li", enabled ? {} : { class: "grey" }, text);
  if (selected) row.setAttribute("aria-current", "true");
  return row;
}

/** Inside of the display only: the page itself must not move because a machine's screen has changed. */
function keepInSight(rows: HTMLElement): void {
  const current = rows.querySelector("[aria-current]");
  if (!(current instanceof HTMLElement)) return;
  const top = current.offsetTop - rows.offsetTop;
  const below = top + current.offsetHeight - rows.clientHeight;
  if (top < rows.scrollTop) rows.scrollTop = top;
  else if (below > rows.scrollTop) rows.scrollTop = below;
}

const darkWord = (phase: Drawing["phase"]): "off" | "starting" | "asleep" =>
  phase === "off" ? "off" : phase === "starting" ? "starting" : "asleep";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"] as const;
const digitOf = (text: string): Key | undefined => DIGITS.find((digit) => digit === text);
