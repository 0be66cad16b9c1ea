/** Status Monitor: what the status line says in few words, said in full. */
import { LIMITS } from "../../model/limits.ts";
import { learn } from "../order.ts";
import { type Act, go, type Page, type PageRow, says } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import { statusLine, thingsToLookAt } from "../status-line.ts";
import type { Texts } from "../texts/texts.ts";
import { explain, sentences, serverFaultRows } from "./message.ts";
import { clientState, reasonRows } from "./sync-client.ts";

export function statusPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { server, client } = state.status;
  const reasons = reasonRows(state);
  const fault = server?.fault === undefined ? [] : serverFaultRows(texts, server.fault);
  const clock = server?.state === "waiting-for-clock" ? sentences(explain(texts, { kind: "error", code: "clock-not-right" })) : [];
  const date = server?.dateAheadDays === undefined ? [] : sentences(texts.held.dateAhead(server.dateAheadDays));
  const line = statusLine(texts, state.status);
  return {
    kind: "list",
    title: texts.status.title,
    rows: [
      says("line", line === "" ? texts.status.nothing : line),
      ...(client === undefined ? [] : [says("client", texts.labelled(texts.settings.syncClient, clientState(texts, client)))]),
      ...reasons.map((row) => ({ ...row, key: `client-${row.key}` })),
      ...(client === undefined || client.pending === 0 ? [] : [says("pending", texts.client.pending(client.pending))]),
      ...waitingRows(state),
      ...heldBackRows(state),
      ...exportRows(state),
      ...(server === undefined ? [] : [says("server", texts.labelled(texts.settings.syncServer, texts.server.states[server.state]))]),
      ...[...fault, ...clock, ...date].map((row) => ({ ...row, key: `server-${row.key}` })),
      // While it does not run it does not know how many there are.
      ...(server?.state !== "running" ? [] : [says("machines", texts.server.machines(server.machines, LIMITS.machinesMax))]),
      ...(state.user?.administrator === true ? [attentionRow(texts)] : []),
      ...(thingsToLookAt(state.status) > 0 && state.user?.administrator !== true ? [says("ask", texts.status.askAdministrator)] : []),
    ],
    softKeys: [],
  };
}

/** All that waits for somebody, with the ways to deal with it. */
const attentionRow = (texts: Texts): PageRow => ({
  key: "attention",
  text: texts.admin.menu.attention,
  act: learn("attention", go({ screen: "admin", page: { kind: "attention" } })),
});

/** What the things to look at are, for whoever cannot open them. */
function waitingRows(state: PanelState): PageRow[] {
  const { attention } = textsOf(state).admin;
  const { client, lost, storageLost } = state.status;
  return [
    ...(storageLost === true ? attention.storageLostMeans.map((text, index) => says(`storage-lost-${index}`, text)) : []),
    ...(client?.keptHere === undefined ? [] : [says("kept-here", attention.keptHere(client.keptHere))]),
    ...(lost === undefined ? [] : [says("lost", attention.lost(lost))]),
  ];
}

/** What of the fleet does not show on this machine (M25, M27); which entries those are, an administrator sees behind it. */
function heldBackRows(state: PanelState): PageRow[] {
  const { client } = state.status;
  const texts = textsOf(state).held;
  const differ = client?.notApplied === undefined ? [] : [says("not-applied", texts.notApplied(client.notApplied))];
  const list: Act = learn("notApplied", go({ screen: "admin", page: { kind: "not-applied" } }));
  return [
    ...(client?.networkPlacesDiffer === true ? [says("places", texts.placesDiffer)] : []),
    ...(state.user?.administrator === true ? differ.map((row) => ({ ...row, act: list })) : differ),
  ];
}

/** How long the export is still open (M23), to the minute that has begun. */
function exportRows(state: PanelState): PageRow[] {
  const window = state.status.client?.exportWindow;
  return window === undefined ? [] : [says("export", textsOf(state).held.exportOpen(Math.ceil(window.secondsLeft / 60)))];
}
