/** The history (B02): what lost on this machine, when and to whom, and putting it back. */
import type { HistoryRecord } from "../../../hal/services/history.ts";
import type { LostBecause } from "../../model/lost.ts";
import type { RefusalWord } from "../../model/refusal.ts";
import type { AdminQuestion } from "../admin-place.ts";
import { type Act, go, type Page, type PageRow, says } from "../page.ts";
import { authorText, byText, dateText, entryText, itemText, ownerText, valueRows } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";
import { gonePage } from "./message.ts";

export function historyPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { history } = texts.admin;
  const rows = state.facts.history.map((record): PageRow => {
    const text = texts.labelled(ownerText(state, record.owner), entryText(texts, record.item, record.value));
    return { key: record.id, text: record.putBackAt === undefined ? text : history.isBack(text), act: go(at(record.id)) };
  });
  return {
    kind: "list",
    title: history.title,
    rows: rows.length === 0 ? [says("none", history.none(state.config.historyDays))] : rows,
    softKeys: [],
  };
}

const at = (id: string) => ({ screen: "admin", page: { kind: "lost", id } }) as const;

export function lostPage(state: PanelState, id: string): Page {
  const record = state.facts.history.find((candidate) => candidate.id === id);
  if (record === undefined) return gonePage(state);
  const texts = textsOf(state);
  const { history } = texts.admin;
  const { owner, value, stands, putBackAt } = record;
  return {
    kind: "list",
    title: itemText(texts, record.item),
    rows: [
      says("owner", texts.labelled(history.of, ownerText(state, owner))),
      says("name", entryText(texts, record.item, value)),
      ...valueRows(texts, value),
      ...madeRows(state, record),
      says("lost-at", texts.labelled(history.lost, dateText(record.lostAt))),
      says("because", becauseText(texts, record.because)),
      ...(stands === undefined ? [] : [says("stands", texts.labelled(history.stands, authorText(state, stands)))]),
      ...(putBackAt === undefined ? [] : [says("put-back-at", texts.labelled(history.putBackAt, dateText(putBackAt)))]),
      { key: "put-back", text: history.putBack, act: asking({ kind: "put-back", owner, id }) },
      { key: "put-back-all", text: history.putBackAll(ownerText(state, owner)), act: asking({ kind: "put-back", owner }) },
    ],
    first: "put-back",
    softKeys: [],
  };
}

const asking = (question: AdminQuestion): Act => go({ screen: "question", question: { kind: "admin", question } });

function madeRows(state: PanelState, { by, madeAt }: HistoryRecord): PageRow[] {
  const texts = textsOf(state);
  const { history } = texts.admin;
  return [
    ...(by === undefined ? [] : [says("by", texts.labelled(history.by, byText(state, by)))]),
    ...(madeAt === undefined ? [] : [says("made-at", texts.labelled(history.made, dateText(madeAt)))]),
  ];
}

/** Why it lost, as a sentence. What the server machine refused is told as elsewhere. */
function becauseText(texts: Texts, because: LostBecause): string {
  const known: { readonly [word in LostBecause]?: string } = texts.admin.history.because;
  const refusals: { readonly [word in LostBecause]?: Texts["refusals"][RefusalWord] } = texts.refusals;
  return known[because] ?? refusals[because]?.({}).why ?? "";
}
