/** The items that are personalised, in English. */
import type { AdminTexts } from "./admin-texts.ts";

export const enItems: AdminTexts["items"] = {
  "display-language": "Display language",
  "keyboard-layout": "Keyboard layout",
  accessibility: "Accessibility",
  "initial-screen": "Initial screen",
  "personal-button": "Personal button",
  timeline: "Timeline",
  "home-settings": "Home screen settings",
  "direct-connection": "Direct connection",
  "default-job-settings": "Default job settings",
  shortcut: "Shortcut",
  "previous-settings": "Previous settings",
  "personal-address": "Personal address",
  "group-address": "Group address",
  "list-order": "Order of lists",
  "automatic-printing": "Automatic printing",
  keychain: "Keychain",
  "shared-button": "Shared button",
  "common-address": "Address of a common list",
};
