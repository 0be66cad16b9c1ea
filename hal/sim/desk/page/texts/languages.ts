/** The languages of the page, and which one to begin with. */
import { de } from "./de.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import type { Texts } from "./texts.ts";

export const LANGUAGES: readonly Texts[] = [en, de, fr, ja];

/** What was chosen before, else the first of the browser's languages that there is, else English. */
export function languageFor(chosen: string | undefined, wanted: readonly string[]): Texts {
  const tags = [...(chosen === undefined ? [] : [chosen]), ...wanted].map((tag) => tag.slice(0, 2).toLowerCase());
  for (const tag of tags) {
    const found = LANGUAGES.find((each) => each.tag === tag);
    if (found !== undefined) return found;
  }
  return en;
}
