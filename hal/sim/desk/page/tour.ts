/** The guided tour on the page: one step at a time, which notices by itself that it is done. It can be left, and gone on with. */
import type { Drawing, Travel } from "./drawing.ts";
import { button, element, setText } from "./element.ts";
import { recall, store } from "./kept.ts";
import type { Parts } from "./parts.ts";
import type { Room } from "./room.ts";
import type { TourStepTexts } from "./texts/tour-texts.ts";
import { help } from "./tour-help.ts";
import { advance, BEGINNING, cast, STEPS, type Step, type TourEvent, type TourState } from "./tour-steps.ts";

const KEPT = "desk-tour";
const POINTED_MS = 4_000;

interface Kept {
  readonly state: TourState;
  readonly left: boolean;
}

export class Tour {
  readonly root: HTMLElement;
  readonly #parts: Parts;
  readonly #room: Room;
  readonly #where = element("span", {});
  readonly #done = element("p", { class: "tour-done" });
  readonly #title = element("h2", { tabindex: "-1", id: "tour-title" });
  readonly #text = element("p", { class: "tour-text" });
  readonly #bar = element("progress", { max: String(STEPS.length - 1), "aria-labelledby": "tour-title" });
  readonly #show: HTMLButtonElement;
  readonly #do: HTMLButtonElement;
  readonly #again: HTMLButtonElement;
  readonly #skip: HTMLButtonElement;
  readonly #open: HTMLElement;
  readonly #resume: HTMLButtonElement;
  #state: TourState;
  #left: boolean;

  constructor(parts: Parts, room: Room) {
    this.#parts = parts;
    this.#room = room;
    const { tour } = parts.texts;
    const kept = keptIn(recall(KEPT));
    this.#state = kept.state;
    this.#left = kept.left;
    this.#show = button(tour.showMe, { class: "plain" }, () => this.#point());
    this.#do = button(tour.doIt, { class: "plain strong" }, () => void this.#help());
    this.#skip = button(tour.skip, { class: "plain quiet" }, () => this.#skipStep());
    this.#again = button(tour.again, { class: "plain" }, () => this.#goTo(BEGINNING));
    const leave = button(tour.leave, { class: "plain quiet" }, () => this.#leave(true));
    const deeds = element("div", { class: "row" }, this.#do, this.#show, this.#again, this.#skip, leave);
    const where = element("p", { class: "tour-where" }, this.#where, this.#bar);
    const words = element("div", { class: "tour-words" }, where, this.#done, this.#title, this.#text);
    this.#open = element("div", { class: "tour-open" }, words, deeds);
    this.#resume = button("", { class: "plain" }, () => this.#leave(false));
    this.root = element("section", { id: "tour", class: "tour", tabindex: "-1", "aria-label": tour.heading }, this.#open, this.#resume);
    this.#draw();
  }

  /** The machines are drawn anew. */
  look(): void {
    this.#hear({ kind: "drawn" });
    this.#drawText();
  }

  async hear({ step, number, names }: Travel): Promise<void> {
    if (step === "arrived") return;
    this.#hear({ kind: step, number, names });
    const made = names.find(({ item }) => item === "personal-button");
    if (step !== "edited" || made === undefined || this.#state.step !== "button") return;
    const items = await this.#parts.api.read(`/machines/${number}/items?owner=${encodeURIComponent(made.owner)}`);
    const name = buttonName(items, made.key);
    if (name !== undefined) this.#hear({ kind: "registered", owner: made.owner, name, at: number });
  }

  #hear(event: TourEvent): void {
    // One event may end a step whose successor is true already.
    for (let state = this.#state; ; state = this.#state) {
      const next = advance(state, this.#room.drawings, event);
      if (next === state) return;
      this.#go(next);
      if (next.step === state.step) return;
    }
  }

  #go(next: TourState): void {
    const before = this.#state;
    this.#state = next;
    this.#keep();
    if (next.step === before.step) return;
    this.#say(before.step, STEPS.indexOf(next.step) > STEPS.indexOf(before.step));
    this.#draw();
  }

  #say(before: Step, forward: boolean): void {
    const { tour } = this.#parts.texts;
    const { step } = this.#state;
    const said = forward ? this.#textsOf(before).done : step === "fleet" ? tour.backTo : "";
    setText(this.#done, forward && said !== "" ? `\u2713 ${said}` : said);
    const { title, text } = this.#textsOf(step);
    if (!this.#left) this.#parts.announcer.say([said, this.#parts.texts.sentence(title), text].join(" ").trim());
  }

  #draw(): void {
    const { tour } = this.#parts.texts;
    const { step } = this.#state;
    const place = STEPS.indexOf(step);
    const last = STEPS.length - 1;
    this.#open.hidden = this.#left;
    this.#resume.hidden = !this.#left;
    setText(this.#resume, place === 0 || step === "end" ? tour.start : tour.resume(place + 1, last));
    setText(this.#where, step === "end" ? tour.heading : tour.step(place + 1, last));
    this.#bar.value = place;
    this.#done.hidden = this.#done.textContent === "";
    const focused = this.#open.contains(document.activeElement);
    for (const each of [this.#do, this.#show, this.#skip]) each.hidden = step === "end";
    this.#again.hidden = step !== "end";
    if (focused && document.activeElement instanceof HTMLElement && document.activeElement.hidden) this.#title.focus();
    this.#drawText();
  }

  #drawText(): void {
    const { title, text } = this.#textsOf(this.#state.step);
    setText(this.#title, title);
    setText(this.#text, text);
  }

  #textsOf(step: Step): TourStepTexts {
    const actors = cast({ ...this.#state, step }, this.#room.drawings);
    const nameOf = (drawing: Drawing | undefined) => drawing?.deviceName ?? "\u2026";
    const { button: made } = this.#state.memo;
    return this.#parts.texts.tour.steps[step]({
      server: nameOf(actors?.server),
      first: nameOf(actors?.first),
      second: nameOf(actors?.second),
      user: made?.owner.replace(/^user:/, "") ?? "alice",
      button: made?.name ?? "",
    });
  }

  async #help(): Promise<void> {
    const { tour } = this.#parts.texts;
    if (this.#do.getAttribute("aria-disabled") === "true") return;
    this.#do.setAttribute("aria-disabled", "true");
    setText(this.#do, tour.working);
    await help({ ...this.#parts, state: this.#state, drawings: this.#room.drawings });
    this.#do.removeAttribute("aria-disabled");
    setText(this.#do, tour.doIt);
  }

  /** The control that the step is about gets the focus, and a ring that goes by itself. */
  #point(): void {
    const actors = cast(this.#state, this.#room.drawings);
    if (actors === undefined) return;
    const [actor, selector] = TARGETS[this.#state.step];
    const printer = this.#room.printer(actors[actor].number);
    if (selector === ENERGY_SAVER) printer?.showKeys(true);
    const target = printer?.root.querySelector<HTMLElement>(selector);
    if (target === undefined || target === null) return;
    target.focus();
    target.scrollIntoView({ block: "center" });
    target.classList.add("pointed");
    setTimeout(() => target.classList.remove("pointed"), POINTED_MS);
  }

  #skipStep(): void {
    const next = STEPS[STEPS.indexOf(this.#state.step) + 1];
    if (next !== undefined) this.#goTo({ ...this.#state, step: next });
  }

  /** Because a person wants it so: nothing is said to be done. */
  #goTo(state: TourState): void {
    setText(this.#done, "");
    this.#state = state;
    this.#keep();
    this.#draw();
    this.#hear({ kind: "drawn" });
  }

  #leave(left: boolean): void {
    this.#left = left;
    if (!left && this.#state.step === "end") this.#state = BEGINNING;
    this.#keep();
    this.#draw();
    if (left) this.#resume.focus();
    else this.#title.focus();
    this.#hear({ kind: "drawn" });
  }

  #keep(): void {
    const kept: Kept = { state: this.#state, left: this.#left };
    store(KEPT, JSON.stringify(kept));
  }
}

const ENERGY_SAVER = '[data-key="energy-saver"]';

const TARGETS: { readonly [step in Step]: readonly [who: "server" | "first" | "second", selector: string] } = {
  fleet: ["server", ".lcd"],
  button: ["first", ".card select"],
  elsewhere: ["second", ".card select"],
  cut: ["first", ".cable"],
  both: ["first", ".lcd"],
  mend: ["first", ".cable"],
  plug: ["server", ".plug"],
  power: ["server", ".plug"],
  sleep: ["second", ENERGY_SAVER],
  wake: ["second", ".lcd"],
  end: ["first", ".lcd"],
};

/** Where the tour was left, as this page wrote it; the beginning for anything else. */
function keptIn(text: string | undefined): Kept {
  const raw: Partial<Kept> = text === undefined ? {} : JSON.parse(text);
  const known = STEPS.some((step) => step === raw.state?.step);
  return { state: known && raw.state !== undefined ? raw.state : BEGINNING, left: raw.left === true };
}

/** What is written on a personal button; undefined when it is not there: it was deleted. */
function buttonName(items: unknown, key: string): string | undefined {
  if (!Array.isArray(items)) return undefined;
  const found = items.find((each) => each.item === "personal-button" && each.key === key);
  return typeof found?.value?.name === "string" ? found.value.name : undefined;
}
