/** Where an entry comes from (B04): who set it, on which machine, when, and why it stands. Whoever sees the entry may ask. */
import type { Provenance } from "../../../hal/services/provenance.ts";
import type { EntryName } from "../../model/entry.ts";
import { BACK, go, greyed, type Page, type PageRow, says, softKey } from "../page.ts";
import { authorText, byText, dateText, itemText, machineText } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";

/** The row of an entry's own page that leads there. It names people, so it is not for nobody in particular. */
export function originRow(state: PanelState, name: EntryName): PageRow {
  const act = { do: "ask", intent: { kind: "learn-origin", name }, then: go({ screen: "origin", item: name.item }) } as const;
  return greyed({ key: "origin", text: textsOf(state).origin.title, act }, state.user === undefined ? "log-in-first" : undefined);
}

export function originPage(state: PanelState, item: string): Page {
  const texts = textsOf(state);
  const { origin } = state.facts;
  return {
    kind: "list",
    title: texts.origin.title,
    rows: [says("item", itemText(texts, item)), ...(origin === undefined ? [says("none", texts.origin.none)] : rowsOf(state, origin))],
    softKeys: [softKey(texts.action.ok, BACK)],
  };
}

function rowsOf(state: PanelState, origin: Provenance): PageRow[] {
  const { origin: texts, admin, labelled } = textsOf(state);
  const { by, at, certain, deleted, why, over } = origin;
  const date = at === undefined ? undefined : certain ? dateText(at) : texts.orLater(dateText(at));
  return [
    ...(deleted ? [says("deleted", admin.deletedEntry)] : []),
    ...(by === "" ? [] : [says("by", labelled(admin.history.by, byText(state, by)))]),
    says("machine", labelled(texts.machine, machineText(origin))),
    ...(date === undefined ? [] : [says("made-at", labelled(admin.history.made, date))]),
    says("state", texts.states[origin.state]),
    ...(why === undefined ? [] : [says("why", texts.why[why])]),
    ...(over === undefined ? [] : [says("over", labelled(texts.over, authorText(state, over)))]),
  ];
}
