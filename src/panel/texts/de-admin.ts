/** What the panel says to an administrator, in German. */
import type { AdminTexts } from "./admin-texts.ts";
import { deItems } from "./de-items.ts";
import { deLog } from "./de-log.ts";

const ownersOf = (count: number): string => (count === 1 ? "1 Benutzer oder Gruppe" : `${count} Benutzern oder Gruppen`);

export const deAdmin: AdminTexts = {
  items: deItems,
  common: "Alle",
  group: (name) => `Gruppe ${name}`,
  deletedEntry: "Gelöscht",
  menu: {
    owners: "Benutzer und Gruppen, Daten löschen",
    sharing: "Details der Datenfreigabe",
    history: "Verlauf: ersetzte Daten",
    log: "Kommunikationsprotokoll",
    files: "Sichern und zurückspielen",
    prepareExport: "Export der Benutzerdaten vorbereiten",
    preview: "Was würde geschehen?",
    previewFirst: "Derselbe: Was würde geschehen?",
    search: "Server suchen",
    notApplied: "Einträge, die hier anders sind",
    attention: "Zu prüfen",
  },
  awake: {
    operating: (machines) => `Schläft nicht, weil diese in Betrieb sind: ${machines}`,
    unknown: "Schläft noch nicht: Es wartet auf Geräte, die in Betrieb sein können.",
  },
  owners: {
    title: "Benutzer und Gruppen",
    prepareTitle: "Export der Benutzerdaten vorbereiten",
    search: "Suche (Benutzername, Gruppen-ID)",
    none: "Der Server hat noch keine Daten von Benutzern oder Gruppen.",
    lastLogin: (name, day) => `${name}, zuletzt angemeldet ${day}`,
    acts: { delete: "Löschen", export: "Vorbereiten" },
    delete: (owners) => (owners === 0 ? "Daten der Angehakten löschen" : `Benutzerdaten löschen (${owners})`),
    prepare: (owners) => `Angehakte vorbereiten (${owners})`,
    prepareAll: "Alle vorbereiten",
    deleteQuestion: (owners) => `Daten von ${ownersOf(owners)} löschen?`,
    andMore: (owners) => `und ${owners} weitere`,
    deleteMeans: "Die Daten verschwinden von allen Geräten und aus dem Verlauf aller Geräte. Sie lassen sich nicht zurückholen.",
  },
  sharing: {
    title: "Details der Datenfreigabe",
    none: "Die Serverfunktion läuft nicht.",
    scopes: { shared: "Für alle Geräte gemeinsam", "device-specific": "Gerätespezifisch (nicht gemeinsam)" },
    means: {
      shared: "Für jeden Benutzer liefert das Gerät, das sich danach zuerst verbindet, die Daten. Die der anderen kommen in deren Verlauf.",
      "device-specific":
        "Jedes Gerät behält die Daten von jetzt und geht dann seinen eigenen Weg. Fällt ein Gerät aus, sind seine verloren.",
    },
    onlyAlone: "Das geht nur, solange kein anderes Gerät in Betrieb ist.",
  },
  history: {
    title: "Verlauf",
    none: (days) => (days === 1 ? "Seit 1 Tag wurde nichts ersetzt." : `Seit ${days} Tagen wurde nichts ersetzt.`),
    isBack: (text) => `${text} (zurückgeholt)`,
    of: "Von",
    by: "Gemacht von",
    byImport: "einem Import",
    byPutBack: "einem Zurückholen",
    byNobody: "unbekannt",
    made: "Gemacht",
    lost: "Ersetzt",
    stands: "Jetzt an seiner Stelle",
    putBackAt: "Zurückgeholt",
    putBack: "Das zurückholen",
    putBackAll: (owner) => `Alles zurückholen: ${owner}`,
    putBackQuestion: "Zurückholen?",
    putBackMeans: "Das zählt als Änderung von jetzt und kommt zu allen Geräten. Was an seiner Stelle steht, kommt in den Verlauf.",
    putBackAllMeans: (owner) =>
      `${owner}: Von jedem Eintrag wird zurückgeholt, was zuletzt ersetzt wurde, an allen Geräten. Was dort steht, kommt in den Verlauf.`,
    because: {
      superseded: "Eine spätere Änderung eines anderen Geräts gilt.",
      "replaced-at-join": "Bei der Aufnahme dieses Geräts haben die Daten des Servers es ersetzt.",
      "replaced-at-scope-change": "Es ist wieder gemeinsam, und ein anderes Gerät hat seine Daten zuerst geliefert.",
      "replaced-at-reordering": "Die Netzwerkorte stimmen wieder überein, und der gemeinsame Eintrag hat es ersetzt.",
      restored: "Am Server wurde eine Sicherung zurückgespielt, die etwas Älteres enthält.",
      evicted: "Der Server hatte keinen Platz: Dieser Benutzer war am längsten nicht angemeldet.",
    },
  },
  log: deLog,
  files: {
    title: "Sichern und zurückspielen",
    where: "Dieses Bedienfeld kann keine Datei ablegen. Nehmen Sie das Remote UI dieses Geräts im Browser, als Administrator.",
    backup: "Dort enthält eine Sicherung alle Daten des Servers, verschlossen mit einer Passphrase, die Sie wählen.",
    restore: "Beim Zurückspielen kommen alle Geräte auf ihren Stand. Was dabei verlorengeht, kommt in den Verlauf.",
  },
  preview: {
    title: "Was würde geschehen",
    none: "Noch ist nicht bekannt, was geschehen würde.",
    joined: "Dieses Gerät nimmt schon teil: Nichts würde sich ändern.",
    counts: {
      replaced: (owners) => `Durch Serverdaten ersetzt: ${owners}`,
      supplied: (owners) => `Von diesem Gerät geliefert: ${owners}`,
      received: (owners) => `Neu an diesem Gerät: ${owners}`,
      unchanged: (owners) => `Unverändert: ${owners}`,
    },
    kept: (days) => `Was ersetzt wird, bleibt ${days === 1 ? "1 Tag" : `${days} Tage`} im Verlauf und lässt sich zurückholen.`,
    holding: (name, here, there, lost) => `${name} (hier ${here}, Server ${there}${lost > 0 ? `, ohne Platz ${lost}` : ""})`,
    nobody: "Keine.",
    entry: {
      replaced: "Ersetzt",
      removed: "Entfernt",
      supplied: "Geliefert",
      "left-out": "Kein Platz",
      received: "Neu hier",
      unchanged: "Unverändert",
    },
    here: "An diesem Gerät",
    there: "Am Server",
    absent: "nicht vorhanden",
  },
  found: {
    title: "Gefundene Servergeräte",
    means: "Wählen Sie eines: Seine Adresse wird eingetragen. Sein Fingerabdruck wird danach verglichen.",
  },
  attention: {
    title: "Zu prüfen",
    none: "Nichts wartet auf jemanden.",
    otherServer: (address) => `Ein anderes Servergerät: ${address}`,
    otherServerTitle: "Ein anderes Servergerät",
    otherServerMeans:
      "Das frühere Servergerät arbeitet noch als Server. Beenden Sie dort die Serverfunktion und richten Sie die Clients, die damit verbunden sind, auf dieses Gerät: was an ihnen geändert wird, kommt hier nicht an.",
    storageLost: "Speicher verloren: neu einrichten",
    storageLostMeans: [
      "Der Speicher war beschädigt. Was dieses Gerät zum Synchronisieren hatte, ist verloren, und seine Funktionen sind gestoppt. Die Daten der Benutzer bleiben.",
      "War es das Servergerät: Starten Sie die Serverfunktion, stellen Sie dort eine Sicherung wieder her, und starten Sie die Clientfunktionen aller Geräte neu.",
      "War es ein Clientgerät: Starten Sie seine Clientfunktion neu.",
    ],
    storageLostSeen: "Es nimmt nicht mehr teil: nicht mehr anzeigen",
    keptHere: (holdings) => `Nur an diesem Gerät: ${holdings}`,
    keptHereTitle: "Nur an diesem Gerät",
    keptHereMeans:
      "Der Server hat dafür keinen Platz. Löschen Sie am Servergerät die Daten von Benutzern, die nicht mehr hier arbeiten: dann nimmt er sie von selbst auf.",
    lost: (records) => `Neu im Verlauf: ${records}`,
  },
  notApplied: {
    title: "Hier anders als im Verbund",
    none: "An diesem Gerät ist nichts anders.",
    because: {
      machine: "dieses Gerät kann es nicht verwenden",
      evicted: "dieses Gerät hat für mehr davon keinen Platz",
      "unknown-item": "dieses Modell oder diese Version kennt es nicht",
      "keychain-order": "die Netzwerkorte haben eine andere Reihenfolge als am Server",
      unreadable: "ein Geheimnis, das sich hier nicht öffnen lässt",
      "cannot-travel": "es kann nicht gesendet werden: es ist nur an diesem Gerät",
    },
  },
  users: {
    title: "Persönliche Einstellungen verwalten",
    action: "Aktion bei Überschreiten der max. Benutzerzahl",
    actionShort: "Maximale Benutzerzahl",
    policies: { "delete-oldest": "Älteste Benutzereinstellungen löschen", "discard-new": "Neue Benutzereinstellungen verwerfen" },
  },
  network: {
    title: "Netzwerk",
    off: "nicht eingestellt",
    sntp: "SNTP-Einstellungen",
    timeServer: "Adresse des NTP-Servers",
    check: "NTP-Server prüfen",
    proxy: "Proxy-Einstellungen",
    address: "Proxy und Port (leer: kein Proxy)",
    user: "Benutzername",
    password: "Passwort des Proxys",
    passwordSet: "Passwort des Proxys (gesetzt; leer: behalten)",
    localhost: "Verbindungen zu diesem Gerät selbst",
    excluded: "Nicht über den Proxy",
    included: "Über den Proxy",
  },
  takeOver: {
    title: "An seiner Stelle Server werden",
    question: "Dieses Gerät zum Server machen?",
    when: "Nur wenn das Servergerät verloren oder kaputt ist. Solange es antwortet, wird das abgelehnt.",
    means:
      "Die Kopie dieses Geräts wird zu den Daten des Servers. Wählen Sie dann an jedem anderen Gerät Anderes Servergerät verwenden, mit der Adresse dieses Geräts: Was sie darüber hinaus haben, geht nicht verloren.",
  },
  said: {
    "time-server-answers": () => ({ what: "Der NTP-Server antwortet.", why: "", next: "Die Serverfunktion kann gestartet werden." }),
    "time-server-silent": () => ({
      what: "Der NTP-Server antwortet nicht.",
      why: "Die Adresse ist falsch, er ist aus, oder das Netz lässt ihn nicht durch.",
      next: "Prüfen Sie Adresse und Netzkabel, dann prüfen Sie noch einmal.",
    }),
    discarded: (edits) => ({
      what:
        edits === 1
          ? "1 Änderung von hier hat den Server nicht erreicht."
          : `${edits} Änderungen von hier haben den Server nicht erreicht.`,
      why:
        edits === 1
          ? "Sie bleibt an diesem Gerät und wird nicht mehr gesendet."
          : "Sie bleiben an diesem Gerät und werden nicht mehr gesendet.",
      next: "",
    }),
    "took-over": () => ({
      what: "Dieses Gerät ist jetzt der Server.",
      why: "",
      next: "Wählen Sie an jedem anderen Gerät Anderes Servergerät verwenden und geben Sie die Adresse dieses Geräts ein. Stoppen Sie dort die Clientfunktion nicht.",
    }),
    "deleted-so-far": (owners) => ({
      what: owners === 0 ? "Angehalten: Es wurde nichts gelöscht." : `Angehalten: Die Daten von ${ownersOf(owners)} wurden gelöscht.`,
      why: "Die Daten der anderen sind, wie sie waren.",
      next: "Sie sind noch angehakt: erneut löschen, um fortzufahren.",
    }),
    deleted: (owners) => ({
      what: `Die Daten von ${ownersOf(owners)} wurden gelöscht.`,
      why: "",
      next: "Von den anderen Geräten verschwinden sie, sobald diese sich verbinden.",
    }),
    "put-back": (entries) => ({
      what:
        entries === 0
          ? "Es gab nichts zurückzuholen."
          : `${entries === 1 ? "1 Eintrag wurde" : `${entries} Einträge wurden`} zurückgeholt.`,
      why: entries === 0 ? "Es steht schon da." : "",
      next: "",
    }),
    "export-prepared": () => ({
      what: "Der Export ist 15 Minuten lang offen.",
      why: "Was dieses Gerät von diesen Benutzern und Gruppen zeigt, ist der Stand des Servers.",
      next: "Exportieren Sie jetzt im Remote UI dieses Geräts. Der Statusmonitor zeigt, wie lange es noch offen ist.",
    }),
  },
};
