/** The communication log, in German. */
import type { LogTexts } from "./log-texts.ts";

const entries = (count: number): string => (count === 1 ? "1 Eintrag" : `${count} Einträge`);
const changes = (count: number): string => (count === 1 ? "1 Änderung" : `${count} Änderungen`);

export const deLog: LogTexts = {
  title: "Kommunikationsprotokoll",
  none: "Noch ist nichts vermerkt.",
  levels: { Information: "Hinweis", Warning: "Warnung", Error: "Fehler" },
  bare: {
    "server-started": "Die Serverfunktion wurde gestartet.",
    "server-stopped": "Die Serverfunktion wurde gestoppt.",
    "client-started": "Die Clientfunktion wurde gestartet. Sie arbeitet nach einem Neustart dieses Geräts.",
    joined: "Dieses Gerät wurde aufgenommen.",
    connected: "Mit dem Servergerät verbunden.",
    "backed-up": "Eine Sicherung der Serverdaten wurde gemacht.",
    restored: "Die Serverdaten wurden aus einer Sicherung zurückgespielt. Was dabei verlorenging, steht im Verlauf.",
    "storage-lost":
      "Was dieses Gerät zum Synchronisieren gespeichert hatte, ist verloren, und seine Funktionen sind gestoppt: Der Speicher war beschädigt. Starten Sie sie wieder. War dies das Servergerät, stellen Sie eine Sicherung wieder her.",
    "act-completed": "Ein Import oder Zurückholen, das ein Stromausfall unterbrochen hatte, wurde zu Ende geführt.",
    "places-alike": "Die Netzwerkorte haben wieder die Reihenfolge des Servergeräts. Schlüsselbunde werden synchronisiert.",
    "clock-remembered": "Der Zeitserver antwortet nicht. Die Serverfunktion startet mit seiner Antwort der letzten 7 Tage.",
    "server-ended": "Die Serverfunktion wurde am Servergerät gestoppt. Dieses Gerät arbeitet mit seiner eigenen Kopie weiter.",
    "server-off": "Das Servergerät schaltet sich aus oder startet neu. Dieses Gerät arbeitet mit seiner eigenen Kopie weiter.",
  },
  notes: {
    unsent: (edits) =>
      `${changes(edits)} von hier ${edits === 1 ? "hat" : "haben"} den Server nicht erreicht und ${edits === 1 ? "wird" : "werden"} nicht mehr gesendet. Auf diesem Gerät ${edits === 1 ? "bleibt sie" : "bleiben sie"}.`,
    "machine-registered": (machine, serialNumber) => `${machine} nimmt teil. Seriennummer: ${serialNumber}`,
    "machine-removed": (machine) => `${machine} wurde von einem Administrator herausgenommen.`,
    "not-understood": (machine) => `${machine} hat etwas Unbrauchbares gesendet. Es wurde nicht übernommen.`,
    "owner-deleted": (owner) => `${owner}: Die Daten wurden auf allen Geräten gelöscht.`,
    "owner-evicted": (owner, count) =>
      `${owner} war am längsten nicht angemeldet und hat auf allen Geräten einem neuen Benutzer Platz gemacht. Im Verlauf: ${entries(count)}.`,
    "users-near-limit": (users, usersMax) =>
      `Der Server hat die Daten von ${users} oder mehr Benutzern, höchstens ${usersMax} sind möglich.`,
    "users-over-limit": (users, usersMax) =>
      `Der Server hat die Daten von ${users} Benutzern, mehr als die ${usersMax}, die möglich sind. Deshalb allein wird niemand entfernt, aber ein neuer wird abgelehnt oder nimmt einem anderen den Platz. Löschen Sie Benutzer, die nicht mehr gebraucht werden.`,
    "scope-changed": (item, scope) => `${item}: ab jetzt ${scope === "shared" ? "für alle Geräte gemeinsam" : "gerätespezifisch"}.`,
    "number-moved": (entry, taken, number) => `${entry}: Die Zielwahlnummer ${taken} war vergeben, jetzt gilt Nummer ${number}.`,
    "server-found": (address) => `Das Servergerät hat jetzt eine andere Adresse: ${address}`,
    "edit-lost": (entry) => `${entry}: Eine spätere Änderung eines anderen Geräts gilt. Die von hier steht im Verlauf.`,
    "edit-refused": (entry) => `${entry}: Das Servergerät hat die Änderung nicht angenommen.`,
    "stays-here": (entry) => `${entry}: Das kann nicht gesendet werden und bleibt nur auf diesem Gerät.`,
    "not-applied": (entry, why) => `${entry}: ${why}.`,
    "over-limit": (holding) => `${holding}: Das sind mehr Daten, als das Servergerät annimmt. Sie bleiben auf diesem Gerät.`,
    "edits-wait": (edits) => `${edits} Änderungen warten auf den Server. Weitere behält dieses Gerät, bis wieder Platz ist.`,
    undone: (edits) =>
      `${changes(edits)} von hier ${edits === 1 ? "gilt" : "gelten"} am Server nicht mehr. Was verlorenging, steht im Verlauf.`,
    "put-back": (owner, count) => `${owner}: ${entries(count)} aus dem Verlauf zurückgeholt.`,
    "scope-replaced": (owner, count) =>
      `${owner}: ${entries(count)} hier ersetzt, denn es ist wieder gemeinsam, und ein anderes Gerät hat seine Daten zuerst geliefert. Das Ersetzte steht im Verlauf.`,
    "export-prepared": (owners, minutes) =>
      `Der Export der Benutzerdaten ist ${minutes} Minuten lang offen: ${owners === "" ? "alle Benutzer und Gruppen" : owners}.`,
    "export-left-out": (count) =>
      `In einem exportierten Adressbuch ${count === 1 ? "fehlt" : "fehlen"} ${entries(count)}: Seine Datei hat dafür keinen Platz, eine Benutzerdatendatei hat ihn.`,
    "import-left-out": (count) =>
      `${entries(count)} einer importierten Datei ${count === 1 ? "wurde" : "wurden"} ausgelassen: Dieses Gerät kennt so etwas nicht, oder seine Netzwerkorte haben eine andere Reihenfolge.`,
    "act-failed": () =>
      "Ein Import oder Zurückholen, das ein Stromausfall unterbrochen hatte, ist nicht zustande gekommen. Machen Sie es noch einmal.",
    "took-over": (hadData) =>
      `Dieses Gerät ist jetzt der Server, an Stelle des verlorenen.${hadData ? " Was seine eigene Serverfunktion hatte, steht im Verlauf." : ""}`,
    "predecessor-back": {
      taken: "Das frühere Servergerät ist wieder da und zurückgetreten. Was nur es hatte, wurde übernommen.",
      nothing: "Das frühere Servergerät ist wieder da und zurückgetreten. Es hatte nichts, was hier fehlt.",
      kept: "Das frühere Servergerät ist wieder da und zurückgetreten. Was nur es hatte, bleibt dort, denn seine Version ist älter. Aktualisieren Sie es.",
    },
    "other-server": (address) => `Das frühere Servergerät arbeitet noch als Server: ${address}. Beenden Sie dort die Serverfunktion.`,
    "epoch-begun": (machine) =>
      `${machine} kennt neuere Daten als dieser Server. Die Serverdaten zählen neu; was anders war, steht im Verlauf.`,
    "places-differ": (machine) =>
      machine === undefined
        ? "Die Netzwerkorte haben eine andere Reihenfolge als am Servergerät. Bis sie übereinstimmen, werden Schlüsselbunde nicht synchronisiert."
        : `${machine} hat die Netzwerkorte in anderer Reihenfolge. Bis sie übereinstimmen, werden seine Schlüsselbunde nicht synchronisiert.`,
    "function-failed": (which, againS) =>
      `Die ${which === "server" ? "Serverfunktion" : "Clientfunktion"} ist ausgefallen. In ${againS} Sekunden startet sie wieder.`,
  },
  refused: {
    machine: (machine) => `Antwort an ${machine}`,
    visitor: (address) => `Antwort an das Gerät mit der Adresse ${address}`,
    thisMachine: "Dieses Gerät",
    serverFunction: "Serverfunktion",
    asTold: (machine) => `Serverfunktion, wie ${machine} meldet`,
    restore: "Zurückspielen einer Sicherung",
    someOf: (refused, all, whose) => `${refused} von ${all === 1 ? "1 Eintrag" : `${all} Einträgen`}, ${whose}`,
    andMore: (entry, more) => `${entry} und ${more} weitere`,
  },
  noted: "Im Protokoll (englisch)",
  detail: "Für den Service (englisch)",
  buttons: "Gemeinsame Tasten",
};
