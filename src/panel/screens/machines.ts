/** The server's machines, a row each. */
import { go, type Page, says, shown } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";

export function machinesPage(state: PanelState): Page {
  const texts = textsOf(state);
  const rows = state.machines.map(({ deviceId, deviceName, operating }) => ({
    key: deviceId,
    text: texts.labelled(shown(deviceName, texts.noName), operating ? texts.server.operating : texts.server.notOperating),
    act: go({ screen: "machine", deviceId }),
  }));
  return {
    kind: "list",
    title: texts.server.machinesTitle,
    rows: rows.length === 0 ? [says("none", texts.server.noMachines)] : rows,
    softKeys: [],
  };
}
