/** Characters as people count them in a limit: one beyond U+FFFF is one, although it is two units of a string. */
const charactersIn = (text: string): number => {
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters;
};

/** Nothing is counted in a text that is short even in units. */
export const hasMoreCharacters = (text: string, max: number): boolean => text.length > max && charactersIn(text) > max;

/** As many of the first characters as may be; none is cut in two. */
export const firstCharacters = (text: string, charactersMax: number): string =>
  text.length <= charactersMax ? text : Array.from(text).slice(0, charactersMax).join("");
