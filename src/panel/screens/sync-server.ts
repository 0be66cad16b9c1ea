/** Synchronize Custom Settings (Server): its state, start it, stop it, its machines. */
import { LIMITS } from "../../model/limits.ts";
import { go, type Page, type PageRow, says, STAY } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";
import { explain, sentences } from "./message.ts";

export function syncServerPage(state: PanelState): Page {
  const texts = textsOf(state);
  const { server } = state.status;
  const stateRow = says(
    "state",
    texts.labelled(texts.server.state, server === undefined ? texts.server.off : texts.server.states[server.state]),
  );
  if (server === undefined) {
    const start: PageRow = { key: "start", text: texts.server.start, act: { do: "ask", intent: { kind: "start-server" }, then: STAY } };
    return { kind: "menu", title: texts.settings.syncServer, rows: [stateRow, start, fingerprintRow(texts)], first: "start", softKeys: [] };
  }
  return {
    kind: "menu",
    title: texts.settings.syncServer,
    rows: [
      stateRow,
      ...(server.state === "waiting-for-clock" ? clockRows(texts) : []),
      { key: "machines", text: texts.server.machines(server.machines, LIMITS.machinesMax), act: go({ screen: "machines" }) },
      says("users", texts.server.users(server.users, server.usersMax)),
      fingerprintRow(texts),
      { key: "stop", text: texts.server.stop, act: go({ screen: "question", question: { kind: "stop-server" } }) },
    ],
    first: "machines",
    softKeys: [],
  };
}

/** What a client machine shows at its first contact is compared with this. */
const fingerprintRow = (texts: Texts): PageRow => ({
  key: "fingerprint",
  text: texts.server.fingerprint,
  act: go({ screen: "fingerprint" }),
});

/** Why it waits, and what to do about it. */
const clockRows = (texts: Texts): PageRow[] => sentences({ ...explain(texts, { kind: "error", code: "clock-not-right" }), what: "" });
