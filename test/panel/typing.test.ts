import test from "ava";
import type { Key } from "../../src/model/screen.ts";
import { KEYS } from "../../src/model/screen.ts";
import { CHARACTERS } from "../../src/panel/characters.ts";
import type { TextField } from "../../src/panel/page.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { cleaned, offerText, startTyping, type Typed, typeKey, withoutLast } from "../../src/panel/typing.ts";

const field = (starts: TextField["starts"], charactersMax = 40): TextField => ({ label: "Name", secret: false, starts, charactersMax });

/** Keys, with the milliseconds before each: "2 2 900:3". */
function typed(keys: string, starts: TextField["starts"], text = "", charactersMax = 40, sets = LANGUAGES.en.typing.sets): Typed {
  let state: Typed = { mode: startTyping("f", field(starts), text), text };
  let nowMs = 0;
  for (const word of keys.split(" ").filter((part) => part !== "")) {
    const [wait, name] = word.includes(":") ? word.split(":") : ["100", word];
    const key = KEYS.find((candidate) => candidate === name) as Key;
    nowMs += Number(wait);
    state = typeKey(state, key, nowMs, field(starts, charactersMax), sets);
  }
  return state;
}

const TABLE: readonly (readonly [what: string, keys: string, starts: TextField["starts"], text: string])[] = [
  ["one tap, one letter", "2 3 4", "small", "adg"],
  ["the same key soon: its next letter", "2 2 2", "small", "c"],
  ["the same key later: a new letter", "2 2000:2", "small", "aa"],
  ["the letters of a key go round", "2 2 2 2 2 2 2 2 2", "small", "a"],
  ["the letters of French and German are on the keys", "2 2 2 2 2 2000:3 3 3 3 3", "small", "äé"],
  ["a name begins with a capital", "2 2 3000:2", "capital", "Ba"],
  ["space and marks", "0 1 1", "small", " @"],
  ["an address: digits, the star is a dot, the hash a colon", "1 9 2 * 1 # 8 8", "digits", "192.1:88"],
  ["the arrows offer characters, right takes the one on offer", "down right down right", "small", "bc"],
  ["up from the first is the last: the space", "up right", "small", " "],
  ["left, Clear and [Delete] take the last away", "2 3 4 5 left clear soft3", "small", "a"],
  ["the other characters", "soft2 2 soft2 2 soft2 2", "small", "A2a"],
  ["other keys change nothing", "2 start settings", "small", "a"],
];

for (const [what, keys, starts, text] of TABLE) {
  test(`typing: ${what}`, (t) => t.is(typed(keys, starts).text, text));
}

const KANA: readonly (readonly [what: string, keys: string, text: string])[] = [
  ["small letters first, kana after the digits", "2 soft2 soft2 soft2 1 soft2 1", "aあア"],
  ["a row of the syllabary on each key", "soft2 soft2 soft2 3 3 2000:3", "しさ"],
  ["the star voices the last kana, and takes it back", "soft2 soft2 soft2 2 * 6 * 6 * *", "がばは"],
  ["the hash half-voices it", "soft2 soft2 soft2 soft2 6 #", "パ"],
  ["from voiced to half-voiced", "soft2 soft2 soft2 6 * #", "ぱ"],
  ["what cannot be voiced stays, and so does nothing", "* # soft2 soft2 soft2 * 5 *", "*#な"],
  ["the arrows offer kana", "soft2 soft2 soft2 down right", "い"],
];

for (const [what, keys, text] of KANA) {
  test(`typing kana: ${what}`, (t) => t.is(typed(keys, "small", "", 40, LANGUAGES.ja?.typing.sets).text, text));
}

test("a field takes no more than it holds", (t) => {
  t.is(typed("2 3 4 5", "small", "", 3).text, "adg");
  t.is(cleaned("ab😀c", field("small", 3)), "ab😀", "a character is one, however it is stored");
  t.is(cleaned("😀".repeat(300), field("small", 256)), "😀".repeat(256));
});

test("every printable character of ASCII can be reached with the arrows", (t) => {
  const all = new Set(Object.values(CHARACTERS).flat());
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  t.deepEqual(
    ascii.filter((character) => !all.has(character)),
    [],
  );
});

test("what is typed or pasted stays one line of whole, composed characters", (t) => {
  t.is(cleaned("a\r\n\tb\u0000\u2028c", field("small")), "abc");
  t.is(cleaned("Mu\u0308ller", field("small")), "M\u00fcller");
  t.is(cleaned("\ud800x\udc00😀", field("small")), "x😀");
  t.is(withoutLast("a👩‍👩‍👧"), "a");
  t.is(withoutLast(""), "");
});

test("the character on offer stands in brackets among its neighbours", (t) => {
  t.is(offerText({ ...startTyping("f", field("small"), ""), at: 1 }, "space"), "ý space a [b] c d e");
});
