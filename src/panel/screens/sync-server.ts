/** Synchronize Custom Settings (Server): its state, start it, stop it, its machines. */
import type { ServerStatus } from "../../../hal/services.ts";
import { LIMITS } from "../../model/limits.ts";
import type { AdminPlace } from "../admin-place.ts";
import { learn, type Topic } from "../order.ts";
import { go, type Page, type PageRow, says, STAY } from "../page.ts";
import { oneLine } from "../personal-data.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";
import { explain, sentences, serverFaultRows } from "./message.ts";

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
      ...(server.state === "stood-down" ? sentences({ ...texts.refusals["stood-down"]({}), what: "" }) : []),
      ...(server.fault === undefined ? [] : serverFaultRows(texts, server.fault)),
      ...(server.dateAheadDays === undefined ? [] : sentences(texts.held.dateAhead(server.dateAheadDays))),
      { key: "machines", text: texts.server.machines(server.machines, LIMITS.machinesMax), act: go({ screen: "machines" }) },
      ...awakeRows(texts, server),
      way("owners", texts.server.users(server.users, server.usersMax), { kind: "owners", purpose: "delete" }),
      way("sharing", texts.admin.menu.sharing, { kind: "sharing" }),
      ...recordRows(texts),
      way("owners", texts.admin.menu.prepareExport, { kind: "owners", purpose: "export" }),
      { key: "files", text: texts.admin.menu.files, act: go({ screen: "admin", page: { kind: "files" } }) },
      fingerprintRow(texts),
      { key: "stop", text: texts.server.stop, act: go({ screen: "question", question: { kind: "stop-server" } }) },
    ],
    first: "machines",
    softKeys: [],
  };
}

/** Reads what the screen is to show, and goes there. */
const way = (topic: Topic, text: string, page: AdminPlace): PageRow => ({
  key: page.kind === "owners" ? `owners-${page.purpose}` : page.kind,
  text,
  act: learn(topic, go({ screen: "admin", page })),
});

/** What was noted and what lost, by either function of the machine. */
export const recordRows = ({ admin }: Texts): PageRow[] => [
  way("history", admin.menu.history, { kind: "history" }),
  way("log", admin.menu.log, { kind: "log" }),
];

/** Why the machine does not sleep (M28). */
function awakeRows({ admin }: Texts, { keptAwakeBy, awaitsMachines }: ServerStatus): PageRow[] {
  if (keptAwakeBy !== undefined) return [says("awake", admin.awake.operating(keptAwakeBy.map(oneLine).join(", ")))];
  return awaitsMachines === true ? [says("awake", admin.awake.unknown)] : [];
}

/** What a client machine shows at its first contact is compared with this. */
const fingerprintRow = (texts: Texts): PageRow => ({
  key: "fingerprint",
  text: texts.server.fingerprint,
  act: go({ screen: "fingerprint" }),
});

/** Why it waits, and what to do about it. */
const clockRows = (texts: Texts): PageRow[] => sentences({ ...explain(texts, { kind: "error", code: "clock-not-right" }), what: "" });
