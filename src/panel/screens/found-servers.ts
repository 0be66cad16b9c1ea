/**
 * The server machines that answered a search (M09). Choosing one fills in its address, and trusts nobody; what is missing then
 * is the account.
 */
import type { FoundServer } from "../../../hal/services/finding.ts";
import { type Page, type PageRow, says, shown } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import { fingerprintRows } from "./first-contact.ts";

export function foundPage(state: PanelState): Page {
  const texts = textsOf(state);
  const rows = state.facts.found.map(
    ({ address, deviceName, server }: FoundServer): PageRow => ({
      key: address,
      text: `${shown(deviceName, texts.noName)} (${address}), ${fingerprintRows(server)[0]?.text.slice(0, 9) ?? ""} ...`,
      act: { do: "back", levels: 1, values: { destination: address }, select: "account" },
    }),
  );
  return {
    kind: "list",
    title: texts.admin.found.title,
    rows: [...rows, says("means", texts.admin.found.means)],
    softKeys: [],
  };
}
