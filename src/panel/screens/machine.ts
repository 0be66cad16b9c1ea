/** One machine of the server: what is known of it (M31), and the way to take it out (M02). */
import { go, type Page, says, shown } from "../page.ts";
import { dateText } from "../shown-entry.ts";
import { type PanelState, textsOf } from "../state.ts";
import { gonePage } from "./message.ts";

export function machinePage(state: PanelState, deviceId: string): Page {
  const texts = textsOf(state);
  const machine = state.machines.find((candidate) => candidate.deviceId === deviceId);
  if (machine === undefined) return gonePage(state);
  const said = (key: string, label: string, text: string) => says(key, texts.labelled(label, shown(text, "-")));
  return {
    kind: "menu",
    title: shown(machine.deviceName, texts.noName),
    rows: [
      said("state", texts.server.state, machine.operating ? texts.server.operating : texts.server.notOperating),
      said("product", texts.server.product, machine.productName),
      said("location", texts.server.location, machine.location),
      said("serial-number", texts.server.serialNumber, machine.serialNumber),
      ...(machine.waiting === undefined ? [] : [says("waiting", texts.client.pending(machine.waiting))]),
      ...(machine.networkPlacesDiffer === true ? [says("places", texts.held.placesDiffer)] : []),
      said("last-contact", texts.server.lastContact, dateText(machine.lastContactAt)),
      { key: "remove", text: texts.server.remove, act: go({ screen: "question", question: { kind: "remove-machine", deviceId } }) },
    ],
    softKeys: [],
  };
}
