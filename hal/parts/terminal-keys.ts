/**
 * What comes from a terminal's keyboard, as keys of the panel and as text. Nothing is lost or taken twice, however the
 * bytes are cut into pieces: an escape sequence that is not complete yet is handed back, to be put before what comes next.
 */
import type { Key } from "../../src/model/screen.ts";

export type TerminalEvent =
  | { readonly kind: "key"; readonly key: Key }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "redraw" }
  | { readonly kind: "quit" };

export interface TerminalInput {
  readonly events: readonly TerminalEvent[];
  /** What may still become an escape sequence. */
  readonly rest: string;
}

const ESCAPE = "\u001b";
const PASTE_BEGINS = `${ESCAPE}[200~`;
const PASTE_ENDS = `${ESCAPE}[201~`;

/** After ESC; xterm, VT220, the Linux console, and rxvt. */
const SEQUENCES: { readonly [sequence: string]: Key } = {
  ...{ "[A": "up", "[B": "down", "[C": "right", "[D": "left", OA: "up", OB: "down", OC: "right", OD: "left" },
  ...{ OP: "soft1", OQ: "soft2", OR: "soft3", OS: "soft4" },
  ...{ "[11~": "soft1", "[12~": "soft2", "[13~": "soft3", "[14~": "soft4" },
  ...{ "[[A": "soft1", "[[B": "soft2", "[[C": "soft3", "[[D": "soft4" },
  ...{ "[15~": "home", "[[E": "home", "[H": "home", OH: "home", "[1~": "home", "[17~": "settings", "[18~": "status", "[19~": "id" },
  ...{ "[20~": "start", "[21~": "stop", "[23~": "reset", "[24~": "energy-saver", "[3~": "clear" },
};
const CONTROLS: { readonly [character: string]: TerminalEvent } = {
  "\r": { kind: "key", key: "ok" },
  "\n": { kind: "key", key: "ok" },
  "\u007f": { kind: "key", key: "clear" },
  "\b": { kind: "key", key: "clear" },
  "\u0003": { kind: "quit" },
  "\u0004": { kind: "quit" },
  "\f": { kind: "redraw" },
};
const PAD: readonly Key[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"];

/** What the keys are called that a terminal does not have. */
export const TERMINAL_HELP: readonly string[] = [
  "F1-F4 soft keys  F5 Home  F6 Settings  F7 Status  F8 ID",
  "F9 Start  F10 Stop  F11 Reset  F12 Energy Saver  Del Clear",
  "arrows, Enter OK, Esc Back, 0-9 * #; Ctrl-C leaves",
];

/**
 * `typing`: a field is on the screen, so digits are text. `ended`: nothing came for a moment, so a single ESC is the key
 * Back and no beginning of anything.
 */
export function readTerminal(input: string, { typing, ended }: { readonly typing: boolean; readonly ended: boolean }): TerminalInput {
  const events: TerminalEvent[] = [];
  let rest = input;
  while (rest !== "") {
    const taken = rest.startsWith(ESCAPE) ? sequence(rest, ended) : plain(rest, typing);
    if (taken === undefined) break;
    if (taken.event !== undefined) events.push(taken.event);
    rest = rest.slice(taken.length);
  }
  return { events, rest };
}

interface Taken {
  readonly length: number;
  /** Undefined: nothing that means anything here. */
  readonly event: TerminalEvent | undefined;
}

/** Undefined: it may go on. */
function sequence(input: string, ended: boolean): Taken | undefined {
  if (input.startsWith(PASTE_BEGINS)) return paste(input, ended);
  const after = input.slice(ESCAPE.length);
  const [found] = /^(?:\[\[[A-E]|\[[\d;?]*[A-Za-z~]|O[A-Za-z])/u.exec(after) ?? [];
  if (found !== undefined) {
    const key = SEQUENCES[found];
    return { length: ESCAPE.length + found.length, event: key === undefined ? undefined : { kind: "key", key } };
  }
  const begun = /^(?:\[[\d;?]*|O|\[\[)?$/u.test(after);
  if (begun && !ended) return undefined;
  return { length: ESCAPE.length, event: { kind: "key", key: "back" } };
}

function paste(input: string, ended: boolean): Taken | undefined {
  const end = input.indexOf(PASTE_ENDS);
  if (end < 0 && !ended) return undefined;
  const text = input.slice(PASTE_BEGINS.length, end < 0 ? undefined : end);
  return { length: end < 0 ? input.length : end + PASTE_ENDS.length, event: text === "" ? undefined : { kind: "text", text } };
}

function plain(input: string, typing: boolean): Taken {
  const [character = ""] = input;
  const length = character.length;
  const control = CONTROLS[character];
  if (control !== undefined) return { length, event: control };
  if (/\p{Cc}/u.test(character)) return { length, event: undefined };
  const key = typing ? undefined : PAD.find((one) => one === character);
  return { length, event: key === undefined ? { kind: "text", text: character } : { kind: "key", key } };
}
