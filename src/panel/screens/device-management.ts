/** Device Management: what an administrator does. Others see it greyed and are told why. */
import { learn } from "../order.ts";
import { go, greyed, type Page } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";

export function deviceManagementPage(state: PanelState): Page {
  const texts = textsOf(state);
  const why = state.user?.administrator === true ? undefined : "administrators-only";
  const server = greyed({ key: "sync-server", text: texts.settings.syncServer, act: go({ screen: "sync-server" }) }, why);
  const client = greyed({ key: "sync-client", text: texts.settings.syncClient, act: go({ screen: "sync-client" }) }, why);
  const place = { screen: "admin", page: { kind: "personal-management" } } as const;
  const personal = greyed({ key: "personal", text: texts.admin.users.title, act: learn("usersPolicy", go(place)) }, why);
  return {
    kind: "menu",
    title: texts.settings.deviceManagement,
    rows: [...(state.serverModel ? [server] : []), client, personal],
    softKeys: [],
  };
}
