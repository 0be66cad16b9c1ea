/** Characters for machines without a keyboard: up and down go through them, digit keys give them as on a telephone. */
import type { Key } from "../model/screen.ts";
import type { CharacterSet } from "./state.ts";

const SMALL = "abcdefghijklmnopqrstuvwxyz";
const SMALL_MARKED = "äöüßàáâãåæçèéêëìíîïñòóôõøùúûý";

/** What up and down go through, in this order. All printable ASCII is among them. */
export const CHARACTERS: { readonly [set in CharacterSet]: readonly string[] } = {
  small: [...SMALL, ...SMALL_MARKED, " "],
  capital: [...SMALL.toUpperCase(), ...SMALL_MARKED.replace("ß", "").toUpperCase(), " "],
  digits: [..."0123456789.@-_:/,;!?+*#%&=()[]{}<>\\|'\"`^~$ "],
};

const NEXT_SET: { readonly [set in CharacterSet]: CharacterSet } = { small: "capital", capital: "digits", digits: "small" };
export const setAfter = (set: CharacterSet): CharacterSet => NEXT_SET[set];

const TELEPHONE: { readonly [key in Key]?: string } = {
  "1": ".@-_1:/,!?",
  "2": "abc2ä",
  "3": "def3",
  "4": "ghi4",
  "5": "jkl5",
  "6": "mno6ö",
  "7": "pqrs7ß",
  "8": "tuv8ü",
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
  const taps = set === "digits" ? DIGITS[key] : TELEPHONE[key];
  if (taps === undefined) return undefined;
  return [...(set === "capital" ? taps.replace("ß", "").toUpperCase() : taps)];
}

export const isPadKey = (key: Key): boolean => TELEPHONE[key] !== undefined;
