/** All that the page says, in one language. What machines say on their displays is theirs and comes from them. */
import type { Key } from "../../../../../src/model/screen.ts";
import type { TourTexts } from "./tour-texts.ts";

export interface Texts {
  /** For the page's `lang`. */
  readonly tag: string;
  /** Of the language, in itself. */
  readonly name: string;
  readonly title: string;
  readonly heading: string;
  readonly lead: string;
  readonly toPrinters: string;
  readonly toTour: string;
  readonly language: string;
  readonly timeServer: string;
  readonly time: { readonly [mode in "normal" | "silent" | "lying"]: string };
  readonly connecting: string;
  readonly live: string;
  readonly away: string;
  readonly room: string;
  readonly add: string;
  readonly full: string;
  readonly slowed: string;
  readonly happenings: string;
  readonly quiet: string;
  readonly shortcuts: string;
  readonly shortcutsNote: string;
  /** What a key of the keyboard does on a display, by the key. */
  readonly shortcutRows: readonly (readonly [keys: string, does: string])[];
  readonly script: string;
  readonly scriptNote: string;
  readonly printer: PrinterTexts;
  readonly keys: { readonly [key in Exclude<Key, "soft1" | "soft2" | "soft3" | "soft4" | Digit>]: KeyText };
  readonly lamps: { readonly [name in "power" | "sleep" | "data" | "error" | "network"]: string };
  /** What a lamp that is on says. */
  readonly lampSays: { readonly off: string; readonly green: string; readonly amber: string; readonly red: string };
  readonly power: {
    readonly off: string;
    readonly starting: string;
    readonly awake: string;
    readonly partialSleep: string;
    readonly fullSleep: string;
  };
  readonly dark: { readonly off: string; readonly starting: string; readonly asleep: string };
  readonly server: { readonly [state in "running" | "waiting-for-clock" | "stopped-by-error" | "stood-down"]: string };
  /** Its administrator stopped it, and it said so (M11). */
  readonly serverStopped: string;
  readonly client: { readonly [state in "restart-needed" | "offline" | "joining" | "synchronized" | "paused" | "refused"]: string };
  readonly alone: string;
  readonly waiting: (count: number) => string;
  readonly items: { readonly [item: string]: string };
  readonly anItem: string;
  readonly ofUser: (what: string, user: string) => string;
  readonly ofGroup: (what: string, group: string) => string;
  readonly more: (what: string, count: number) => string;
  /** One sentence of parts that belong together. */
  readonly sentence: (...parts: readonly string[]) => string;
  readonly news: NewsTexts;
  readonly problems: { readonly [code: string]: string };
  readonly problem: string;
  readonly tour: TourTexts;
}

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "*" | "#";

export interface KeyText {
  readonly cap: string;
  readonly name: string;
}

export interface PrinterTexts {
  readonly display: (name: string) => string;
  readonly displayIs: string;
  readonly softKey: (place: number) => string;
  readonly keyboard: (name: string) => string;
  readonly showKeys: string;
  readonly star: string;
  readonly hash: string;
  readonly type: (label: string) => string;
  readonly send: string;
  readonly card: (name: string) => string;
  readonly cardLabel: string;
  readonly nobody: string;
  readonly cut: (name: string) => string;
  readonly mend: (name: string) => string;
  readonly pull: (name: string) => string;
  readonly plugIn: (name: string) => string;
  readonly hands: (name: string) => string;
  readonly clock: (name: string) => string;
  readonly clockShort: string;
  readonly clockRight: string;
  readonly clockWrong: string;
  readonly ahead: (span: string) => string;
  readonly behind: (span: string) => string;
  readonly offsets: { readonly right: string; readonly hourAhead: string; readonly dayBehind: string; readonly yearAhead: string };
  readonly more: string;
  readonly switchOff: string;
  readonly restart: string;
  readonly remove: string;
  readonly delay: string;
  readonly loss: string;
  readonly log: string;
}

/** What happens, in sentences. `what` is a thing that was changed, names are those of printers. */
export interface NewsTexts {
  readonly changed: (what: string, at: string) => string;
  readonly serverHasIt: (ms: number) => string;
  readonly isAt: (names: string, ms: number) => string;
  readonly cut: (name: string) => string;
  readonly mended: (name: string) => string;
  readonly wentOff: (name: string) => string;
  readonly isStarting: (name: string) => string;
  readonly isOn: (name: string) => string;
  readonly sleeps: (name: string) => string;
  readonly woke: (name: string) => string;
  readonly loggedIn: (user: string, name: string) => string;
  readonly loggedOut: (name: string) => string;
  readonly isServer: (name: string) => string;
  readonly isUpToDate: (name: string) => string;
  readonly isOffline: (name: string) => string;
  readonly cameHere: (name: string) => string;
  readonly wasRemoved: (name: string) => string;
  readonly deskAway: string;
  readonly deskBack: string;
}
