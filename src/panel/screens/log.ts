/** The communication log (M32): the newest first, in the language of whoever reads it; one record in full. */
import { CODES } from "../../model/errors.ts";
import type { LogRecord } from "../../model/log.ts";
import { BACK, go, type Page, type PageRow, says, shown, softKey } from "../page.ts";
import { dateText } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Explanation, Texts } from "../texts/texts.ts";
import { detailOf, noteSentence, reasonOf } from "./log-note.ts";
import { sentences } from "./message.ts";

export function logPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { log } = texts.admin;
  const rows = state.facts.log
    .map((record, index): PageRow => {
      const text = `${dateText(record.at)} ${texts.labelled(log.levels[record.level], headOf(state, record))}`;
      return { key: `record-${index}`, text, act: go({ screen: "admin", page: { kind: "log-record", record } }) };
    })
    .reverse();
  return { kind: "list", title: log.title, rows: rows.length === 0 ? [says("none", log.none)] : rows, softKeys: [] };
}

/** What happened to whom, why, what to do; and for service what the machine noted beyond that, in English. */
export function logRecordPage(state: PanelState, record: LogRecord): Page {
  const texts = textsOf(state);
  const { log } = texts.admin;
  return {
    kind: "message",
    title: texts.labelled(log.levels[record.level], dateText(record.at)),
    rows: [...explained(state, record), { key: "ok", text: texts.action.ok, act: BACK }],
    first: "ok",
    softKeys: [softKey(texts.action.ok, BACK)],
  };
}

function headOf(state: PanelState, record: LogRecord): string {
  const { note } = record;
  const said = note === undefined ? undefined : noteSentence(state, note);
  return said ?? wordsOf(textsOf(state), record)?.what ?? shown(record.text, "-");
}

function explained(state: PanelState, record: LogRecord): PageRow[] {
  const texts = textsOf(state);
  const { log } = texts.admin;
  const { note } = record;
  const what = note === undefined ? undefined : noteSentence(state, note);
  if (note === undefined || what === undefined)
    return [...sentences(wordsOf(texts, record) ?? NOTHING), says("noted", texts.labelled(log.noted, shown(record.text, "-")))];
  const { why, next } = reasonOf(texts, note) ?? NOTHING;
  // Of an edit that was refused, the reason is more than the sentence.
  const reason = note.kind === "edit-refused" ? reasonOf(texts, note)?.what : undefined;
  const detail = detailOf(note);
  return [
    ...sentences({ what, why: reason ?? why, next }),
    ...(detail === "" ? [] : [says("detail", texts.labelled(log.detail, shown(detail, "-")))]),
  ];
}

/** What the word of a record without data means, where the languages have it; such records are of another version. */
function wordsOf(texts: Texts, { code }: LogRecord): Explanation | undefined {
  const refusals: { readonly [word: string]: Texts["refusals"]["put-out"] } = texts.refusals;
  const errors: { readonly [word: string]: Explanation } = texts.errors;
  if (Object.hasOwn(CODES, code)) return errors[code];
  return Object.hasOwn(refusals, code) ? refusals[code]?.({}) : undefined;
}

const NOTHING: Explanation = { what: "", why: "", next: "" };
