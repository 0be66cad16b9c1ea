/** The simulated control panel: fingers are knobs, the display is a value. */
import type { Key, Screen } from "../../src/model/screen.ts";
import type { Unsubscribe } from "../hal.ts";
import type { Panel } from "../panel.ts";
import { Listeners } from "../parts/listeners.ts";
import type { SimPower } from "./sim-power.ts";

export class SimPanel implements Panel {
  readonly language: string;
  readonly #power: SimPower;
  readonly #keys = new Listeners<Key>();
  readonly #texts = new Listeners<string>();
  readonly #screens = new Listeners<Screen>();
  #screen: Screen | undefined;

  constructor({ power, language = "en" }: { readonly power: SimPower; readonly language?: string | undefined }) {
    this.language = language;
    this.#power = power;
  }

  onKey(listener: (key: Key) => void): Unsubscribe {
    return this.#keys.add(listener);
  }

  onText(listener: (text: string) => void): Unsubscribe {
    return this.#texts.add(listener);
  }

  show(screen: Screen): void {
    this.#screen = screen;
    this.#screens.tell(screen);
  }

  /** Knob: a finger. On a dark panel (either sleep) the key wakes the machine and is not passed on; [Energy Saver] puts it to sleep. */
  press(key: Key): void {
    if (this.#power.state !== "active") {
      this.#power.wake("key");
      return;
    }
    this.#keys.tell(key);
    if (key === "energy-saver") void this.#power.pressEnergySaver();
  }

  /** Knob: the keyboard, a character or a whole paste. Wakes like a key. */
  type(text: string): void {
    if (this.#power.state !== "active") this.#power.wake("key");
    else if (text !== "") this.#texts.tell(text);
  }

  /** Knob: what the display shows; undefined before the first screen. */
  screen(): Screen | undefined {
    return this.#screen;
  }

  /** Knob: hears of each screen as it is shown. */
  onShow(listener: (screen: Screen) => void): Unsubscribe {
    return this.#screens.add(listener);
  }
}
