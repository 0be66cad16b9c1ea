/** The list of what happened, the newest first; a journey goes on in its own line. Screen readers are told of it politely. */
import type { Announcer } from "./announcer.ts";
import { element, setText } from "./element.ts";
import type { Texts } from "./texts/texts.ts";

const LINES_MAX = 30;
/** A journey that has not gone on for so long is told as a whole. */
const SETTLE_MS = 700;

export interface FeedParts {
  readonly texts: Texts;
  readonly announcer: Announcer;
}

export class Feed {
  readonly root: HTMLElement;
  readonly #parts: FeedParts;
  readonly #lines: HTMLOListElement;
  readonly #quiet: HTMLElement;
  #timer = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    const { happenings, quiet, slowed } = parts.texts;
    this.#lines = element("ol", { class: "feed", tabindex: "0", "aria-labelledby": "feed-title" });
    this.#quiet = element("p", { class: "quiet" }, quiet);
    this.root = element(
      "section",
      { class: "happenings", "aria-labelledby": "feed-title" },
      element("h2", { id: "feed-title" }, happenings),
      this.#quiet,
      this.#lines,
      element("p", { class: "note" }, slowed),
    );
    this.#lines.hidden = true;
  }

  say(text: string): void {
    this.#line(text);
    this.#parts.announcer.say(text);
  }

  /** One line for all tellings of the same key. */
  follow(key: string, text: string): void {
    const known = [...this.#lines.children].find((line) => line instanceof HTMLElement && line.dataset.key === key);
    if (known === undefined) this.#line(text, key);
    else setText(known.lastElementChild ?? known, text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#parts.announcer.say(text), SETTLE_MS);
  }

  #line(text: string, key?: string): void {
    const at = new Date();
    const time = element("time", { datetime: at.toISOString() }, at.toLocaleTimeString(this.#parts.texts.tag));
    const line = element("li", key === undefined ? {} : { "data-key": key }, time, " ", element("span", {}, text));
    this.#lines.prepend(line);
    while (this.#lines.childElementCount > LINES_MAX) this.#lines.lastElementChild?.remove();
    this.#lines.hidden = false;
    this.#quiet.hidden = true;
  }
}
