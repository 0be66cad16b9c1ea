/** The display of a printer, its four soft keys, and the keyboard of whoever sits in front of it. */
import type { Key } from "../../../../src/model/screen.ts";
import { call } from "./api.ts";
import { type Drawing, KEYBOARD } from "./drawing.ts";
import { button, element, setText } from "./element.ts";

const SLOW_REPEAT_MS = 600;

export class Display {
  readonly root: HTMLElement;
  readonly #number: number;
  readonly #title = element("div", { class: "lcd-title" });
  readonly #rows = element("ol", { class: "lcd-rows" });
  readonly #field = element("div", { class: "lcd-field" });
  readonly #status = element("div", { class: "lcd-status" });
  readonly #soft: readonly HTMLButtonElement[];
  readonly #lcd: HTMLElement;
  #drawn = "";
  #keyRepeat: Drawing["keyRepeat"] = "usual";
  /** When a key that is held down counted last, in the page's own time. */
  #repeatedAtMs = 0;

  constructor(number: number, name: string) {
    this.#number = number;
    this.#lcd = element(
      "div",
      { class: "lcd", tabindex: "0", role: "group", "aria-label": `Display of ${name}. Type here to use its keys.` },
      this.#title,
      this.#rows,
      this.#field,
      this.#status,
    );
    this.#soft = ([1, 2, 3, 4] as const).map((place) =>
      button("", { class: "soft", title: `F${place}` }, () => this.press(`soft${place}`)),
    );
    this.root = element("div", { class: "display" }, this.#lcd, element("div", { class: "softs" }, ...this.#soft));
    this.#lcd.addEventListener("keydown", (event) => this.#type(event));
  }

  press(key: Key): void {
    void call("POST", `/machines/${this.#number}/keys`, { keys: [key] });
  }

  draw(drawing: Drawing): void {
    const { screen, rows, lit, field, inverted } = drawing;
    this.#keyRepeat = drawing.keyRepeat;
    const drawn = JSON.stringify([screen, rows, lit, field, inverted]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#lcd.classList.toggle("lit", lit);
    this.#lcd.classList.toggle("inverted", inverted);
    setText(this.#title, screen.title);
    setText(this.#status, screen.status);
    setText(this.#field, field === null ? "" : `${field.label} ${field.value}\u2038`);
    this.#field.hidden = field === null;
    const lines = lit ? rows : screen.lines.map((text) => ({ text, enabled: true }));
    this.#rows.replaceChildren(...lines.map((row, index) => this.#row(row, index, screen.selected)));
    this.#rows.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    for (const [index, soft] of this.#soft.entries()) {
      const label = screen.softKeys[index] ?? "";
      setText(soft, label);
      soft.setAttribute("aria-label", label === "" ? `Soft key ${index + 1}, without meaning here` : label);
      soft.classList.toggle("blank", label === "");
    }
  }

  #row({ text, enabled }: { text: string; enabled: boolean }, index: number, selected: number | null): HTMLElement {
    const row = element("li", enabled ? {} : { class: "grey" }, text);
    if (index === selected) row.setAttribute("aria-current", "true");
    return row;
  }

  /** Whether a key that is held down counts once more, as the user in front of the machine has chosen. */
  #repeats(atMs: number): boolean {
    if (this.#keyRepeat === "off") return false;
    return this.#keyRepeat === "usual" || atMs - this.#repeatedAtMs >= SLOW_REPEAT_MS;
  }

  #type(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    const key = KEYBOARD[event.key] ?? (/^[0-9*#]$/.test(event.key) && this.#field.hidden ? (event.key as Key) : undefined);
    if (event.repeat && !this.#repeats(event.timeStamp)) return event.preventDefault();
    this.#repeatedAtMs = event.timeStamp;
    if (key !== undefined) this.press(key);
    else if (event.key.length === 1) void call("POST", `/machines/${this.#number}/text`, { text: event.key });
    else return;
    event.preventDefault();
  }
}
