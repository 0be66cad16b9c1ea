/** Backup and restore, export and import: the panel has nowhere to put a file, so it says where these are (M33, M34). */
import { BACK, type Page, says, softKey } from "../page.ts";
import { type PanelState, textsOf } from "../state.ts";

export function filesPage(state: PanelState): Page {
  const { admin, action } = textsOf(state);
  return {
    kind: "message",
    title: admin.files.title,
    rows: [
      says("where", admin.files.where),
      says("backup", admin.files.backup),
      says("restore", admin.files.restore),
      { key: "ok", text: action.ok, act: BACK },
    ],
    first: "ok",
    softKeys: [softKey(action.ok, BACK)],
  };
}
