/**
 * What screen readers are told: what happens on the desk, and what the display that has the focus shows. One polite
 * region for each, so that neither swallows the other; the visible page says the same in its own places.
 */
import { element } from "./element.ts";

/** Screens follow each other while keys are pressed; the one that stays is read. */
const SETTLE_MS = 250;

export class Announcer {
  readonly root: HTMLElement;
  readonly #happened = element("div", { role: "status", "aria-live": "polite", id: "happened" });
  readonly #screen = element("div", { role: "status", "aria-live": "polite", id: "read" });
  #timer = 0;

  constructor() {
    this.root = element("div", { class: "unseen" }, this.#happened, this.#screen);
  }

  say(text: string): void {
    this.#happened.textContent = text;
  }

  read(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#screen.textContent !== text) this.#screen.textContent = text;
    }, SETTLE_MS);
  }
}
