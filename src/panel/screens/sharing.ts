/** [Data Sharing Details]: the scope of each item (M31), and choosing it where the manuals allow that (M17, M18). */
import type { Scope } from "../../model/item.ts";
import { go, greyed, type Page, type PageRow, says } from "../page.ts";
import { itemText } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";
import { gonePage } from "./message.ts";

export function sharingPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { sharing } = texts.admin;
  const rows = state.facts.sharing.map(({ item, scope, selectable }): PageRow => {
    const place = { screen: "admin", page: { kind: "scope", item } } as const;
    const text = texts.labelled(itemText(texts, item), sharing.scopes[scope]);
    return greyed({ key: item, text, act: go(place) }, selectable ? undefined : "scope-fixed");
  });
  const selectable = state.facts.sharing.find((item) => item.selectable);
  return {
    kind: "list",
    title: sharing.title,
    rows: rows.length === 0 ? [says("none", sharing.none)] : rows,
    ...(selectable === undefined ? {} : { first: selectable.item }),
    softKeys: [],
  };
}

const SCOPES: readonly Scope[] = ["shared", "device-specific"];

export function scopePage(state: PanelState, item: string): Page {
  const texts = textsOf(state);
  const found = state.facts.sharing.find((candidate) => candidate.item === item);
  if (found === undefined) return gonePage(state);
  return {
    kind: "choice",
    title: itemText(texts, item),
    rows: SCOPES.map((scope) => ({
      key: scope,
      text: texts.admin.sharing.scopes[scope],
      act:
        scope === found.scope
          ? ({ do: "back", levels: 1 } as const)
          : go({ screen: "question", question: { kind: "admin", question: { kind: "set-sharing", item, scope } } }),
    })),
    first: found.scope,
    softKeys: [],
  };
}
