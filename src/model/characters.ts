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

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Names have none of them: neither line ends, nor a NUL, which would cut a storage key in two. */
export const hasControlCharacters = (text: string): boolean => CONTROL.test(text);
