/** The communication log (M32): the newest first, in the language of whoever reads it; one record in full. */
import { CODES } from "../../model/errors.ts";
import type { LogRecord } from "../../model/log.ts";
import { BACK, go, type Page, type PageRow, says, shown, softKey } from "../page.ts";
import { dateText } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Explanation, Texts } from "../texts/texts.ts";
import { sentences } from "./message.ts";

export function logPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { log } = texts.admin;
  const rows = state.facts.log
    .map((record, index): PageRow => {
      const text = `${dateText(record.at)} ${texts.labelled(log.levels[record.level], explained(texts, record).what)}`;
      return { key: `record-${index}`, text, act: go({ screen: "admin", page: { kind: "log-record", record } }) };
    })
    .reverse();
  return { kind: "list", title: log.title, rows: rows.length === 0 ? [says("none", log.none)] : rows, softKeys: [] };
}

/** What happened, why, what to do; and what the machine noted, which has the names and figures. */
export function logRecordPage(state: PanelState, record: LogRecord): Page {
  const texts = textsOf(state);
  const { log } = texts.admin;
  return {
    kind: "message",
    title: texts.labelled(log.levels[record.level], dateText(record.at)),
    rows: [
      ...sentences(explained(texts, record)),
      says("noted", texts.labelled(log.noted, shown(record.text, "-"))),
      { key: "ok", text: texts.action.ok, act: BACK },
    ],
    first: "ok",
    softKeys: [softKey(texts.action.ok, BACK)],
  };
}

/** A word of a newer version is told as unknown. */
function explained(texts: Texts, { code }: LogRecord): Explanation {
  const events: { readonly [word: string]: string } = texts.admin.log.events;
  const refusals: { readonly [word: string]: Texts["refusals"]["put-out"] } = texts.refusals;
  const errors: { readonly [word: string]: Explanation } = texts.errors;
  if (Object.hasOwn(events, code)) return { what: events[code] ?? "", why: "", next: "" };
  if (Object.hasOwn(CODES, code)) return errors[code] ?? NOTHING;
  return refusals[code]?.({}) ?? { ...NOTHING, what: texts.admin.log.other };
}

const NOTHING: Explanation = { what: "", why: "", next: "" };
