import test from "ava";
import type { ModuleStatus } from "../../hal/services.ts";
import type { PolicyPart } from "../../src/model/refusal.ts";
import { CODES } from "../../src/model/errors.ts";
import { textWidth } from "../../hal/parts/text-width.ts";
import { statusLine } from "../../src/panel/status-line.ts";
import { LANGUAGES } from "../../src/panel/texts/languages.ts";
import { loadLanguages } from "../../src/panel/texts/load-languages.ts";
import { type Explanation, languageFor, type Texts } from "../../src/panel/texts/texts.ts";

const FIGURES = {
  machinesMax: 10,
  parts: ["domains", "groups"],
  sntp: "silent",
  served: [1, 2],
  usersMax: 1_000,
  entriesMax: 200,
  listsMax: 50,
  text: "x:80",
} as const;
/** To be imported with the client function stopped (M23), in each language. */
const BY_FILE = /import.*stopped|importieren.*gestoppt|importer.*arrêtée|停止.*インポート/u;
const TITLE_CELLS_MAX = 46;
/** How a sentence begins and ends. */
const JAPANESE_LATIN =
  /^(OK|IP|ID|UI|PDF|JPEG|TIFF|SNTP|NTP|SSID|URI|QWERTY|QWERTZ|AZERTY|E|I|x|Windows|SMB|FTP|WebDAV|https?|localhost|(name|fax)@example.com)$/u;
const SENTENCE = /^["\p{Lu}].*[.0-9)]$/u;
const JAPANESE_SENTENCE = /^\S.*[。0-9]$/u;
/** Texts that are the same in English and elsewhere: names, and words that the languages share. */
const SAME =
  /^(OK|Name|Fax|Type|Machines|Port 8443|URI|Server|Administrator|English|abc\/123|E-mail|I-fax|PDF|JPEG|TIFF|Start|Box( 2)?|Copies|2 copies|Fine|Normal|Information|Keychain|QWERTY|QWERTZ|AZERTY|[\d\W]+)$/u;

/** Every text of a table, with where it stands; functions are asked with figures and without. */
function textsOf(value: unknown, path: string): (readonly [path: string, text: string])[] {
  if (typeof value === "string") return [[path, value]];
  // What the number pad goes through is each language's own.
  if (path.endsWith(".typing.sets")) return [];
  if (typeof value === "function") {
    const argument = path.includes("refusals.") ? FIGURES : 2;
    return [...textsOf(value(argument, 10, 3), `${path}()`), ...(path.includes("refusals.") ? textsOf(value({}), `${path}{}`) : [])];
  }
  return Object.entries(value as object).flatMap(([key, part]) => textsOf(part, `${path}.${key}`));
}

for (const [tag, texts] of Object.entries(LANGUAGES)) {
  test(`${tag}: every refusal and every error code says what happened, why, and what to do next`, (t) => {
    t.deepEqual(Object.keys(texts.errors).sort(), Object.keys(CODES).sort());
    t.deepEqual(Object.keys(texts.refusals).sort(), Object.keys(LANGUAGES.en.refusals).sort());
    const said: readonly Explanation[] = [
      ...Object.values(texts.errors),
      ...Object.values(texts.notStarted),
      ...Object.values(texts.refusals).flatMap((refusal) => [refusal({}), refusal(FIGURES), refusal({ sntp: "off" })]),
    ];
    for (const { what, why, next } of said) {
      for (const sentence of [what, why, next]) t.regex(sentence, tag === "ja" ? JAPANESE_SENTENCE : SENTENCE, sentence);
    }
  });

  test(`M10 M34 ${tag}: only what files carry is to be exported and imported where settings differ, and only there is a client function to be stopped`, (t) => {
    const next = (...parts: readonly PolicyPart[]) => texts.refusals["settings-differ"]({ parts }).next;
    const byHand = next("login-service", "domains");
    for (const parts of [["groups"], ["domains", "departments"], []] as const) {
      t.true(next(...parts).startsWith(byHand), next(...parts));
      t.regex(next(...parts).slice(byHand.length), BY_FILE);
    }
    t.notRegex(byHand, BY_FILE);
  });

  test(`${tag}: no text is missing, blank or carries a figure that is not there`, (t) => {
    const english = new Map(textsOf(LANGUAGES.en, ""));
    for (const [path, text] of textsOf(texts, "")) {
      t.false(/undefined|NaN|null|\[object/.test(text), `${path}: ${text}`);
      if (english.get(path) !== "") t.not(text.trim(), "", path);
    }
    t.deepEqual(
      textsOf(texts, "")
        .map(([path]) => path)
        .sort(),
      textsOf(LANGUAGES.en, "")
        .map(([path]) => path)
        .sort(),
    );
  });

  test(`${tag}: titles are short`, (t) => {
    const titles = [
      texts.home.title,
      texts.login.title,
      ...Object.values(texts.settings).map((text) => (typeof text === "string" ? text : text("x"))),
    ];
    titles.push(
      texts.server.stopQuestion,
      texts.client.compareQuestion,
      texts.client.awayTitle,
      texts.server.fingerprint,
      texts.client.stopQuestion,
      texts.client.restartQuestion,
      texts.message.notNow,
    );
    for (const title of titles) t.true(textWidth(title) <= TITLE_CELLS_MAX, title);
  });
}

/** Each text of a table with the English one in its place. */
const besideEnglish = (tag: string, texts: Texts) => {
  const english = new Map(textsOf(LANGUAGES.en, ""));
  return textsOf(texts, "").map(([path, text]) => ({ path: `${tag}${path}`, text, inEnglish: english.get(path) ?? "" }));
};

for (const [tag, texts] of Object.entries(LANGUAGES).filter(([other]) => other !== "en")) {
  test(`${tag}: no English is left over`, (t) => {
    const same = besideEnglish(tag, texts).filter(({ text, inEnglish }) => text !== "" && text === inEnglish && !SAME.test(text));
    t.deepEqual(same, []);
  });
}

test("the languages that a machine loads are the languages that there are", async (t) => {
  const loaded = await loadLanguages();
  t.deepEqual(loaded, LANGUAGES);
  t.deepEqual(Object.keys(loaded), Object.keys(LANGUAGES));
});

test("ja: Latin letters are names and abbreviations only", (t) => {
  const latin = besideEnglish("ja", LANGUAGES.ja ?? LANGUAGES.en).flatMap(({ path, text }) =>
    (text.match(/[A-Za-z][A-Za-z.@-]*/gu) ?? []).filter((word) => !JAPANESE_LATIN.test(word)).map((word) => `${path}: ${word}`),
  );
  t.deepEqual(latin, []);
});

test("fr: a no-break space stands before a colon, a question mark and a closing quotation mark", (t) => {
  for (const { path, text } of besideEnglish("fr", LANGUAGES.fr ?? LANGUAGES.en)) t.notRegex(text, / [:;?!»](?!\d)|« /u, path);
});

test("the language is the one that is asked for, its main language, or English", (t) => {
  const table = [
    ["de", "de"],
    ["de-AT", "de"],
    ["DE", "de"],
    ["en-GB", "en"],
    ["fr-CA", "fr"],
    ["ja-JP", "ja"],
    ["xx", "en"],
    [undefined, "en"],
    ["constructor", "en"],
    ["__proto__", "en"],
  ] as const;
  for (const [tag, language] of table) t.is(languageFor(LANGUAGES, tag), language);
});

const server = { state: "running", machines: 3, users: 4, usersMax: 1_000, revision: 5 } as const;
const LINES: readonly (readonly [status: Omit<ModuleStatus, "deviceId">, line: string])[] = [
  [{ server: undefined, client: undefined }, ""],
  [{ server, client: undefined }, "Server running, 3 machines"],
  [{ server: { ...server, machines: 1 }, client: undefined }, "Server running, 1 machine"],
  [{ server: { ...server, state: "waiting-for-clock" }, client: undefined }, "1 thing to look at"],
  [
    { server: { ...server, state: "stopped-by-error" }, client: { state: "refused", pending: 2, reason: "put-out" } },
    "2 things to look at; 2 changes saved here",
  ],
  [{ server: undefined, client: { state: "restart-needed", pending: 0 } }, "Restart to begin synchronising"],
  [{ server: undefined, client: { state: "joining", pending: 0 } }, "Joining: taking over the settings"],
  [{ server: undefined, client: { state: "joining", pending: 0, progress: { step: "receiving", parts: 1 } } }, "Joining: 1 part received"],
  [
    { server: undefined, client: { state: "joining", pending: 0, progress: { step: "showing", done: 340, of: 1_000 } } },
    "Joining: 340 of 1000 users, groups",
  ],
  [
    { server: undefined, client: { state: "joining", pending: 0, progress: { step: "handing-over", left: 12 } } },
    "Joining: 12 to hand over",
  ],
  [{ server, client: { state: "synchronized", pending: 0 } }, "Up to date"],
  [{ server: undefined, client: { state: "synchronized", pending: 1 } }, "Saved here, will be synchronised (1)"],
  [{ server: undefined, client: { state: "offline", pending: 7 } }, "Saved here, will be synchronised (7)"],
  [{ server: undefined, client: { state: "offline", pending: 0 } }, "Saved here, will be synchronised"],
  [{ server: undefined, client: { state: "offline", pending: 1, reason: "own-client-first" } }, "Saved here, will be synchronised (1)"],
  [
    { server: undefined, client: { state: "offline", pending: 1, reason: "server-not-running" } },
    "The server function does not run; 1 change saved here",
  ],
  [{ server: undefined, client: { state: "offline", pending: 0, reason: "server-not-running" } }, "The server function does not run"],
  [{ server: undefined, client: { state: "synchronized", pending: 0 }, lost: 4 }, "1 thing to look at"],
  [{ server: undefined, client: { state: "offline", pending: 0, reason: "another-server" } }, "1 thing to look at"],
  [{ server: undefined, client: { state: "paused", pending: 4 } }, "Paused during import/export; 4 changes saved here"],
  [{ server: undefined, client: { state: "refused", pending: 0 } }, "1 thing to look at"],
];

for (const [status, line] of LINES) {
  test(`B05 the line for ${JSON.stringify(status)}`, (t) => t.is(statusLine(LANGUAGES.en, { deviceId: "", ...status }), line));
}

test("B05 up to date is said in one state alone", (t) => {
  const upToDate = (texts: Texts) =>
    LINES.filter(([status]) => statusLine(texts, { deviceId: "", ...status }) === texts.status.upToDate).length;
  for (const texts of Object.values(LANGUAGES)) t.is(upToDate(texts), 1);
});
