/** [Allow custom settings to be applied during operation]: one row that says how it is, and turns it over. */
import type { PageRow } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";

export function duringOperationRow(state: PanelState): PageRow {
  const { own, labelled } = textsOf(state);
  const on = state.status.duringOperation === true;
  return {
    key: "during-operation",
    text: labelled(own.duringOperation, on ? own.chosenOptions.on : own.chosenOptions.off),
    act: { do: "ask", intent: { kind: "apply-during-operation", on: !on }, then: { do: "stay" } },
  };
}
