/**
 * Kana for machines without a keyboard, laid out as on a Japanese telephone: a row of the syllabary on each digit, the
 * star makes the last one voiced, the hash makes it half-voiced. Kanji need a dictionary and are not entered this way.
 */
import type { Key } from "../model/screen.ts";

const HIRAGANA =
  "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん" +
  "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽぁぃぅぇぉっゃゅょー、。「」・（）";
const TAPS: { readonly [key in Key]?: string } = {
  "1": "あいうえおぁぃぅぇぉ",
  "2": "かきくけこ",
  "3": "さしすせそ",
  "4": "たちつてとっ",
  "5": "なにぬねの",
  "6": "はひふへほ",
  "7": "まみむめも",
  "8": "やゆよゃゅょ",
  "9": "らりるれろ",
  "0": "わをんー、。・",
};
const VOICED = "\u3099";
const HALF_VOICED = "\u309a";
const MARKS: { readonly [key in Key]?: string } = { "*": VOICED, "#": HALF_VOICED };
/** From a hiragana to its katakana. */
const TO_KATAKANA = 0x60;

const katakana = (text: string): string =>
  text.replace(/[ぁ-ゖ]/gu, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) + TO_KATAKANA));

/** What up and down go through, in this order. */
export const KANA = { hiragana: [...HIRAGANA, " "], katakana: [...katakana(HIRAGANA), " "] } as const;

/** What a digit key gives when it is pressed again and again; undefined for the other keys. */
export function kanaTaps(key: Key, set: keyof typeof KANA): readonly string[] | undefined {
  const taps = TAPS[key];
  return taps === undefined ? undefined : [...(set === "hiragana" ? taps : katakana(taps))];
}

/**
 * The text with its last kana voiced (star) or half-voiced (hash), or plain again when it was that already; as it is
 * where there is no such kana. Undefined for the other keys.
 */
export function voiced(text: string, key: Key): string | undefined {
  const mark = MARKS[key];
  if (mark === undefined) return undefined;
  const last = [...text].at(-1) ?? "";
  const plain = [...last.normalize("NFD")][0] ?? "";
  const marked = (plain + mark).normalize("NFC");
  if (plain === "" || [...marked].length > 1) return text;
  return text.slice(0, text.length - last.length) + (marked === last ? plain : marked);
}
