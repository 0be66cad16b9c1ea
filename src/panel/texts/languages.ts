/** The languages the panel speaks. */
import { de } from "./de.ts";
import { en } from "./en.ts";
import type { Languages } from "./texts.ts";

export const LANGUAGES: Languages = { en, de };
