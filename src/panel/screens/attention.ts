/** "n things to look at" (B05): what waits for somebody on this machine, each with the way to where it is dealt with. */
import type { ThingToLookAt } from "../../../hal/services/attention.ts";
import { unreachable } from "../../model/assert.ts";
import { learn, order } from "../order.ts";
import { BACK, go, type Page, type PageRow, says, softKey } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import { holdingText } from "./log-note.ts";
import { clientState } from "./sync-client.ts";

export function attentionPage(state: PanelState): Page {
  const { attention } = textsOf(state).admin;
  const rows = state.facts.attention.map((thing) => row(state, thing));
  return { kind: "list", title: attention.title, rows: rows.length === 0 ? [says("none", attention.none)] : rows, softKeys: [] };
}

function row(state: PanelState, thing: ThingToLookAt): PageRow {
  const texts = textsOf(state);
  const { attention } = texts.admin;
  switch (thing.kind) {
    case "client":
      return {
        key: thing.kind,
        text: texts.labelled(texts.settings.syncClient, clientState(texts, thing)),
        act: go({ screen: "sync-client" }),
      };
    case "server":
      return {
        key: thing.kind,
        text: texts.labelled(texts.settings.syncServer, texts.server.states[thing.state]),
        act: go({ screen: "sync-server" }),
      };
    case "other-server":
      return { key: thing.kind, text: attention.otherServer(thing.address), act: go({ screen: "admin", page: thing }) };
    case "storage-lost":
      return { key: thing.kind, text: attention.storageLost, act: go({ screen: "admin", page: thing }) };
    case "kept-here": {
      const { holdings } = thing;
      return {
        key: thing.kind,
        text: attention.keptHere(holdings.length),
        act: go({ screen: "admin", page: { kind: "kept-here", holdings } }),
      };
    }
    case "stays-here":
      return {
        key: thing.kind,
        text: attention.keptHere(thing.entries),
        act: learn("notApplied", go({ screen: "admin", page: { kind: "not-applied" } })),
      };
    case "lost":
      return {
        key: thing.kind,
        text: attention.lost(thing.records),
        act: learn("history", go({ screen: "admin", page: { kind: "history" } })),
      };
    default:
      return unreachable(thing);
  }
}

/** Which machine still serves what is this one's to serve, and what to do about it (B06). */
export function otherServerPage(state: PanelState, address: string): Page {
  const { admin, action } = textsOf(state);
  const { otherServerTitle, otherServer, otherServerMeans } = admin.attention;
  const rows = [says("which", otherServer(address)), says("means", otherServerMeans)];
  return { kind: "list", title: otherServerTitle, rows, softKeys: [softKey(action.ok, BACK)] };
}

/** That nothing is synchronised here any more, and how it is again; or that it is not to be. */
export function storageLostPage(state: PanelState): Page {
  const { admin, action } = textsOf(state);
  return {
    kind: "list",
    title: admin.attention.storageLost,
    rows: [
      ...admin.attention.storageLostMeans.map((text, index) => says(`means-${index}`, text)),
      { key: "seen", text: admin.attention.storageLostSeen, act: order({ kind: "storage-loss-seen" }, BACK) },
    ],
    softKeys: [softKey(action.ok, BACK)],
  };
}

/** Whose data is on this machine alone, as the server machine has no room. */
export function keptHerePage(state: PanelState, holdings: readonly string[]): Page {
  const { admin, action } = textsOf(state);
  const names = holdings.map((holding) => holdingText(state, holding));
  return {
    kind: "list",
    title: admin.attention.keptHereTitle,
    rows: [says("means", admin.attention.keptHereMeans), ...names.map((name, index) => says(`holding-${index}`, name))],
    softKeys: [softKey(action.ok, BACK)],
  };
}
