/** The items that are personalised, in German. */
import type { AdminTexts } from "./admin-texts.ts";

export const deItems: AdminTexts["items"] = {
  "display-language": "Anzeigesprache",
  "keyboard-layout": "Tastaturbelegung",
  accessibility: "Bedienungshilfen",
  "initial-screen": "Startbildschirm",
  "personal-button": "Persönliche Taste",
  timeline: "Zeitleiste",
  "home-settings": "Einstellungen der Startseite",
  "direct-connection": "Direktverbindung",
  "default-job-settings": "Auftragsvorgaben",
  shortcut: "Schnellzugriff",
  "previous-settings": "Letzte Einstellungen",
  "personal-address": "Persönliche Adresse",
  "group-address": "Gruppenadresse",
  "list-order": "Reihenfolge der Listen",
  "automatic-printing": "Automatischer Druck",
  keychain: "Schlüsselbund",
  "shared-button": "Gemeinsame Taste",
  "common-address": "Adresse einer gemeinsamen Liste",
};
