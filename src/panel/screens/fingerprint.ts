/** This machine's fingerprint, for whoever makes another machine its client and compares it there. */
import { BACK, type Page, says, softKey } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import { fingerprintRows } from "./first-contact.ts";

export function fingerprintPage(state: PanelState): Page {
  const texts = textsOf(state);
  return {
    kind: "message",
    title: texts.server.fingerprint,
    rows: [
      ...fingerprintRows(state.status.deviceId),
      says("means", texts.server.fingerprintMeans),
      { key: "ok", text: texts.action.ok, act: BACK },
    ],
    first: "ok",
    softKeys: [softKey(texts.action.ok, BACK)],
  };
}
