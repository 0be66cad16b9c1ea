/** Which page belongs to which place. */
import { unreachable } from "../model/assert.ts";
import type { Page } from "./page.ts";
import { adminPage } from "./admin-page.ts";
import { addressCopyPage } from "./screens/address-copy.ts";
import { addressFormPage } from "./screens/address-form.ts";
import { addressTypePage } from "./screens/address-type.ts";
import { addressListPage } from "./screens/address-list.ts";
import { addressListsPage } from "./screens/address-lists.ts";
import { addressPage } from "./screens/address.ts";
import { buttonFormPage } from "./screens/button-form.ts";
import { buttonPage } from "./screens/button.ts";
import { deviceManagementPage } from "./screens/device-management.ts";
import { fingerprintPage } from "./screens/fingerprint.ts";
import { homePage } from "./screens/home.ts";
import { languagePage } from "./screens/language.ts";
import { loginPage } from "./screens/login.ts";
import { machinePage } from "./screens/machine.ts";
import { machinesPage } from "./screens/machines.ts";
import { managementPage } from "./screens/management.ts";
import { messagePage } from "./screens/message.ts";
import { ownPage } from "./screens/own.ts";
import { originPage } from "./screens/origin.ts";
import { passwordPage } from "./screens/password.ts";
import { questionPage } from "./screens/question.ts";
import { settingsPage } from "./screens/settings.ts";
import { statusPage } from "./screens/status.ts";
import { syncClientFormPage } from "./screens/sync-client-form.ts";
import { syncClientPage } from "./screens/sync-client.ts";
import { syncServerPage } from "./screens/sync-server.ts";
import { wayPage } from "./screens/way.ts";
import { type PanelState, topFrame } from "./state.ts";

/** The page of where the person is. */
export function pageOf(state: PanelState): Page {
  const { place } = topFrame(state);
  switch (place.screen) {
    case "home":
      return homePage(state);
    case "login":
      return loginPage(state);
    case "password":
      return passwordPage(state, place.account);
    case "button":
      return buttonPage(state, place.button, place.key);
    case "button-form":
      return buttonFormPage(state, place.button, place.changes);
    case "address-lists":
      return addressListsPage(state);
    case "address-list":
      return addressListPage(state, place.list);
    case "address":
      return addressPage(state, place.list, place.key);
    case "address-form":
      return addressFormPage(state, place.list, place.type, place.changes);
    case "address-type":
      return addressTypePage(state, place.list);
    case "address-copy":
      return addressCopyPage(state, place.list, place.key);
    case "settings":
      return settingsPage(state);
    case "language":
      return languagePage(state);
    case "management":
      return managementPage(state);
    case "device-management":
      return deviceManagementPage(state);
    case "sync-server":
      return syncServerPage(state);
    case "fingerprint":
      return fingerprintPage(state);
    case "machines":
      return machinesPage(state);
    case "machine":
      return machinePage(state, place.deviceId);
    case "sync-client":
      return syncClientPage(state);
    case "sync-client-form":
      return syncClientFormPage(state);
    case "way":
      return wayPage(state, place.report);
    case "jobs":
    case "job-form":
    case "destinations":
    case "timeline-entry":
    case "job":
    case "personal-settings":
    case "personal-setting":
    case "default-jobs":
    case "keychains":
    case "keychain-form":
      return ownPage(state, place);
    case "admin":
      return adminPage(state, place.page);
    case "status":
      return statusPage(state);
    case "origin":
      return originPage(state, place.item);
    case "question":
      return questionPage(state, place.question);
    case "message":
      return messagePage(state, place.notice);
    default:
      return unreachable(place);
  }
}
