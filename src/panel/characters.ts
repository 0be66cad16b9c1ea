/** Characters for machines without a keyboard: up and down go through them, digit keys give them as on a telephone. */
import type { Key } from "../model/screen.ts";
import { KANA, kanaTaps } from "./kana.ts";
import type { CharacterSet } from "./state.ts";

const SMALL = "abcdefghijklmnopqrstuvwxyz";
const SMALL_MARKED = "äöüßàáâãåæçèéêëìíîïñòóôõøœùúûÿý";

/** What up and down go through, in this order. All printable ASCII is among them. */
export const CHARACTERS: { readonly [set in CharacterSet]: readonly string[] } = {
  small: [...SMALL, ...SMALL_MARKED, " "],
  capital: [...SMALL.toUpperCase(), ...SMALL_MARKED.replace("ß", "").toUpperCase(), " "],
  ...KANA,
  digits: [..."0123456789.@-_:/,;!?+*#%&=()[]{}<>\\|'\"`^~$ "],
};

/** The next one of a language's sets, round and round. */
export const setAfter = (set: CharacterSet, sets: readonly CharacterSet[]): CharacterSet =>
  sets[(sets.indexOf(set) + 1) % sets.length] ?? set;

const TELEPHONE: { readonly [key in Key]?: string } = {
  "1": ".@-_1:/,!?",
  "2": "abc2äàâç",
  "3": "def3éèêë",
  "4": "ghi4îï",
  "5": "jkl5",
  "6": "mno6öôœ",
  "7": "pqrs7ß",
  "8": "tuv8üùû",
  "9": "wxyz9",
  "0": " 0",
  "*": "*+",
  "#": "#",
};
const DIGITS: { readonly [key in Key]?: string } = {
  ...Object.fromEntries([..."0123456789"].map((digit) => [digit, digit])),
  // An address needs these two.
  "*": ".*",
  "#": ":#",
};

/** What a key of the number pad gives when it is pressed again and again; undefined for the other keys. */
export function tapsOf(key: Key, set: CharacterSet): readonly string[] | undefined {
  if (set === "hiragana" || set === "katakana") return kanaTaps(key, set);
  const taps = set === "digits" ? DIGITS[key] : TELEPHONE[key];
  if (taps === undefined) return undefined;
  return [...(set === "capital" ? taps.replace("ß", "").toUpperCase() : taps)];
}

export const isPadKey = (key: Key): boolean => TELEPHONE[key] !== undefined;
