/** German: why a row is greyed out, and notices that need no figures. */
import { deAddressWhy } from "./de-address.ts";
import { deOwnWhy } from "./de-own.ts";
import type { Texts } from "./texts.ts";

export const deWhy: Texts["why"] = {
  ...deOwnWhy,
  ...deAddressWhy,
  "log-in-first": "Das gehört einem Benutzer. Melden Sie sich zuerst an: Taste ID.",
  "administrators-only": "Das darf nur ein Administrator. Melden Sie sich als Administrator an: Taste ID.",
  "shared-by-administrators":
    "Gemeinsame Tasten sehen alle, darum ändert sie nur ein Administrator. Melden Sie sich als Administrator an: Taste ID.",
  "name-missing": "Der Name fehlt. Gehen Sie zum Namen und geben Sie einen ein.",
  "account-missing": "Der Name eines Administrators des Servergeräts fehlt. Gehen Sie dorthin und geben Sie ihn ein.",
  "buttons-full": "Für eine weitere Taste ist kein Platz. Löschen Sie eine, die nicht mehr gebraucht wird.",
  "scope-fixed": "Das ist immer gemeinsam. Nur Zeitleiste, Auftragsvorgaben und letzte Einstellungen können an jedem Gerät eigene sein.",
  "nothing-ticked": "Noch ist niemand angehakt. Gehen Sie zu den Benutzern und Gruppen, die Sie meinen, und drücken Sie OK.",
  "users-policy-locked":
    "Solange Server- und Clientfunktion laufen, bleibt es beim Löschen der ältesten Benutzereinstellungen. Stoppen Sie eine davon, um zu wählen.",
  "save-first": "Geprüft wird der gespeicherte NTP-Server. Geben Sie zuerst seine Adresse ein und drücken Sie Speichern.",
};

export const deNotices: Texts["notices"] = {
  "wrong-password": {
    what: "Das Passwort ist falsch.",
    why: "Es gehört nicht zu diesem Benutzer.",
    next: "Drücken Sie Zurück und geben Sie es neu ein. Achten Sie auf Großbuchstaben.",
  },
  "unknown-user": {
    what: "Dieser Benutzer kann sich hier nicht anmelden.",
    why: "Er ist an diesem Gerät nicht mehr registriert.",
    next: "Drücken Sie Zurück und wählen Sie einen anderen Benutzer.",
  },
  gone: {
    what: "Diesen Eintrag gibt es nicht mehr.",
    why: "Er wurde inzwischen gelöscht, hier oder an einem anderen Gerät.",
    next: "Drücken Sie Zurück.",
  },
  "job-running": {
    what: "Nichts wurde gestartet.",
    why: "An diesem Gerät läuft ein anderer Auftrag.",
    next: "Warten Sie, bis er beendet ist, oder beenden Sie ihn mit der Stopptaste. Starten Sie dann erneut.",
  },
  late: {
    what: "Das Gerät hat noch nicht geantwortet.",
    why: "Es ist beschäftigt, oder sein Speicher reagiert nicht.",
    next: "Sehen Sie nach, ob es getan wurde, bevor Sie es wieder versuchen.",
  },
  "this-machine": {
    what: "Das ist die Adresse dieses Geräts selbst. Nichts wurde gestartet.",
    why: "Seine eigene Serverfunktion ist nicht gestartet.",
    next: "Drücken Sie Zurück und geben Sie die Adresse des Servergeräts ein. Soll dieses Gerät der Server sein, starten Sie zuerst seine Serverfunktion.",
  },
  "not-the-server": {
    what: "Nichts wurde gestartet, und nichts wurde gesendet.",
    why: "Was unter dieser Adresse antwortet, ist nicht das Gerät, dessen Fingerabdruck Sie verglichen haben.",
    next: "Prüfen Sie die Adresse. Stimmt sie, fragen Sie, wer das Netz betreut: Jemand kann dazwischen sein.",
  },
  "destination-copied": {
    what: "Das Ziel wurde in die Taste kopiert.",
    why: "Die Taste behält diese Kopie, auch wenn sich die Adressliste später ändert. Passwörter werden nicht kopiert.",
    next: "Sie finden die Taste auf der Startseite.",
  },
  restarting: { what: "Das Gerät startet neu.", why: "", next: "Das dauert etwa eine Minute. Bitte nicht ausschalten." },
};
