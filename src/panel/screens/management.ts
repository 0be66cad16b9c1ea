/** Management Settings. */
import { go, type Page } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";

export function managementPage(state: PanelState): Page {
  const texts = textsOf(state);
  return {
    kind: "menu",
    title: texts.settings.management,
    rows: [{ key: "device-management", text: texts.settings.deviceManagement, act: go({ screen: "device-management" }) }],
    softKeys: [],
  };
}
