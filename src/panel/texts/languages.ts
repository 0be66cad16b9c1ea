/** The languages the panel speaks, in the order in which they are offered. */
import { de } from "./de.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import type { Languages } from "./texts.ts";

export const LANGUAGES: Languages = { en, de, fr, ja };
