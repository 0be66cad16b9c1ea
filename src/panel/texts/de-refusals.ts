/** German: every refusal, with what happened, why, and what to do next. */
import { type PolicyPart, travelInFiles } from "../../model/refusal.ts";
import { deDataRefusals } from "./de-data-refusals.ts";
import type { Texts } from "./texts.ts";

const PARTS: { readonly [part in PolicyPart]: string } = {
  "login-service": "der Anmeldedienst",
  domains: "die Anmeldedomänen",
  departments: "die Abteilungs-IDs",
  groups: "die Benutzergruppen",
};

export const deRefusals: Texts["refusals"] = {
  ...deDataRefusals,
  "too-many-machines": ({ machinesMax }) => ({
    what: "Dieses Gerät wurde nicht aufgenommen.",
    why: `Der Server hat schon alle ${machinesMax ?? 10} Geräte, die er aufnehmen kann, sich selbst mitgezählt.`,
    next: "Stoppen Sie die Clientfunktion an einem Gerät, das nicht mehr gebraucht wird, oder nehmen Sie es am Server heraus: Eigene Einstellungen synchronisieren (Server) > Geräte.",
  }),
  "own-client-first": () => ({
    what: "Der Server nimmt dieses Gerät noch nicht auf.",
    why: "Zuerst muss die eigene Clientfunktion des Servergeräts teilnehmen.",
    next: "Hier ist nichts zu tun: Es geht von selbst weiter. Dauert es lange, starten Sie das Servergerät neu.",
  }),
  "settings-differ": ({ parts = [] }) => ({
    what: "Dieses Gerät wurde nicht aufgenommen.",
    why: `Seine Einstellungen sind anders als die des Servers: ${parts.length === 0 ? "Authentifizierung oder Benutzergruppen" : parts.map((part) => PARTS[part]).join(", ")}.`,
    next: `Machen Sie sie auf beiden Geräten gleich.${travelInFiles(parts) ? " Am einfachsten: am Servergerät exportieren, hier importieren, bei gestoppter Clientfunktion." : ""}`,
  }),
  "not-a-server-model": () => ({
    what: "Die Serverfunktion kann nicht gestartet werden.",
    why: "Dieses Modell kann nur Clientgerät sein.",
    next: "Starten Sie die Serverfunktion an einem Modell, das sie hat, und hier die Clientfunktion.",
  }),
  "clock-not-right": ({ sntp }) => ({
    what: "Die Serverfunktion wurde nicht gestartet: Es ist nicht sicher, dass die Uhr stimmt.",
    why:
      sntp === "off"
        ? "An diesem Gerät ist kein Zeitserver (SNTP) eingestellt."
        : sntp === "silent"
          ? "Der Zeitserver (SNTP) antwortet nicht."
          : "Der Zeitserver (SNTP) ist nicht eingestellt oder antwortet nicht.",
    next:
      sntp === "silent"
        ? "Prüfen Sie das Netzkabel und unter Netzwerk > SNTP-Einstellungen die Adresse, dann starten Sie die Serverfunktion noch einmal."
        : "Stellen Sie unter Netzwerk > SNTP-Einstellungen einen Zeitserver ein, warten Sie seine Antwort ab, dann starten Sie die Serverfunktion noch einmal.",
  }),
  "put-out": () => ({
    what: "Dieses Gerät wurde aus der Synchronisierung herausgenommen.",
    why: "Ein Administrator des Servergeräts hat es aus der Liste der Geräte genommen.",
    next: "Um wieder teilzunehmen: hier die Clientfunktion stoppen, wieder starten, und dann das Gerät neu starten.",
  }),
  "not-paired": () => ({
    what: "Der Server kennt dieses Gerät nicht.",
    why: "Der erste Kontakt mit dem Server steht noch aus, oder der Server hat ihn vergessen.",
    next: "Stoppen Sie die Clientfunktion, starten Sie sie mit dem Konto eines Administrators des Servergeräts, und starten Sie das Gerät neu.",
  }),
  "account-refused": () => ({
    what: "Der Server hat das Konto nicht angenommen.",
    why: "Name oder Passwort ist falsch, oder das Konto ist kein Administrator des Servergeräts.",
    next: "Stoppen Sie die Clientfunktion, starten Sie sie mit dem richtigen Konto und Passwort, und starten Sie das Gerät neu.",
  }),
  "another-server": () => ({
    what: "Unter der Adresse des Servers antwortet ein anderes Gerät.",
    why: "Es hat nicht das Zertifikat, das beim ersten Kontakt bestätigt wurde.",
    next: "Finden Sie heraus, welches Gerät diese Adresse hat. Nur wenn der Server absichtlich ersetzt oder neu eingerichtet wurde: Anderes Servergerät verwenden, mit dieser Adresse.",
  }),
  "protocol-version": ({ served }) => ({
    what: "Der Server und dieses Gerät verstehen einander nicht.",
    why: `Ihre Softwareversionen liegen zu weit auseinander${served === undefined ? "" : ` (der Server spricht ${served[0]} bis ${served[1]})`}.`,
    next: "Aktualisieren Sie das ältere der beiden Geräte.",
  }),
  "destination-malformed": ({ text }) => ({
    what: `Die Serveradresse ist nicht brauchbar${text === undefined || text === "" ? "" : `: ${text}`}.`,
    why: "Erlaubt ist eine IP-Adresse oder ein Hostname, allein oder mit :8443.",
    next: "Drücken Sie Zurück und berichtigen Sie die Adresse. Beispiel: 192.168.1.10",
  }),
  "locked-while-synchronising": () => ({
    what: "Import und Export sind gesperrt.",
    why: "Die Clientfunktion ist gestartet, darum führt der Server die Daten dieses Geräts.",
    next: "Stoppen Sie zuerst die Clientfunktion: Eigene Einstellungen synchronisieren (Client).",
  }),
  "server-not-running": () => ({
    what: "Die Serverfunktion läuft nicht.",
    why: "Sie ist am Servergerät nicht gestartet, wurde dort gestoppt oder wartet auf den Zeitserver.",
    next: "Gehen Sie zum Servergerät: Unter Eigene Einstellungen synchronisieren (Server) steht, was ihr fehlt.",
  }),
  "client-not-running": () => ({
    what: "Die Clientfunktion läuft nicht.",
    why: "Sie ist an diesem Gerät nicht gestartet oder wartet auf einen Neustart.",
    next: "Starten Sie sie: Eigene Einstellungen synchronisieren (Client). Dann starten Sie das Gerät neu.",
  }),
  "machine-unknown": () => ({
    what: "Der Server kennt dieses Gerät nicht.",
    why: "Es wurde inzwischen aus der Liste genommen.",
    next: "Drücken Sie Zurück und sehen Sie die Liste noch einmal an.",
  }),
  "machines-operating": ({ machines }) => ({
    what: "Der Freigabebereich wurde nicht geändert.",
    why: `Diese Geräte arbeiten noch: ${(machines ?? []).join(", ")}.`,
    next: "Stoppen Sie dort die Clientfunktion oder schalten Sie sie aus. Ein Gerät ohne Strom oder Netz zählt noch eine halbe Minute. Ändern Sie den Bereich dann erneut.",
  }),
  "scope-fixed": () => ({
    what: "Der Freigabebereich wurde nicht geändert.",
    why: "Dieses Element teilen sich immer alle Geräte.",
    next: "Nur Zeitleiste, Auftragsvorgaben und letzte Einstellungen können an jedem Gerät eigene sein.",
  }),
  "no-own-client": () => ({
    what: "Der Export wurde nicht vorbereitet.",
    why: "Dazu muss der Server selbst teilnehmen, mit localhost als Ziel.",
    next: "Starten Sie hier die Clientfunktion mit dem Ziel localhost. Dann starten Sie das Gerät neu.",
  }),
  "import-export-running": () => ({
    what: "Das geht jetzt nicht.",
    why: "Ein Import oder Export läuft.",
    next: "Warten Sie, bis er beendet ist, und versuchen Sie es noch einmal.",
  }),
  "backup-unusable": ({ fault }) => ({
    what: "Aus der Datei wurde nichts übernommen. Die Daten sind, wie sie waren.",
    why:
      fault === "passphrase"
        ? "Die Passphrase gehört nicht zu dieser Datei."
        : fault === "newer"
          ? "Eine neuere Version hat diese Datei gemacht."
          : "Die Datei ist keine der Art, die hier gebraucht wird, oder wurde verändert.",
    next:
      fault === "passphrase"
        ? "Geben Sie die Passphrase noch einmal ein. Achten Sie auf Großbuchstaben."
        : fault === "newer"
          ? "Aktualisieren Sie zuerst dieses Gerät."
          : "Nehmen Sie eine andere Kopie der Datei.",
  }),
  "preview-stale": () => ({
    what: "Es wurde nichts gestartet.",
    why: "Die Daten haben sich geändert, seit Sie sie angesehen haben.",
    next: "Sehen Sie sie noch einmal an und starten Sie dann.",
  }),
  "search-depth": ({ depthMax }) => ({
    what: "Die Suche wurde nicht gestartet.",
    why: `Die Suchtiefe muss 1 bis ${depthMax ?? 8} sein.`,
    next: "Drücken Sie Zurück und berichtigen Sie sie. 1 bleibt in diesem Netzsegment.",
  }),
  "server-not-found": ({ searchDepth }) => ({
    what: "Es wurde kein Servergerät gefunden.",
    why: searchDepth === 1 ? "In diesem Netzsegment antwortet keines." : `Über ${(searchDepth ?? 1) - 1} Router hinweg antwortet keines.`,
    next: "Starten Sie dort die Serverfunktion, oder geben Sie die Adresse ein.",
  }),
  "several-servers": ({ addresses }) => ({
    what: "Es wurde mehr als ein Servergerät gefunden.",
    why: `Diese antworten: ${(addresses ?? []).join(", ")}.`,
    next: "Drücken Sie Zurück, wählen Sie Server suchen, und dort das richtige.",
  }),
  "server-alive": () => ({
    what: "Dieses Gerät wurde nicht zum Server.",
    why: "Das Servergerät antwortet.",
    next: "Stoppen Sie dort zuerst die Serverfunktion.",
  }),
  "stood-down": () => ({
    what: "Die Serverfunktion läuft nicht.",
    why: "Ein anderes Gerät ist an die Stelle dieses Servers getreten, oder in das Servergerät wurde ein älterer Stand zurückgespielt.",
    next: "Stoppen Sie am ersetzten Gerät die Serverfunktion. Wählen Sie an jedem anderen Gerät Anderes Servergerät verwenden. Soll das alte Gerät der Server bleiben, oder gibt es kein neues: Stoppen Sie die Serverfunktion am neuen, dann stoppen und starten Sie sie am alten.",
  }),
  "key-in-use-twice": () => ({
    what: "Dieses Gerät wird nicht eingelassen.",
    why: "Ein anderes Gerät benutzt denselben Schlüssel: Der Speicher des einen wurde auf das andere kopiert.",
    next: "Stoppen Sie die Clientfunktion an dem Gerät, das die Kopie ist, und starten Sie sie wieder.",
  }),
  "own-machine": ({ machine }) => ({
    what: "Dieses Gerät wurde nicht herausgenommen.",
    why: `Es ist das Servergerät selbst${machine === undefined ? "" : ` (${machine})`}.`,
    next: "Um es herauszunehmen, stoppen Sie hier seine Clientfunktion.",
  }),
  "unknown-word": ({ text }) => ({
    what: "Das andere Gerät hat abgelehnt.",
    why: `Sein Grund ist dieser Version nicht bekannt${text === undefined || text === "" ? "" : `: ${text}`}.`,
    next: "Aktualisieren Sie dieses Gerät.",
  }),
};

/** Said while the form still stands behind it. */
export const deNotStarted: Texts["notStarted"] = {
  "account-refused": {
    what: "Der Server hat das Konto nicht angenommen. Nichts wurde gestartet.",
    why: "Name oder Passwort ist falsch, oder das Konto ist kein Administrator des Servergeräts.",
    next: "Drücken Sie Zurück und berichtigen Sie sie. Achten Sie auf Großbuchstaben. Nach drei falschen Versuchen wartet der Server zehn Minuten.",
  },
  "another-server": {
    what: "Jetzt antwortet ein anderes Gerät als das verglichene. Nichts wurde gestartet.",
    why: "Die Adresse gehört jetzt einem anderen Gerät, oder jemand ist dazwischen.",
    next: "Drücken Sie Zurück, prüfen Sie die Adresse und starten Sie noch einmal.",
  },
  "server-not-running": {
    what: "Die Serverfunktion läuft dort nicht. Nichts wurde gestartet.",
    why: "Sie ist an jenem Gerät nicht gestartet oder wurde gerade gestoppt.",
    next: "Starten Sie sie zuerst dort: Eigene Einstellungen synchronisieren (Server). Dann drücken Sie Zurück und starten noch einmal.",
  },
  "rate-exceeded": {
    what: "Der Server nimmt gerade keine Versuche mehr an. Nichts wurde gestartet.",
    why: "Von hier kamen drei Versuche mit falschem Konto oder Passwort.",
    next: "Warten Sie zehn Minuten. Dann drücken Sie Zurück, berichtigen sie und starten noch einmal.",
  },
  "authentication-failed": {
    what: "Das andere Gerät hat nicht gezeigt, dass es das Konto kennt. Nichts wurde gestartet.",
    why: "Es gibt sich vielleicht nur als Server aus.",
    next: "Drücken Sie Zurück und prüfen Sie die Adresse. Stimmt sie, fragen Sie, wer das Netz betreut.",
  },
  "message-malformed": {
    what: "Das andere Gerät gab eine Antwort ohne Sinn. Nichts wurde gestartet.",
    why: "Es ist kein Servergerät, oder seine Software ist ganz anders.",
    next: "Drücken Sie Zurück und prüfen Sie die Adresse. Aktualisieren Sie beide Geräte.",
  },
};
