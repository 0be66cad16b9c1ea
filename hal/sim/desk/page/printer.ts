/** One printer, drawn: feeder, panel with display, lamps and keys, body with its plate and paper drawers, plug and cable. */
import { icon } from "./art.ts";
import { Display } from "./display.ts";
import type { Drawing } from "./drawing.ts";
import { button, element, select, setAttribute, setText } from "./element.ts";
import { Hands } from "./hands.ts";
import { keypad } from "./keypad.ts";
import type { Parts } from "./parts.ts";
import { partWords, powerWords, type Words } from "./words.ts";

const USERS = ["alice", "bob", "carol", "dave", "Administrator"];
const LAMPS = ["power", "sleep", "data", "error"] as const;
const ARRIVED_MS = 1_600;

export class Printer {
  readonly root: HTMLElement;
  readonly display: Display;
  readonly #parts: Parts;
  readonly #hands: Hands;
  readonly #lamps = new Map([...LAMPS, "network" as const].map((name) => [name, element("span", { class: "lamp", role: "img" })]));
  readonly #words = element("p", { class: "words" });
  readonly #waiting = element("span", { class: "waiting", "aria-hidden": "true" });
  readonly #crown: HTMLElement;
  readonly #user: HTMLSelectElement;
  readonly #cable: HTMLButtonElement;
  readonly #keypad: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  #drawing: Drawing;
  #arrivedTimer = 0;

  constructor(drawing: Drawing, parts: Parts, keysShown: boolean) {
    const { number, deviceName, location } = drawing;
    const { printer } = parts.texts;
    this.#parts = parts;
    this.#drawing = drawing;
    this.display = new Display(number, deviceName, parts);
    this.#hands = new Hands(drawing, parts);
    this.#crown = element("span", { class: "crown", "aria-hidden": "true" }, icon("stack"));
    const users = [["", printer.nobody] as const, ...USERS.map((name) => [name, name] as const)];
    this.#user = select(users, { "aria-label": printer.card(deviceName) }, (user) => this.#logIn(user));
    this.#cable = button(icon("scissors"), { class: "cable round" }, () => this.#turnCable());
    this.#keypad = keypad({ texts: parts.texts, name: deviceName, press: (key) => this.display.press(key) });
    this.#keypad.id = `keys-${number}`;
    const toggle = { class: "show-keys", "aria-controls": this.#keypad.id, "aria-label": printer.keyboard(deviceName) };
    this.#toggle = button(printer.showKeys, toggle, () => this.showKeys(this.#keypad.hidden !== false));
    const heading = element("h3", {}, deviceName, " ", element("small", {}, location));
    this.root = element(
      "article",
      { class: "printer", "aria-label": `${deviceName}, ${location}`, "data-number": String(number) },
      element("div", { class: "drop" }, this.#cable, this.#lampElement("network"), this.#waiting),
      element("div", { class: "feeder" }),
      element("div", { class: "panel" }, this.display.root, this.#lampRow(), this.#keypad),
      element(
        "div",
        { class: "body" },
        element("div", { class: "plate" }, this.#crown, heading, this.#words),
        element("label", { class: "card" }, element("span", {}, printer.cardLabel), this.#user),
        element("div", { class: "drawers", "aria-hidden": "true" }, element("i", {}), element("i", {})),
      ),
      this.#hands.root,
    );
    this.showKeys(keysShown);
    this.draw(drawing);
  }

  get drawing(): Drawing {
    return this.#drawing;
  }

  showKeys(shown: boolean): void {
    this.#keypad.hidden = !shown;
    setAttribute(this.#toggle, "aria-expanded", String(shown));
  }

  draw(drawing: Drawing): void {
    this.#drawing = drawing;
    const { texts } = this.#parts;
    this.root.dataset.power = drawing.phase === "starting" ? "starting" : drawing.power;
    this.root.classList.toggle("server", drawing.server !== null);
    this.display.draw(drawing);
    this.#hands.draw(drawing);
    for (const [name, lamp] of this.#lamps) {
      lamp.dataset.colour = drawing.leds[name];
      setAttribute(lamp, "aria-label", `${texts.lamps[name]}: ${texts.lampSays[drawing.leds[name]]}`);
    }
    this.#drawWords([powerWords(drawing, texts), ...partWords(drawing, texts)]);
    this.#drawCable(drawing);
    this.#drawUser(drawing);
  }

  /** Something has come from another machine: the printer lights up for a moment. */
  flash(): void {
    clearTimeout(this.#arrivedTimer);
    this.root.classList.add("arrived");
    this.#arrivedTimer = setTimeout(() => this.root.classList.remove("arrived"), ARRIVED_MS);
  }

  #drawWords(words: readonly Words[]): void {
    const text = JSON.stringify(words);
    if (this.#words.dataset.words === text) return;
    this.#words.dataset.words = text;
    this.#words.replaceChildren(...words.map((each) => element("span", { class: "pill", "data-tone": each.tone }, each.text)));
  }

  #drawCable({ cable, deviceName, client }: Drawing): void {
    const { printer } = this.#parts.texts;
    const label = cable.connected ? printer.cut(deviceName) : printer.mend(deviceName);
    if (this.#cable.getAttribute("aria-label") !== label) {
      this.#cable.setAttribute("aria-label", label);
      this.#cable.title = label;
      this.#cable.replaceChildren(icon(cable.connected ? "scissors" : "mend"));
      this.#cable.classList.toggle("out", !cable.connected);
    }
    const pending = client?.pending ?? 0;
    setText(this.#waiting, pending === 0 ? "" : String(pending));
    this.#waiting.hidden = pending === 0;
  }

  #drawUser({ user }: Drawing): void {
    const name = user?.displayName ?? "";
    if (![...this.#user.options].some((option) => option.value === name)) this.#user.append(element("option", { value: name }, name));
    if (this.#user.value !== name) this.#user.value = name;
  }

  #lampElement(name: (typeof LAMPS)[number] | "network"): HTMLElement {
    return this.#lamps.get(name) ?? element("span", {});
  }

  #lampRow(): HTMLElement {
    const { lamps } = this.#parts.texts;
    const named = LAMPS.map((name) =>
      element("span", { class: "lamp-name" }, this.#lampElement(name), element("span", { "aria-hidden": "true" }, lamps[name])),
    );
    return element("div", { class: "lamps" }, ...named, this.#toggle);
  }

  #turnCable(): void {
    const { number, cable } = this.#drawing;
    void this.#parts.api.call("POST", `/machines/${number}/network`, { connected: !cable.connected });
  }

  #logIn(user: string): void {
    const path = `/machines/${this.#drawing.number}/login`;
    void (user === "" ? this.#parts.api.call("DELETE", path) : this.#parts.api.call("POST", path, { user }));
  }
}
