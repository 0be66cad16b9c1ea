import test from "ava";
import type { Drawing } from "../../hal/sim/desk/page/drawing.ts";
import { en } from "../../hal/sim/desk/page/texts/en.ts";
import { LANGUAGES, languageFor } from "../../hal/sim/desk/page/texts/languages.ts";
import { partWords } from "../../hal/sim/desk/page/words.ts";
import { drawing } from "./page-drawing.ts";

/** The same in every language: keys as they are written on keyboards and printers. */
const NEUTRAL = new Set([
  "F1-F4",
  "F8, F9",
  "Tab",
  "OK",
  "ID",
  "C",
  "Reset",
  "Stop",
  "Start",
  "Status",
  "\u21a9",
  "\u25b2",
  "\u25bc",
  "\u25c0",
  "\u25b6",
  "\u263e",
]);
/** What a panel shows that speaks English still; a foreign tour has to name it so. */
const QUOTED = /Add a personal button/g;
const SAMPLES: readonly unknown[] = ["P1", "P2", "P3"];

/** Every text of a table by its path; a text with gaps is filled with samples. */
function textsOf(value: unknown, path = ""): readonly (readonly [path: string, text: string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "number" || value === undefined) return [];
  if (typeof value === "function") return textsOf(filled(value as (...args: never[]) => unknown, path), `${path}()`);
  return Object.entries(value as object).flatMap(([key, each]) => textsOf(each, `${path}.${key}`));
}

function filled(fill: (...args: never[]) => unknown, path: string): unknown {
  const names = { server: "P1", first: "P2", second: "P3", user: "alice", button: "B" };
  const args = path.includes(".steps.") ? [names] : SAMPLES.slice(0, Math.max(1, fill.length));
  return (fill as (...some: readonly unknown[]) => unknown)(...args);
}

const english = new Map(textsOf(en));

for (const language of LANGUAGES.filter((each) => each !== en)) {
  test(`the page in ${language.name}: every text is there, and none is English`, (t) => {
    const texts = textsOf(language);
    t.deepEqual(
      texts.map(([path]) => path),
      [...english.keys()],
    );
    for (const [path, text] of texts) {
      const original = english.get(path);
      t.is(text === "", original === "", `${path} is empty`);
      if (text.length > 3 && !NEUTRAL.has(text) && !path.startsWith(".tag")) t.not(text, original, path);
      t.notRegex(text.replace(QUOTED, ""), /\b(the|printers?|and|cable|of|is|plug|clock|keys?)\b/i, path);
    }
  });
}

test("the language is what was chosen, else the first of the browser's that there is, else English", (t) => {
  t.is(languageFor(undefined, ["pt-BR", "fr-CA", "de"]).tag, "fr");
  t.is(languageFor("ja", ["de"]).tag, "ja");
  t.is(languageFor("xx", ["it"]).tag, "en");
});

test("M11 a server function that its administrator stopped is told as that, not as one out of reach", (t) => {
  const words = (client: Drawing["client"]) => partWords(drawing(2, { client }), en).map(({ text }) => text);
  t.deepEqual(words({ state: "offline", pending: 1, reason: "server-not-running" }), ["server function does not run", "1 waiting"]);
  t.deepEqual(words({ state: "offline", pending: 0 }), ["server out of reach"]);
});
