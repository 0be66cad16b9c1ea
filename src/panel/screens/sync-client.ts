/** Synchronize Custom Settings (Client): its state and what is the matter, start it, stop it, restart. */
import type { ClientStatus } from "../../../hal/services.ts";
import { unreachable } from "../../model/assert.ts";
import { type Act, go, type Page, type PageRow, says, shown } from "../page.ts";
import { learn, order } from "../order.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";
import { duringOperationRow } from "./during-operation.ts";
import { explain, faultRows, sentences } from "./message.ts";
import { recordRows } from "./sync-server.ts";

export function syncClientPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { client } = state.status;
  const stateRow = says("state", texts.labelled(texts.client.state, client === undefined ? texts.client.off : clientState(texts, client)));
  const title = texts.settings.syncClient;
  if (client === undefined) {
    const act: Act = go({ screen: "question", question: { kind: "export-first" } });
    return {
      kind: "menu",
      title,
      rows: [stateRow, { key: "start", text: texts.client.start, act }, ...recordRows(texts), duringOperationRow(state)],
      first: "start",
      softKeys: [],
    };
  }
  const restart: PageRow = { key: "restart", text: texts.client.restart, act: go({ screen: "question", question: { kind: "restart" } }) };
  const stop: PageRow = { key: "stop", text: texts.client.stop, act: go({ screen: "question", question: { kind: "stop-client" } }) };
  const previewRow: PageRow = {
    key: "preview",
    text: texts.admin.menu.preview,
    act: order({ kind: "preview", settings: undefined }, go({ screen: "admin", page: { kind: "preview", settings: undefined } })),
  };
  const notAppliedRow: PageRow = {
    key: "not-applied",
    text: texts.admin.menu.notApplied,
    act: learn("notApplied", go({ screen: "admin", page: { kind: "not-applied" } })),
  };
  const due = client.state === "restart-needed";
  return {
    kind: "menu",
    title,
    rows: [
      stateRow,
      ...reasonRows(state),
      ...ownServerRows(state, texts),
      ...destinationRows(state, texts),
      ...(client.pending > 0 ? [says("pending", texts.client.pending(client.pending))] : []),
      ...(due ? [restart, previewRow] : []),
      ...recordRows(texts),
      ...(client.notApplied === undefined ? [] : [notAppliedRow]),
      ...(state.serverModel && state.status.server === undefined && !due ? [takeOver(texts)] : []),
      // Not by stopping: what has not been sent yet goes with it to the machine that serves now (B06).
      { key: "another", text: texts.client.another, act: go({ screen: "sync-client-form" }) },
      stop,
      duringOperationRow(state),
    ],
    first: due ? "restart" : "state",
    softKeys: [],
  };
}

/** Where the way fails at more than silence. */
function awayWhy({ client }: Texts, away: ClientStatus["away"]): { readonly why?: string } {
  if (away === undefined) return {};
  return { why: away === "address-unusable" ? client.awayWhy[away] : client.anotherAccount };
}

const takeOver = (texts: Texts): PageRow => ({
  key: "take-over",
  text: texts.admin.takeOver.title,
  act: go({ screen: "question", question: { kind: "admin", question: { kind: "take-over" } } }),
});

/** How the client function stands, in few words. It is not the server's fault where this very machine cannot go on. */
export function clientState(
  { client, server, status }: Texts,
  { state, fault, reason }: Pick<ClientStatus, "state" | "fault" | "reason">,
): string {
  if (fault !== undefined) return server.states["stopped-by-error"];
  return state === "offline" && reason === "server-not-running" ? status.serverStopped(0) : client.states[state];
}

/** Where the server machine is taken to be, and what to do where it is elsewhere by now: nobody else could tell (M09). */
function destinationRows({ status: { client, server } }: PanelState, { client: texts, labelled }: Texts): PageRow[] {
  if (client?.destination === undefined) return [];
  const isAway = client.state === "offline" && client.reason === undefined && client.fault === undefined && server === undefined;
  const searched = client.searched === true;
  return [
    says("destination", labelled(texts.destination, shown(client.destination, "-"))),
    ...(isAway ? [says("moved", searched ? texts.searchedAgain : texts.moved)] : []),
  ];
}

const ownServerWaits = ({ status: { server } }: PanelState): boolean => server !== undefined && server.state !== "running";

/** What the client function of a server machine waits for (M04). */
function ownServerRows(state: PanelState, texts: Texts): PageRow[] {
  const { client, server } = state.status;
  if (client?.state !== "offline" || server === undefined || !ownServerWaits(state)) return [];
  return [says("own-server", texts.labelled(texts.settings.syncServer, texts.server.states[server.state]))];
}

/** What is the matter with the client function, as sentences; nothing when nothing is. */
export function reasonRows(state: PanelState): PageRow[] {
  const { client } = state.status;
  if (client === undefined) return [];
  const texts = textsOf(state);
  if (client.fault !== undefined) return faultRows(texts, client.fault);
  if (client.refusal !== undefined) return sentences(explain(texts, { kind: "refusal", refusal: client.refusal }));
  if (client.reason !== undefined) return sentences(texts.refusals[client.reason]({}));
  switch (client.state) {
    case "offline":
      // This machine waits for itself: what its own server function waits for is said there.
      return ownServerWaits(state) ? [] : sentences({ ...texts.errors["server-unreachable"], ...awayWhy(texts, client.away) });
    case "restart-needed":
    case "joining":
    case "synchronized":
    case "paused":
    case "refused":
      return [];
    default:
      return unreachable(client.state);
  }
}
