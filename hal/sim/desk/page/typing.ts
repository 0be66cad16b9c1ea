/**
 * A line to type into, for keyboards that only come with one: those of phones, and those that compose characters. It is
 * there while the display asks for a text; what is half typed stays, whatever the desk does meanwhile.
 */
import type { Drawing } from "./drawing.ts";
import { button, element, setAttribute } from "./element.ts";
import type { Texts } from "./texts/texts.ts";

export interface TypingParts {
  readonly texts: Texts;
  readonly type: (text: string) => void;
}

export class Typing {
  readonly root: HTMLFormElement;
  readonly #parts: TypingParts;
  readonly #line = element("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: "200" });

  constructor(parts: TypingParts) {
    this.#parts = parts;
    const send = button(parts.texts.printer.send, { class: "plain" }, () => this.#send());
    this.root = element("form", { class: "typing" }, this.#line, send);
    this.root.hidden = true;
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  draw(field: Drawing["field"]): void {
    // A line with something in it, or with the cursor, is not taken from under the hands.
    const busy = this.#line.value !== "" || this.root.contains(document.activeElement);
    this.root.hidden = field === null && !busy;
    if (field === null) return;
    setAttribute(this.#line, "aria-label", this.#parts.texts.printer.type(field.label));
    setAttribute(this.#line, "placeholder", field.label);
    this.#line.type = field.secret ? "password" : "text";
  }

  #send(): void {
    if (this.#line.value === "") return;
    this.#parts.type(this.#line.value);
    this.#line.value = "";
  }
}
