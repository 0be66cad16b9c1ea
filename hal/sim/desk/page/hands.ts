/** What hands do to a printer besides pressing its keys: plug, clock, switch, a worse cable, and carrying it away. */
import type { Drawing } from "./drawing.ts";
import { icon } from "./art.ts";
import { button, element, select, setAttribute, setText } from "./element.ts";
import type { Parts } from "./parts.ts";
import type { Texts } from "./texts/texts.ts";
import { clockSpan } from "./words.ts";

const HOUR_MS = 3_600_000;
const OFFSETS = { right: 0, hourAhead: HOUR_MS, dayBehind: -24 * HOUR_MS, yearAhead: 365 * 24 * HOUR_MS } as const;

export class Hands {
  readonly root: HTMLElement;
  readonly #parts: Parts;
  readonly #plug: HTMLButtonElement;
  readonly #clock: HTMLSelectElement;
  readonly #clockNow = element("option", { value: "" });
  readonly #delay: HTMLInputElement;
  readonly #loss: HTMLInputElement;
  readonly #log = element("ul", { class: "log", lang: "en" });
  #drawing: Drawing;

  constructor(drawing: Drawing, parts: Parts) {
    this.#parts = parts;
    this.#drawing = drawing;
    const { printer } = parts.texts;
    const name = drawing.deviceName;
    this.#plug = button(icon("plug"), { class: "plug round" }, () =>
      this.#power(this.#drawing.power === "off" ? "switch-on" : "pull-plug"),
    );
    this.#clock = select([], { "aria-label": printer.clock(name) }, (chosen) => this.#setClock(chosen));
    const group = element("optgroup", { label: printer.clockWrong });
    for (const key of OFFSET_KEYS) group.append(element("option", { value: key }, printer.offsets[key]));
    this.#clock.append(this.#clockNow, group);
    this.#delay = this.#knob("delayMs", { max: "5000", step: "50" });
    this.#loss = this.#knob("lossPercent", { max: "100", step: "5" });
    this.root = element(
      "div",
      { class: "hands", role: "group", "aria-label": printer.hands(name) },
      this.#plug,
      element("label", { class: "clock" }, icon("clock"), element("span", {}, printer.clockShort), this.#clock),
      this.#more(),
    );
    this.draw(drawing);
  }

  draw(drawing: Drawing): void {
    this.#drawing = drawing;
    const { deviceName, power, cable, clock } = drawing;
    const { printer, tag } = this.#parts.texts;
    const off = power === "off";
    setAttribute(this.#plug, "aria-label", off ? printer.plugIn(deviceName) : printer.pull(deviceName));
    this.#plug.title = this.#plug.getAttribute("aria-label") ?? "";
    this.#plug.classList.toggle("out", off);
    const span = clockSpan(clock.aheadMs, tag);
    const says = span === "" ? printer.clockRight : clock.aheadMs > 0 ? printer.ahead(span) : printer.behind(span);
    setText(this.#clockNow, says);
    this.#clock.value = "";
    this.#clock.classList.toggle("wrong", span !== "");
    if (document.activeElement !== this.#delay) this.#delay.value = String(cable.delayMs);
    if (document.activeElement !== this.#loss) this.#loss.value = String(cable.lossPercent);
    this.#log.replaceChildren(...drawing.log.map(({ level, text }) => element("li", { "data-level": level, lang: "en" }, text)));
  }

  #more(): HTMLElement {
    const { printer } = this.#parts.texts;
    const { number, deviceName, productName, address } = this.#drawing;
    const remove = () => void this.#parts.api.call("DELETE", `/machines/${number}`);
    return element(
      "details",
      { class: "more" },
      element("summary", { "aria-label": `${printer.more}: ${deviceName}` }, printer.more),
      element("p", {}, `${productName} \u00b7 ${address}`),
      element(
        "div",
        { class: "row" },
        button(printer.switchOff, { class: "plain" }, () => this.#power("switch-off")),
        button(printer.restart, { class: "plain" }, () => this.#power("restart")),
        button(printer.remove, { class: "plain" }, remove),
      ),
      element(
        "div",
        { class: "row" },
        element("label", {}, `${printer.delay} `, this.#delay),
        element("label", {}, `${printer.loss} `, this.#loss),
      ),
      element("div", { class: "log-title" }, printer.log),
      this.#log,
    );
  }

  #knob(name: "delayMs" | "lossPercent", range: { max: string; step: string }): HTMLInputElement {
    const input = element("input", { type: "number", min: "0", value: "0", ...range });
    input.addEventListener("change", () => {
      if (input.validity.valid)
        void this.#parts.api.call("POST", `/machines/${this.#drawing.number}/network`, { [name]: input.valueAsNumber });
    });
    return input;
  }

  #setClock(chosen: string): void {
    const key = OFFSET_KEYS.find((each) => each === chosen);
    this.#clock.value = "";
    if (key !== undefined) void this.#parts.api.call("POST", `/machines/${this.#drawing.number}/clock`, { offsetMs: OFFSETS[key] });
  }

  #power(action: string): void {
    void this.#parts.api.call("POST", `/machines/${this.#drawing.number}/power`, { action });
  }
}

const OFFSET_KEYS: readonly (keyof Texts["printer"]["offsets"])[] = ["right", "hourAhead", "dayBehind", "yearAhead"];
