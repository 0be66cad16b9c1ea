/** What the fleet has and this machine does not show, with the reason (M27). */
import type { NotAppliedEntry } from "../../../hal/services/not-applied.ts";
import { type Page, type PageRow, says, shown } from "../page.ts";
import { itemText, ownerText } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";

export function notAppliedPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { notApplied } = texts.admin;
  const rows = state.facts.notApplied.map((entry, index): PageRow => {
    const what = texts.labelled(ownerText(state, entry.owner), itemText(texts, entry.item));
    return says(`entry-${index}`, `${what}: ${reason(entry)}`);
  });
  // What the machine itself says of its options and limits is in its own words.
  function reason({ because, text }: NotAppliedEntry): string {
    return because === "machine" ? `${notApplied.because.machine} (${shown(text, "-")})` : notApplied.because[because];
  }
  return { kind: "list", title: notApplied.title, rows: rows.length === 0 ? [says("none", notApplied.none)] : rows, softKeys: [] };
}
