/** A terminal as a printer's panel: pages of the screen out, keys and text in. It is left as it was found. */
import { ANSI_BEGIN, ANSI_END, renderAnsi } from "../../hal/parts/render-ansi.ts";
import { PAGE_TURN_MS, renderText, type TextPage, type TextSize } from "../../hal/parts/render-text.ts";
import { readTerminal, TERMINAL_HELP, type TerminalEvent } from "../../hal/parts/terminal-keys.ts";
import type { Screen } from "../../src/model/screen.ts";
import type { Finger } from "./desk-line.ts";

interface Parts {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly size: TextSize;
  readonly onFinger: (finger: Finger) => void;
  readonly onQuit: () => void;
}

/** A single ESC is Back when nothing follows it for this long; over a slow line a sequence takes its time. */
const ESCAPE_MS = 60;

export class Terminal {
  readonly #parts: Parts;
  #pages: readonly TextPage[] = [];
  #page = 0;
  #typing = false;
  #inverted = false;
  #trouble = "";
  #unread = "";
  #turning: NodeJS.Timeout | undefined;
  #escaping: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  open(): void {
    const { input, output } = this.#parts;
    input.setRawMode(true);
    input.setEncoding("utf8");
    input.on("data", this.#read);
    input.once("end", this.#parts.onQuit);
    output.write(ANSI_BEGIN);
  }

  close(): void {
    const { input, output } = this.#parts;
    clearTimeout(this.#turning);
    clearTimeout(this.#escaping);
    input.off("data", this.#read);
    input.setRawMode(false);
    input.pause();
    output.write(ANSI_END);
  }

  show(screen: Screen): void {
    this.#pages = renderText(screen, this.#parts.size);
    this.#typing = screen.field !== undefined;
    this.#inverted = screen.inverted === true;
    this.#trouble = "";
    this.#begin();
  }

  /** Something is the matter with the line; what was shown stays. */
  say(trouble: string): void {
    this.#trouble = trouble;
    this.#draw();
  }

  readonly #read = (bytes: string | Buffer): void => {
    clearTimeout(this.#escaping);
    this.#take(this.#unread + String(bytes), false);
    if (this.#unread !== "") this.#escaping = setTimeout(() => this.#take(this.#unread, true), ESCAPE_MS);
  };

  #take(input: string, ended: boolean): void {
    const { events, rest } = readTerminal(input, { typing: this.#typing, ended });
    this.#unread = rest;
    for (const event of events) this.#happened(event);
  }

  #happened(event: TerminalEvent): void {
    const { onFinger, onQuit } = this.#parts;
    if (event.kind === "quit") return onQuit();
    if (event.kind === "key") onFinger({ keys: [event.key] });
    else if (event.kind === "text") onFinger({ text: event.text });
    this.#begin();
  }

  /** From the first page, whose time begins now. */
  #begin(): void {
    this.#page = 0;
    clearTimeout(this.#turning);
    this.#draw();
    if (this.#pages.length > 1) this.#turning = setTimeout(this.#turn, PAGE_TURN_MS);
  }

  readonly #turn = (): void => {
    this.#page = (this.#page + 1) % this.#pages.length;
    this.#draw();
    this.#turning = setTimeout(this.#turn, PAGE_TURN_MS);
  };

  #draw(): void {
    const page = this.#pages[this.#page] ?? [];
    this.#parts.output.write(renderAnsi(page, [this.#trouble, ...TERMINAL_HELP], this.#inverted));
  }
}
