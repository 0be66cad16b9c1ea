/**
 * The control panel: hard keys, a keyboard where the model has one, and a display that shows screens as descriptions.
 *
 * Keys arrive one by one, in the order they were pressed; a key held down arrives once per repeat. Text arrives as it was
 * typed, a character or a whole paste at a time. `show` replaces the screen at once and never fails: a display that cannot show
 * a screen shows what it can. Colours and key repeat that a screen asks for hold while it is shown. The machine may draw over
 * it (a paper jam) and shows the last screen again afterwards. While the machine is in full sleep no key arrives; the key that
 * wakes it is not passed on.
 */
import type { Key, Screen } from "../src/model/screen.ts";
import type { Unsubscribe } from "./hal.ts";

export interface Panel {
  /**
   * The language of the machine's own menus, as it was chosen when the machine was set up, as a tag such as "de": spoken while
   * nobody is logged in, and to whoever has chosen none. Fixed while the module runs; undefined: English.
   */
  readonly language?: string;
  onKey(listener: (key: Key) => void): Unsubscribe;
  onText(listener: (text: string) => void): Unsubscribe;
  show(screen: Screen): void;
}
