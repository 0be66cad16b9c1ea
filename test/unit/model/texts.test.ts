/** Sentences of the log and of the API: each word has one of its own, and what it says of numbers and names is in it. */
import test from "ava";
import type { Why } from "../../../src/model/entry.ts";
import { type LostBecause, lostText } from "../../../src/model/lost.ts";
import { type NotAppliedBecause, notAppliedText } from "../../../src/model/not-applied.ts";
import type { RefusalWord } from "../../../src/model/refusal.ts";
import { refusalText } from "../../../src/model/refusal-text.ts";
import { type EntryOrigin, whyText } from "../../../src/model/why-text.ts";
import { REFUSALS } from "../../wire/every-refusal.ts";

/** Of sentences: they are sentences, and no two are alike. */
function areTold(sentences: readonly string[]): boolean {
  return new Set(sentences).size === sentences.length && sentences.every((text) => text.trim() === text && text.split(" ").length > 3);
}

test("each refusal has a sentence of its own, with its numbers and names in it", (t) => {
  const known = Object.values(REFUSALS).filter(({ word }) => word !== "unknown-word");
  t.true(areTold(known.map(refusalText)));
  for (const refusal of Object.values(REFUSALS)) {
    const { word, ...data } = refusal;
    const said = Object.values(data)
      .flat()
      .filter((one) => typeof one === "number" || !["silent", "newer"].includes(`${one}`));
    for (const one of word === "server-not-found" || word === "protocol-version" ? [] : said)
      t.true(refusalText(refusal).includes(`${one}`), `${word}: ${one}`);
  }
});

test("B06 that another machine serves is said alike on the former server and on a client: which of them is to stop is named", (t) => {
  t.notRegex(refusalText({ word: "stood-down" }), /\bhere\b/);
  t.regex(refusalText({ word: "stood-down" }), /on the former one/);
});

const BACKUP_FAULTS = ["passphrase", "damaged", "newer"] as const;

test("what a clock or a backup lacks is told apart", (t) => {
  t.true(areTold((["off", "silent"] as const).map((sntp) => refusalText({ word: "clock-not-right", sntp }))));
  t.true(areTold(BACKUP_FAULTS.map((fault) => refusalText({ word: "backup-unusable", fault }))));
});

/** The losses that are no refusals of the server: whoever adds one adds it here. */
const LOST: { readonly [because in Exclude<LostBecause, RefusalWord>]: true } & { readonly [because in RefusalWord]?: true } = {
  superseded: true,
  "replaced-at-join": true,
  "replaced-at-scope-change": true,
  "replaced-at-reordering": true,
  restored: true,
  evicted: true,
  "owner-held": true,
  "owner-removed": true,
  "owner-unknown": true,
  "too-many-entries": true,
  "too-many-users": true,
  "device-specific": true,
};

test("B02 each reason of a loss has a sentence of its own; a refusal that has none is named", (t) => {
  t.true(areTold(Object.keys(LOST).map((because) => lostText(because as LostBecause))));
  t.regex(lostText("edit-unreadable"), /refused it \(edit-unreadable\)/);
});

const NOT_APPLIED: { readonly [because in NotAppliedBecause]: true } = {
  machine: true,
  evicted: true,
  "unknown-item": true,
  "keychain-order": true,
  unreadable: true,
  "cannot-travel": true,
};

test("M27 each reason why an entry is not shown has a sentence of its own; the machine's own words are passed on", (t) => {
  const told = (because: NotAppliedBecause) => notAppliedText({ because, detail: "the list of this model is full" });
  t.true(areTold(Object.keys(NOT_APPLIED).map((because) => told(because as NotAppliedBecause))));
  t.is(told("machine"), "the list of this model is full");
  t.true(told("cannot-travel").endsWith(": the list of this model is full"));
});

const STANDING: EntryOrigin = { state: "standing", deleted: false, by: "bob", machine: "first floor", at: "2026-11-23", certain: true };

const TOLD: readonly (readonly [told: Partial<EntryOrigin>, text: string])[] = [
  [{}, "set by bob on first floor at 2026-11-23"],
  [{ certain: false }, "set by bob on first floor at or after 2026-11-23"],
  [{ deleted: true, by: "" }, "deleted on first floor at 2026-11-23"],
  [{ by: "import" }, "set by an import on first floor at 2026-11-23"],
  [{ by: "put-back" }, "set by putting it back from the history on first floor at 2026-11-23"],
  [{ state: "pending" }, "set by bob on first floor at 2026-11-23; saved here, not yet on the server machine"],
  [{ state: "here-alone" }, "set by bob on first floor at 2026-11-23; it is on this machine alone"],
  [
    { why: "adopted" },
    "supplied by bob on first floor at 2026-11-23; it stands because the server machine took it over, whole, when this machine joined",
  ],
  [{ why: "later" }, "set by bob on first floor at 2026-11-23; it stands because it was made later than what stood there before"],
];

test("B04 where an entry comes from is a sentence: who, where, when, and why it stands", (t) => {
  for (const [told, text] of TOLD) t.is(whyText({ ...STANDING, ...told }), text);
  t.is(whyText({ state: "standing", deleted: false, by: "bob", machine: "first floor", certain: true }), "set by bob on first floor");
  const whys: readonly Why[] = ["first", "seen", "later", "own", "adopted", "brought", "server"];
  t.true(areTold(whys.map((why) => whyText({ ...STANDING, why }))));
});
