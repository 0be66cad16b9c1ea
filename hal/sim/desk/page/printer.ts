/** One printer, drawn: its panel with all keys, its lamps, its name plate, and its sockets in the wall. */
import { call } from "./api.ts";
import { Display } from "./display.ts";
import { type Cap, DIGIT_KEYS, type Drawing, FUNCTION_KEYS, JOB_KEYS, MOVE_KEYS } from "./drawing.ts";
import { button, element, setText } from "./element.ts";
import { clientWords, powerWords, serverWords } from "./words.ts";

const USERS = ["Administrator", "alice", "bob", "carol", "dave"];
const LAMPS = ["power", "network", "data", "error"] as const;

export class Printer {
  readonly root: HTMLElement;
  readonly #display: Display;
  readonly #lamps = new Map(LAMPS.map((name) => [name, element("span", { class: "lamp" })]));
  readonly #power = element("span", { class: "pill" });
  readonly #server = element("span", { class: "pill" });
  readonly #client = element("span", { class: "pill" });
  readonly #holds = element("span", { class: "holds" });
  readonly #user: HTMLSelectElement;
  readonly #log = element("ul", { class: "log", "aria-label": "Communication log, newest last" });
  readonly #plug: HTMLButtonElement;
  readonly #cable: HTMLButtonElement;
  readonly #delay: HTMLInputElement;
  readonly #loss: HTMLInputElement;
  readonly #ahead = element("span", { class: "ahead" });
  #drawing: Drawing;

  constructor(drawing: Drawing) {
    const { number, deviceName, productName, location, address } = drawing;
    this.#drawing = drawing;
    this.#display = new Display(number, deviceName);
    this.#user = element(
      "select",
      { "aria-label": `Who is logged in at ${deviceName}` },
      ...["", ...USERS].map((name) => element("option", { value: name }, name === "" ? "nobody" : name)),
    );
    this.#user.addEventListener("change", () => this.#logIn(this.#user.value));
    this.#plug = button("", { class: "plug" }, () => this.#act(this.#drawing.power === "off" ? "switch-on" : "pull-plug"));
    this.#cable = button(
      "",
      { class: "cable" },
      () => void call("POST", `/machines/${number}/network`, { connected: !this.#drawing.cable.connected }),
    );
    this.#delay = this.#knob("delayMs", { max: "5000", step: "50" });
    this.#loss = this.#knob("lossPercent", { max: "100", step: "5" });
    this.root = element(
      "article",
      { class: "printer", "aria-label": `${deviceName}, ${location}` },
      element("div", { class: "lid" }),
      element("div", { class: "panel" }, this.#lampRow(), this.#display.root, this.#keyboard()),
      element(
        "div",
        { class: "body" },
        this.#plate({ deviceName, productName, location, address }),
        element("div", { class: "tray" }),
        this.#log,
      ),
      this.#wall(),
    );
    this.draw(drawing);
  }

  draw(drawing: Drawing): void {
    this.#drawing = drawing;
    this.root.dataset.power = drawing.phase === "starting" ? "starting" : drawing.power;
    this.#display.draw(drawing);
    for (const [name, lamp] of this.#lamps) {
      lamp.dataset.colour = drawing.leds[name];
      lamp.title = `${name}: ${drawing.leds[name]}`;
    }
    pill(this.#power, powerWords(drawing));
    pill(this.#server, serverWords(drawing));
    pill(this.#client, clientWords(drawing));
    setText(this.#holds, drawing.holds.length === 0 ? "" : `kept awake by ${drawing.holds.join(", ")}`);
    this.#drawUser(drawing);
    this.#log.replaceChildren(...drawing.log.map(({ level, text }) => element("li", { "data-level": level }, text)));
    setText(this.#plug, drawing.power === "off" ? "Switch on" : "Pull the plug");
    setText(this.#cable, drawing.cable.connected ? "Pull the cable" : "Plug the cable in");
    this.#cable.classList.toggle("out", !drawing.cable.connected);
    if (document.activeElement !== this.#delay) this.#delay.value = String(drawing.cable.delayMs);
    if (document.activeElement !== this.#loss) this.#loss.value = String(drawing.cable.lossPercent);
    const { aheadMs, sntp } = drawing.clock;
    const seconds = Math.round((aheadMs ?? 0) / 1000);
    setText(
      this.#ahead,
      drawing.power === "off"
        ? ""
        : `clock ${Math.abs(seconds) < 2 ? "right" : `${Math.abs(seconds)} s ${seconds > 0 ? "ahead" : "behind"}`}, time server ${sntp}`,
    );
  }

  #lampRow(): HTMLElement {
    const lamps = [...this.#lamps].map(([name, lamp]) => element("span", { class: "lamp-name" }, lamp, name));
    return element("div", { class: "lamps" }, ...lamps);
  }

  #keyboard(): HTMLElement {
    const block = (name: string, caps: readonly (Cap | undefined)[]) =>
      element("div", { class: `keys ${name}` }, ...caps.map((cap) => (cap === undefined ? element("span", {}) : this.#cap(cap))));
    return element(
      "div",
      { class: "keyboard" },
      block("functions", FUNCTION_KEYS),
      block("move", MOVE_KEYS),
      block("digits", DIGIT_KEYS),
      block("jobs", JOB_KEYS),
    );
  }

  #cap({ key, label, name, look }: Cap): HTMLElement {
    return button(label, { class: `key ${look ?? ""}`, "aria-label": name ?? label, title: name ?? label }, () => this.#display.press(key));
  }

  #plate({
    deviceName,
    productName,
    location,
    address,
  }: Pick<Drawing, "deviceName" | "productName" | "location" | "address">): HTMLElement {
    return element(
      "div",
      { class: "plate" },
      element("h2", {}, deviceName, element("small", {}, ` ${location}`)),
      element("p", {}, `${productName} \u00b7 ${address}`),
      element("p", { class: "pills" }, this.#power, this.#server, this.#client),
      element("label", {}, "Logged in: ", this.#user),
      this.#holds,
    );
  }

  #wall(): HTMLElement {
    return element(
      "div",
      { class: "wall" },
      element(
        "div",
        { class: "sockets" },
        this.#plug,
        button("Switch off", {}, () => this.#act("switch-off")),
        button("Restart", {}, () => this.#act("restart")),
        this.#cable,
      ),
      element(
        "div",
        { class: "knobs" },
        element("label", {}, "Delay ", this.#delay, " ms"),
        element("label", {}, "Loss ", this.#loss, " %"),
        this.#ahead,
      ),
    );
  }

  #knob(name: "delayMs" | "lossPercent", range: { max: string; step: string }): HTMLInputElement {
    const input = element("input", { type: "number", min: "0", value: "0", ...range });
    input.addEventListener("change", () => {
      if (input.validity.valid) void call("POST", `/machines/${this.#drawing.number}/network`, { [name]: input.valueAsNumber });
    });
    return input;
  }

  #drawUser({ user }: Drawing): void {
    if (document.activeElement === this.#user) return;
    const name = user?.displayName ?? "";
    if (![...this.#user.options].some((option) => option.value === name)) this.#user.append(element("option", { value: name }, name));
    this.#user.value = name;
  }

  #logIn(user: string): void {
    const path = `/machines/${this.#drawing.number}/login`;
    void (user === "" ? call("DELETE", path) : call("POST", path, { user }));
    this.#user.blur();
  }

  #act(action: string): void {
    void call("POST", `/machines/${this.#drawing.number}/power`, { action });
  }
}

function pill(where: HTMLElement, { text, tone }: { readonly text: string; readonly tone: string }): void {
  setText(where, text);
  where.dataset.tone = tone;
  where.hidden = text === "";
}
