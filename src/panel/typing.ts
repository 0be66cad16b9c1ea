/** Text entry with the keys alone. Pure: the mode and the text before, the mode and the text after. */
import { firstCharacters } from "../model/characters.ts";
import { LIMITS } from "../model/limits.ts";
import type { Key } from "../model/screen.ts";
import { CHARACTERS, setAfter, tapsOf } from "./characters.ts";
import { voiced } from "./kana.ts";
import type { TextField } from "./page.ts";
import type { CharacterSet, Typing } from "./state.ts";

export interface Typed {
  readonly mode: Typing;
  readonly text: string;
}

export const startTyping = (field: string, { starts }: TextField, text: string): Typing => ({
  kind: "typing",
  field,
  before: text,
  // A name begins with a capital and goes on small.
  set: starts === "capital" && text !== "" ? "small" : starts,
  at: 0,
  tap: undefined,
});

/** The four soft keys of the keyboard, in their order on screen. */
export const TYPING_SOFT_KEYS = ["done", "characters", "delete", "cancel"] as const;

/** Keys that change the text or what is on offer; OK and Back, which end it, are the caller's. `sets`: those of the language. */
export function typeKey({ mode, text }: Typed, key: Key, atMs: number, field: TextField, sets: readonly CharacterSet[]): Typed {
  const still = { mode: { ...mode, tap: undefined }, text };
  const offered = CHARACTERS[mode.set];
  switch (key) {
    case "down":
      return { ...still, mode: { ...still.mode, at: (mode.at + 1) % offered.length } };
    case "up":
      return { ...still, mode: { ...still.mode, at: (mode.at + offered.length - 1) % offered.length } };
    case "right":
      return written(still, offered[mode.at] ?? "", field);
    case "left":
    case "clear":
    case "soft3":
      return { ...still, text: withoutLast(text) };
    case "soft2":
      return { ...still, mode: { ...still.mode, set: setAfter(mode.set, sets), at: 0 } };
    default:
      return tapped({ mode, text }, key, atMs, field);
  }
}

/** The same key soon after: its next character in place of the one it gave. */
function tapped({ mode, text }: Typed, key: Key, atMs: number, field: TextField): Typed {
  const { tap } = mode;
  const kana = mode.set === "hiragana" || mode.set === "katakana" ? voiced(text, key) : undefined;
  if (kana !== undefined) return { mode: { ...mode, tap: undefined }, text: kana };
  const again = tap !== undefined && tap.key === key && atMs - tap.atMs <= LIMITS.panelTapMs;
  // The set may have gone from capital to small after the first letter; this key still gives the letter it began with.
  const capital = again && mode.set === "small" && isCapital(text);
  const taps = tapsOf(key, capital ? "capital" : mode.set);
  if (taps === undefined) return { mode, text };
  const turn = again && taps.length > 1 ? tap.turn + 1 : 0;
  const base = again && taps.length > 1 ? withoutLast(text) : text;
  const after = written({ mode, text: base }, taps[turn % taps.length] ?? "", field);
  return { ...after, mode: { ...after.mode, tap: { key, turn, atMs } } };
}

function written({ mode, text }: Typed, character: string, field: TextField): Typed {
  const after = cleaned(text + character, field);
  const small = mode.set === "capital" && field.starts === "capital" && text === "" && after !== "";
  return { mode: small ? { ...mode, set: "small" } : mode, text: after };
}

const isCapital = (text: string): boolean => {
  const last = [...text].at(-1) ?? "";
  return [...text].length === 1 && last !== last.toLowerCase();
};

/** Without its last character, as people count characters. */
export const withoutLast = (text: string): string => {
  const last = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].at(-1);
  return last === undefined ? "" : text.slice(0, last.index);
};

/** What may stand in a field: one line of whole characters, composed, and not too many of them. */
export function cleaned(text: string, { charactersMax }: TextField): string {
  const line = text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, "").normalize("NFC");
  return firstCharacters(line, charactersMax);
}

/** The characters around the one on offer, for the screen. */
export function offerText({ set, at }: Typing, space: string): string {
  const offered = CHARACTERS[set];
  const shown = [-3, -2, -1, 0, 1, 2, 3].map((step) => {
    const character = offered[(at + step + offered.length) % offered.length] ?? "";
    const text = character === " " ? space : character;
    return step === 0 ? `[${text}]` : text;
  });
  return shown.join(" ");
}
