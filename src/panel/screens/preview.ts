/** What would happen if the client function began now (B01): how many owners of each outcome, and on to which they are. */
import type { ClientSettings } from "../../../hal/services.ts";
import type { PreviewOutcome } from "../../../hal/services/preview.ts";
import { BACK, go, type Page, type PageRow, says, softKey } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import { restartAfter } from "./first-contact.ts";

const OUTCOMES: readonly PreviewOutcome[] = ["replaced", "supplied", "received", "unchanged"];
/** The form, the question whether it is the server, and this page. */
const LEVELS_TO_CLIENT = 3;

export function previewPage(state: PanelState, settings: ClientSettings | undefined): Page {
  const { admin, action, client } = textsOf(state);
  const { preview } = state.facts;
  const title = admin.preview.title;
  const ok: PageRow = { key: "ok", text: action.ok, act: BACK };
  if (preview === undefined || preview.joined) {
    const rows = [says("joined", preview === undefined ? admin.preview.none : admin.preview.joined), ok];
    return { kind: "message", title, rows, first: "ok", softKeys: [softKey(action.ok, BACK)] };
  }
  const counts = OUTCOMES.map((outcome): PageRow => {
    const act = go({ screen: "admin", page: { kind: "holdings", settings, outcome } });
    return { key: outcome, text: admin.preview.counts[outcome](preview.counts[outcome]), act };
  });
  const rows = [...counts, says("kept", admin.preview.kept(state.config.historyDays))];
  if (settings === undefined) return { kind: "list", title, rows: [...rows, ok], softKeys: [softKey(action.ok, BACK)] };
  const start: PageRow = {
    key: "start",
    text: client.start,
    act: { do: "ask", intent: { kind: "start-client", settings, preview: preview.id }, then: restartAfter(LEVELS_TO_CLIENT) },
  };
  const cancel: PageRow = { key: "cancel", text: action.cancel, act: BACK };
  return { kind: "list", title, rows: [...rows, start, cancel], softKeys: [] };
}
