/**
 * Who answers at the server's address? The person compares it with what the server machine shows on its own panel, and
 * only then is the account proven to it. Nothing that trusts is under the finger first: neither on the row nor on the
 * soft key that led here.
 */
import type { ClientSettings } from "../../../hal/services.ts";
import type { ErrorCode } from "../../model/errors.ts";
import { order } from "../order.ts";
import { type Act, BACK, go, type Page, type PageRow, says, shown, softKey, STAY, type Then } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";
import type { Texts } from "../texts/texts.ts";

/** `away`: why nobody answered; the settings then trust the first answer. */
export function firstContactPage(state: PanelState, settings: ClientSettings, away: ErrorCode | undefined): Page {
  const texts = textsOf(state);
  return settings.trust === "first-answer" ? awayPage(texts, settings, away) : comparePage(texts, settings, settings.trust.server);
}

function comparePage(texts: Texts, settings: ClientSettings, server: string): Page {
  const { client } = texts;
  const different: Act = { do: "swap", levels: 1, place: { screen: "message", notice: { kind: "not-the-server" } } };
  const look = order({ kind: "preview", settings }, go({ screen: "admin", page: { kind: "preview", settings } }));
  return {
    kind: "question",
    title: client.compareQuestion,
    rows: [
      says("answers", client.answers(shown(settings.destination, "-"))),
      ...fingerprintRows(server),
      says("where", client.compareWhere),
      says("replaces", client.startReplaces),
      { key: "preview", text: texts.admin.menu.previewFirst, act: look },
      { key: "same", text: client.same, act: starting(settings) },
      { key: "different", text: client.different, act: different },
    ],
    first: "fingerprint-0",
    softKeys: [softKey("", STAY), softKey("", STAY), softKey(client.sameKey, starting(settings)), softKey(client.differentKey, different)],
  };
}

function awayPage({ client, action }: Texts, settings: ClientSettings, away: ErrorCode | undefined): Page {
  const { destination, searchDepth, account, password } = settings;
  const entered = { destination, account, password, ...(searchDepth === undefined ? {} : { searchDepth }) };
  const again: Act = { do: "ask", intent: { kind: "contact", entered }, then: restartAfter(2) };
  return {
    kind: "question",
    title: client.awayTitle,
    rows: [
      says("away", client.away(shown(destination, "-"))),
      says("why", client.awayWhy[away === "address-unusable" || away === "authentication-failed" ? away : "other"]),
      says("next", client.awayNext),
      { key: "again", text: client.tryAgain, act: again },
      says("means", client.startAnywayMeans),
      { key: "anyway", text: client.startAnyway, act: starting(settings) },
      { key: "cancel", text: action.cancel, act: BACK },
    ],
    first: "again",
    softKeys: [softKey(client.tryAgain, again), softKey(action.cancel, BACK)],
  };
}

/** The form and the question go; what is left is the restart. */
const starting = (settings: ClientSettings): Act => ({ do: "ask", intent: { kind: "start-client", settings }, then: restartAfter(2) });

/** Back over the form and whatever stands on it, and on to the restart without which nothing begins (M08). */
export const restartAfter = (levels: number): Then => ({
  do: "swap",
  levels,
  place: { screen: "question", question: { kind: "restart" } },
});

const GROUP_DIGITS = 4;
const ROW_GROUPS = 4;

/** An identity as people compare it: groups of four digits, a half on each row; both machines show it alike. */
export function fingerprintRows(deviceId: string): PageRow[] {
  const groups = deviceId.match(new RegExp(`.{1,${GROUP_DIGITS}}`, "gu")) ?? [];
  const rows = Array.from({ length: Math.ceil(groups.length / ROW_GROUPS) }, (_, row) =>
    groups.slice(row * ROW_GROUPS, (row + 1) * ROW_GROUPS),
  );
  return rows.map((row, index) => says(`fingerprint-${index}`, row.join(" ")));
}
