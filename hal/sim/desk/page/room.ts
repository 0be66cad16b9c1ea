/** The room with its printers: puts them down and takes them away, draws their cables, and leads from one to the next. */
import type { Drawing } from "./drawing.ts";
import { button, element, setText } from "./element.ts";
import type { Parts } from "./parts.ts";
import { Printer } from "./printer.ts";
import { Wiring } from "./wiring.ts";

/** With more printers than these their keys are folded away; a button shows them. */
const KEYS_SHOWN_MAX = 3;
const PRINTERS_MAX = 10;

export class Room {
  readonly root: HTMLElement;
  readonly #parts: Parts;
  readonly #wiring = new Wiring();
  readonly #list = element("div", { class: "printers" });
  readonly #add: HTMLButtonElement;
  readonly #printers = new Map<number, Printer>();
  #wires = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#add = button("", { class: "plain add" }, () => void parts.api.call("POST", "/machines"));
    this.root = element(
      "section",
      { id: "room", class: "room", tabindex: "-1", "aria-labelledby": "room-title" },
      element("div", { class: "room-head" }, element("h2", { id: "room-title" }, parts.texts.room), this.#add),
      element("div", { class: "floor" }, this.#wiring.root, this.#list),
    );
    this.#list.addEventListener("keydown", (event) => this.#turn(event));
    new ResizeObserver(() => this.#drawWires()).observe(this.#list);
  }

  get printers(): readonly Printer[] {
    return [...this.#printers.values()].sort((a, b) => a.drawing.number - b.drawing.number);
  }

  get drawings(): readonly Drawing[] {
    return this.printers.map(({ drawing }) => drawing);
  }

  printer(number: number): Printer | undefined {
    return this.#printers.get(number);
  }

  nameOf(number: number): string {
    return this.#printers.get(number)?.drawing.deviceName ?? String(number);
  }

  get wiring(): Wiring {
    return this.#wiring;
  }

  /** Exactly these printers stand in the room. Where one with the focus is taken away, the room has it. */
  drawAll(drawings: readonly Drawing[]): void {
    const numbers = new Set(drawings.map(({ number }) => number));
    for (const [number, printer] of this.#printers) {
      if (numbers.has(number)) continue;
      const focused = printer.root.contains(document.activeElement);
      printer.root.remove();
      this.#printers.delete(number);
      if (focused) this.root.focus();
    }
    const folded = drawings.length > KEYS_SHOWN_MAX;
    const wasFolded = this.root.classList.contains("many");
    for (const drawing of drawings) this.#put(drawing, !folded);
    if (folded !== wasFolded) for (const printer of this.#printers.values()) printer.showKeys(!folded);
    this.root.classList.toggle("many", folded);
    const full = drawings.length >= PRINTERS_MAX;
    setText(this.#add, full ? this.#parts.texts.full : this.#parts.texts.add);
    this.#add.disabled = full;
    this.#drawWires();
  }

  /** A printer that stands here has changed. */
  draw(drawing: Drawing): void {
    this.#printers.get(drawing.number)?.draw(drawing);
    this.#drawWires();
  }

  #put(drawing: Drawing, keysShown: boolean): void {
    const known = this.#printers.get(drawing.number);
    if (known !== undefined) return known.draw(drawing);
    const made = new Printer(drawing, this.#parts, keysShown);
    this.#printers.set(drawing.number, made);
    const next = this.printers.find((each) => each.drawing.number > drawing.number);
    this.#list.insertBefore(made.root, next?.root ?? null);
  }

  /** Once for everything that changes before the next picture. */
  #drawWires(): void {
    cancelAnimationFrame(this.#wires);
    this.#wires = requestAnimationFrame(() => this.#wiring.draw(this.printers));
  }

  #turn(event: KeyboardEvent): void {
    const by = event.key === "PageDown" ? 1 : event.key === "PageUp" ? -1 : 0;
    const { target } = event;
    if (by === 0 || event.ctrlKey || event.altKey || event.metaKey || !(target instanceof Node)) return;
    const printers = this.printers;
    const at = printers.findIndex(({ root }) => root.contains(target));
    const next = printers[(at + by + printers.length) % printers.length];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.display.focus();
    next.root.scrollIntoView({ block: "nearest" });
  }
}
