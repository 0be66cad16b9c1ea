/** The whole page in one language: head, tour, room, what happens, and at the foot what helps. */
import { Announcer } from "./announcer.ts";
import { Api, type Trouble } from "./api.ts";
import type { Drawing, Ntp, Travel } from "./drawing.ts";
import { element, select, setText } from "./element.ts";
import { Feed } from "./feed.ts";
import { Flights } from "./flights.ts";
import { foot } from "./foot.ts";
import { changesOf, journeyText } from "./news.ts";
import { Room } from "./room.ts";
import { LANGUAGES } from "./texts/languages.ts";
import type { Texts } from "./texts/texts.ts";
import { Tour } from "./tour.ts";
import { Travels } from "./travels.ts";

export interface ViewParts {
  readonly texts: Texts;
  readonly chooseLanguage: (tag: string) => void;
}

export class View {
  readonly root: HTMLElement;
  readonly #texts: Texts;
  readonly #announcer = new Announcer();
  readonly #api: Api;
  readonly #room: Room;
  readonly #feed: Feed;
  readonly #tour: Tour;
  readonly #travels = new Travels();
  readonly #flights: Flights;
  readonly #live = element("p", { class: "live pill" });
  readonly #trouble = element("p", { class: "trouble", role: "alert" });
  readonly #ntp: HTMLSelectElement;
  readonly language: HTMLSelectElement;
  #away = false;
  #troubleTimer = 0;

  constructor({ texts, chooseLanguage }: ViewParts) {
    this.#texts = texts;
    this.#api = new Api((trouble) => this.#show(trouble));
    const parts = { texts, api: this.#api, announcer: this.#announcer };
    this.#room = new Room(parts);
    this.#feed = new Feed(parts);
    this.#tour = new Tour(parts, this.#room);
    this.#flights = new Flights({
      send: (number, way, arrive) => this.#room.wiring.send(number, way, arrive),
      arrive: (number) => this.#room.printer(number)?.flash(),
    });
    this.language = select(
      LANGUAGES.map(({ tag, name }) => [tag, name]),
      { id: "language" },
      chooseLanguage,
    );
    this.language.value = texts.tag;
    const times = NTP_MODES.map((mode) => [mode, texts.time[mode]] as const);
    this.#ntp = select(times, { id: "ntp" }, (mode) => this.#setNtp(mode));
    setText(this.#live, texts.connecting);
    this.root = element(
      "div",
      { class: "page" },
      element("a", { class: "skip", href: "#room" }, texts.toPrinters),
      element("a", { class: "skip", href: "#tour" }, texts.toTour),
      this.#head(),
      element("main", {}, this.#tour.root, this.#room.root, this.#feed.root),
      foot(texts, location.origin),
      this.#trouble,
      this.#announcer.root,
    );
  }

  /** The machines and the time server as they are. */
  drawAll(machines: readonly Drawing[], ntp: Ntp): void {
    this.#connected(true);
    const before = new Map(this.#room.drawings.map((drawing) => [drawing.number, drawing]));
    this.#room.drawAll(machines);
    this.drawNtp(ntp);
    if (before.size > 0) this.#tellMoves(before, machines);
    this.#tour.look();
  }

  draw(drawing: Drawing): void {
    const before = this.#room.printer(drawing.number)?.drawing;
    this.#room.draw(drawing);
    if (before !== undefined) for (const text of changesOf(before, drawing, this.#texts)) this.#feed.say(text);
    this.#tour.look();
  }

  travel(travel: Travel): void {
    for (const leg of this.#travels.hear(travel, performance.now())) {
      this.#flights.draw(leg);
      if (leg.kind === "received") continue;
      const { journey } = leg;
      const text = journeyText(journey, (number) => this.#room.nameOf(number), this.#texts);
      this.#feed.follow(`${journey.from} ${journey.startedMs}`, text);
    }
    void this.#tour.hear(travel);
  }

  drawNtp({ mode }: Ntp): void {
    this.#ntp.value = mode;
  }

  away(): void {
    this.#connected(false);
  }

  #head(): HTMLElement {
    const { heading, lead, language, timeServer } = this.#texts;
    return element(
      "header",
      {},
      element("div", { class: "head-text" }, element("h1", {}, heading), element("p", {}, lead)),
      element(
        "div",
        { class: "world" },
        this.#live,
        element("label", {}, `${timeServer} `, this.#ntp),
        element("label", {}, `${language} `, this.language),
      ),
    );
  }

  #tellMoves(before: ReadonlyMap<number, Drawing>, machines: readonly Drawing[]): void {
    const { news, sentence } = this.#texts;
    const numbers = new Set(machines.map(({ number }) => number));
    for (const { number, deviceName } of machines) if (!before.has(number)) this.#feed.say(sentence(news.cameHere(deviceName)));
    for (const [number, { deviceName }] of before) if (!numbers.has(number)) this.#feed.say(sentence(news.wasRemoved(deviceName)));
  }

  #connected(is: boolean): void {
    const { live, away, news, sentence } = this.#texts;
    setText(this.#live, is ? live : away);
    this.#live.dataset.tone = is ? "good" : "bad";
    this.root.classList.toggle("lost", !is);
    if (this.#away === is) this.#feed.say(sentence(is ? news.deskBack : news.deskAway));
    this.#away = !is;
  }

  #show(trouble: Trouble | undefined): void {
    const { problems, problem } = this.#texts;
    this.#trouble.replaceChildren();
    this.#trouble.classList.toggle("shown", trouble !== undefined);
    clearTimeout(this.#troubleTimer);
    if (trouble === undefined) return;
    this.#troubleTimer = setTimeout(() => this.#trouble.classList.remove("shown"), TROUBLE_MS);
    const words = problems[trouble.code];
    // What this page has no words for is said in those of the desk, which are English.
    this.#trouble.append(...(words === undefined ? [problem, " ", element("span", { lang: "en" }, trouble.text)] : [words]));
  }

  #setNtp(mode: string): void {
    void this.#api.call("POST", "/ntp", { mode, offsetMs: mode === "lying" ? 3_600_000 : 0 });
  }
}

/** Long enough to be read twice. */
const TROUBLE_MS = 10_000;
const NTP_MODES = ["normal", "silent", "lying"] as const;
