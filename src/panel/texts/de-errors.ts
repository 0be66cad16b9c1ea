/** German: every error code, with what happened, why, and what to do next. */
import type { Texts } from "./texts.ts";

export const deErrors: Texts["errors"] = {
  "hal-unavailable": {
    what: "Es wurde nicht ausgeführt.",
    why: "Ein Teil des Geräts ist gerade nicht bereit.",
    next: "Warten Sie einen Moment und versuchen Sie es wieder.",
  },
  "hal-refused": {
    what: "Es wurde nicht ausgeführt.",
    why: "Das Gerät nimmt diesen Wert nicht an.",
    next: "Drücken Sie Zurück und geben Sie etwas anderes ein.",
  },
  "hal-full": {
    what: "Es wurde nicht gespeichert.",
    why: "Der Speicher des Geräts ist voll.",
    next: "Löschen Sie, was nicht mehr gebraucht wird, und versuchen Sie es wieder.",
  },
  "hal-broken": {
    what: "Es wurde nicht ausgeführt.",
    why: "Ein Teil des Geräts arbeitet nicht.",
    next: "Starten Sie das Gerät neu. Kommt es wieder vor, rufen Sie den Kundendienst.",
  },
  "server-unreachable": {
    what: "Der Server ist nicht erreichbar.",
    why: "Er ist aus, das Netz ist unterbrochen, oder seine Serverfunktion ist gestoppt.",
    next: "Arbeiten Sie weiter: Änderungen werden hier gespeichert und später gesendet.",
  },
  "link-lost": {
    what: "Die Verbindung zum Server ging verloren.",
    why: "Das Netz ist unterbrochen, oder der Server startet neu.",
    next: "Nichts zu tun: Das Gerät verbindet sich von selbst wieder.",
  },
  "address-unusable": {
    what: "Die Serveradresse ist nicht brauchbar.",
    why: "Unter ihr ist kein Gerät zu finden.",
    next: "Prüfen Sie die Adresse unter Eigene Einstellungen synchronisieren (Client).",
  },
  "port-closed": {
    what: "Der Server antwortet nicht.",
    why: "Das Gerät ist da, aber sein Port 8443 ist geschlossen.",
    next: "Starten Sie dort die Serverfunktion, und prüfen Sie Firewalls dazwischen.",
  },
  "server-not-pinned": {
    what: "Dem Server wurde nicht vertraut.",
    why: "Sein Zertifikat wurde bei keinem ersten Kontakt bestätigt.",
    next: "Stoppen Sie die Clientfunktion und starten Sie sie wieder.",
  },
  "authentication-failed": {
    what: "Der Server hat dieses Gerät nicht eingelassen.",
    why: "Konto, Passwort oder Zertifikat wurde nicht angenommen.",
    next: "Stoppen Sie die Clientfunktion und starten Sie sie mit dem richtigen Konto wieder.",
  },
  "message-malformed": {
    what: "Etwas Empfangenes ist nicht lesbar.",
    why: "Die Software des anderen Geräts ist anders oder fehlerhaft.",
    next: "Aktualisieren Sie beide Geräte. Inzwischen geht es von selbst weiter.",
  },
  "message-too-large": {
    what: "Etwas war zu groß, um gesendet oder empfangen zu werden.",
    why: "Ein Eintrag übersteigt, was die Geräte austauschen.",
    next: "Kürzen Sie den neuesten Eintrag.",
  },
  "rate-exceeded": {
    what: "Die Verbindung wurde gebremst.",
    why: "Es wurde mehr gesendet, als ein Gerät auf einmal senden darf.",
    next: "Nichts zu tun: Es geht von selbst weiter.",
  },
  "storage-damaged": {
    what: "Gespeicherte Daten waren beschädigt.",
    why: "Der Speicher hatte einen Fehler, oder der Strom fiel aus.",
    next: "Das Gerät holt die Daten neu vom Server. Wenn nicht, stoppen Sie die Clientfunktion und starten Sie sie neu.",
  },
  "storage-format": {
    what: "Gespeicherte Daten sind nicht lesbar.",
    why: "Eine neuere Softwareversion hat sie geschrieben.",
    next: "Installieren Sie die neuere Version wieder.",
  },
  "import-malformed": {
    what: "Es wurde nichts importiert.",
    why: "Die Datei ist kein Adressbuch, das dieses Gerät lesen kann.",
    next: "Prüfen Sie die Datei. Die Meldung nennt Zeile und Spalte.",
  },
  "limit-exceeded": {
    what: "Es wurde nicht angenommen.",
    why: "Eine Grenze des Geräts würde überschritten.",
    next: "Löschen Sie, was nicht mehr gebraucht wird, und versuchen Sie es wieder.",
  },
  "clock-not-right": {
    what: "Es ist nicht sicher, dass die Uhr stimmt.",
    why: "Der Zeitserver (SNTP) ist nicht eingestellt oder antwortet nicht.",
    next: "Prüfen Sie Netzwerk > SNTP-Einstellungen. Sobald er antwortet, geht es von selbst weiter.",
  },
};
