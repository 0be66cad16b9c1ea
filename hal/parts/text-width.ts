/**
 * How wide a text is on a display of character cells, and how it is broken into lines. A character of Japanese, Chinese
 * or Korean and an emoji take two cells, as Unicode's East Asian Width has it; what is drawn onto the character before
 * it takes none.
 */

/** First and last code point of what takes two cells, ascending (East Asian Width W and F, and emoji). */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f18e, 0x1f19a],
  [0x1f200, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];
const DRAWN_ONTO = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
/** A line does not begin with these; they stay with the character before them. */
const NEVER_FIRST = /^[、。，．・：；？！）」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々%,.:;?!)\]}»”’]/u;
/** A line does not end with these. */
const NEVER_LAST = /[（「『【〈《([{«“]$/u;

/** Nothing here is drawn onto another character, so each code unit is a character: almost every text there is. */
const PLAIN = /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u3000-\u3029\u3030-\u3096\u309b-\u9fff\uff01-\uffdc]*$/;
const ONE_CELL_EACH = /^[\x20-\u2fff]*$/;
const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The characters of a text as people count them. */
export const characters = (text: string): readonly string[] =>
  PLAIN.test(text) ? text.split("") : [...SEGMENTER.segment(text)].map(({ segment }) => segment);

/** Each code unit is a character, and takes one cell. */
const isNarrow = (text: string): boolean => PLAIN.test(text) && ONE_CELL_EACH.test(text);

/** Cells of a text: 0, 1 or 2 for each of its characters. */
export const textWidth = (text: string): number =>
  isNarrow(text) ? text.length : characters(text).reduce((width, character) => width + cellsOf(character), 0);

/** A character takes what its widest part takes; an emoji made of several is one. */
const cellsOf = (character: string): number => Math.max(0, ...[...character].map(cellsOfPoint));

function cellsOfPoint(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  // What follows an emoji and asks for its picture makes it wide.
  if (point === 0xfe0f) return 2;
  if (DRAWN_ONTO.test(character)) return 0;
  return WIDE.some(([first, last]) => first <= point && point <= last) ? 2 : 1;
}

/**
 * The text in lines of at most so many cells (2 or more), none empty but for an empty text: broken at spaces and
 * between Japanese characters, a longer word anywhere. Put together again, without the spaces at the breaks, it is the
 * whole text.
 */
export function wrapped(text: string, cells: number): readonly string[] {
  // Almost every text of a screen fits, and is not looked at character by character.
  if (isNarrow(text) && text.length <= cells) return [text.trimEnd()];
  const lines: string[] = [];
  let line = "";
  let taken = 0;
  for (const piece of pieces(text)) {
    if (taken + textWidth(piece.trimEnd()) <= cells) {
      line += piece;
      taken += textWidth(piece);
      continue;
    }
    if (line.trim() !== "") lines.push(line.trimEnd());
    const broken = cut(piece.trimEnd(), cells);
    lines.push(...broken.slice(0, -1));
    line = (broken.at(-1) ?? "") + piece.slice(piece.trimEnd().length);
    taken = textWidth(line);
  }
  return line.trim() !== "" || lines.length === 0 ? [...lines, line.trimEnd()] : lines;
}

/** What is not broken if it can be helped: words with the space after them, single wide characters with their marks. */
function pieces(text: string): readonly string[] {
  const found: string[] = [];
  let piece = "";
  let before = "";
  for (const character of characters(text)) {
    const mayBreak =
      piece !== "" &&
      !NEVER_FIRST.test(character) &&
      !NEVER_LAST.test(before) &&
      ((before === " " && character !== " ") || textWidth(character) === 2 || textWidth(before) === 2);
    if (mayBreak) found.push(piece);
    piece = mayBreak ? character : piece + character;
    before = character;
  }
  return piece === "" ? found : [...found, piece];
}

/** A word that is longer than a line, cut between its characters. */
function cut(word: string, cells: number): string[] {
  const parts: string[] = [];
  let part = "";
  let taken = 0;
  for (const character of characters(word)) {
    const width = textWidth(character);
    if (taken + width > cells && part !== "") {
      parts.push(part);
      part = "";
      taken = 0;
    }
    part += character;
    taken += width;
  }
  return [...parts, part];
}

/** Filled up with spaces to so many cells; a wider text is left as it is. */
export const padded = (text: string, cells: number): string => text + " ".repeat(Math.max(0, cells - textWidth(text)));

/** Cut to so many cells, with an ellipsis in the last one where something is missing. */
export function shortened(text: string, cells: number): string {
  if (textWidth(text) <= cells) return text;
  const [first = ""] = cut(text, Math.max(1, cells - 1));
  return `${first.trimEnd()}…`;
}
