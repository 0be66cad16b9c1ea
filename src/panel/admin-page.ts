/** Which page belongs to which place of an administrator. */
import { unreachable } from "../model/assert.ts";
import type { AdminPlace } from "./admin-place.ts";
import type { Page } from "./page.ts";
import { attentionPage, keptHerePage, otherServerPage, storageLostPage } from "./screens/attention.ts";
import { filesPage } from "./screens/files.ts";
import { foundPage } from "./screens/found-servers.ts";
import { historyPage, lostPage } from "./screens/history.ts";
import { logPage, logRecordPage } from "./screens/log.ts";
import { networkPage, proxyPage, sntpPage } from "./screens/network.ts";
import { personalManagementPage, usersPolicyPage } from "./screens/personal-management.ts";
import { notAppliedPage } from "./screens/not-applied.ts";
import { ownersPage } from "./screens/owners.ts";
import { holdingPage, holdingsPage, previewedEntryPage } from "./screens/previewed.ts";
import { previewPage } from "./screens/preview.ts";
import { scopePage, sharingPage } from "./screens/sharing.ts";
import type { PanelState } from "./state.ts";

export function adminPage(state: PanelState, place: AdminPlace): Page {
  switch (place.kind) {
    case "owners":
      return ownersPage(state, place.purpose);
    case "sharing":
      return sharingPage(state);
    case "scope":
      return scopePage(state, place.item);
    case "history":
      return historyPage(state);
    case "lost":
      return lostPage(state, place.id);
    case "log":
      return logPage(state);
    case "log-record":
      return logRecordPage(state, place.record);
    case "files":
      return filesPage(state);
    case "preview":
      return previewPage(state, place.settings);
    case "holdings":
      return holdingsPage(state, place.settings, place.outcome);
    case "holding":
      return holdingPage(state, place.holding);
    case "previewed-entry":
      return previewedEntryPage(state, place.entry);
    case "found":
      return foundPage(state);
    case "attention":
      return attentionPage(state);
    case "other-server":
      return otherServerPage(state, place.address);
    case "storage-lost":
      return storageLostPage(state);
    case "kept-here":
      return keptHerePage(state, place.holdings);
    case "not-applied":
      return notAppliedPage(state);
    case "personal-management":
      return personalManagementPage(state);
    case "users-policy":
      return usersPolicyPage(state);
    case "network":
      return networkPage(state);
    case "sntp":
      return sntpPage(state);
    case "proxy":
      return proxyPage(state);
    default:
      return unreachable(place);
  }
}
