/** The preview in detail (B01): owners of one outcome, the entries of an owner, both values of an entry. */
import type { ClientSettings } from "../../../hal/services.ts";
import type { PreviewedEntry, PreviewedHolding, PreviewOutcome } from "../../../hal/services/preview.ts";
import { commonList } from "../../model/entry.ts";
import type { Value } from "../../model/value.ts";
import { order } from "../order.ts";
import { BACK, go, type Page, type PageRow, says, softKey } from "../page.ts";
import { entryText, itemText, ownerText, valueRows } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";

type Named = Pick<PreviewedHolding, "owner" | "list">;

export function holdingsPage(state: PanelState, settings: ClientSettings | undefined, outcome: PreviewOutcome): Page {
  const { preview: texts } = textsOf(state).admin;
  const holdings = (state.facts.preview?.holdings ?? []).filter((holding) => holding.outcome === outcome);
  const rows = holdings.map(({ owner, list, here, there, lost }): PageRow => {
    const named: Named = list === undefined ? { owner } : { owner, list };
    const act = order({ kind: "preview", settings, owner }, go({ screen: "admin", page: { kind: "holding", holding: named } }));
    return {
      key: `${owner}/${list ?? ""}`,
      text: texts.holding(holdingText(state, named), here, there, outcome === "supplied" ? lost : 0),
      act,
    };
  });
  return {
    kind: "list",
    title: texts.counts[outcome](holdings.length),
    rows: rows.length === 0 ? [says("none", texts.nobody)] : rows,
    softKeys: [],
  };
}

/** Of what is everyone's, the shared buttons and each list stand for themselves. */
function holdingText(state: PanelState, { owner, list }: Named): string {
  const texts = textsOf(state);
  if (list === undefined) return ownerText(state, owner);
  return list === "buttons" ? texts.admin.items["shared-button"] : texts.address.commonList(list);
}

export function holdingPage(state: PanelState, holding: Named): Page {
  const texts = textsOf(state);
  const entries = (state.facts.previewed?.entries ?? []).filter((entry) => isOf(entry, holding));
  const rows = entries.map((entry, index): PageRow => {
    const text = texts.labelled(texts.admin.preview.entry[entry.outcome], entryText(texts, entry.item, entry.here ?? entry.there));
    return { key: `entry-${index}`, text, act: go({ screen: "admin", page: { kind: "previewed-entry", entry } }) };
  });
  const none = says("none", texts.admin.preview.nobody);
  return { kind: "list", title: holdingText(state, holding), rows: rows.length === 0 ? [none] : rows, softKeys: [] };
}

function isOf({ item, here, there }: PreviewedEntry, { list }: Named): boolean {
  if (list === undefined) return true;
  if (item === "shared-button") return list === "buttons";
  return commonList(here ?? there ?? "") === list;
}

export function previewedEntryPage(state: PanelState, { item, outcome, here, there }: PreviewedEntry): Page {
  const texts = textsOf(state);
  const { preview } = texts.admin;
  const side = (name: "here" | "there", value: Value | undefined): PageRow[] => {
    if (value === undefined) return [says(name, texts.labelled(preview[name], preview.absent))];
    return [
      says(name, texts.labelled(preview[name], entryText(texts, item, value))),
      ...valueRows(texts, value).map((row) => ({ ...row, key: `${name}-${row.key}` })),
    ];
  };
  return {
    kind: "message",
    title: itemText(texts, item),
    rows: [
      says("outcome", preview.entry[outcome]),
      ...side("here", here),
      ...side("there", there),
      { key: "ok", text: texts.action.ok, act: BACK },
    ],
    first: "ok",
    softKeys: [softKey(texts.action.ok, BACK)],
  };
}
