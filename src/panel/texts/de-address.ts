/** German: address books. */
import type { AddressTexts, AddressWhy } from "./address-texts.ts";

export const deAddress: AddressTexts = {
  lists: "Adresslisten",
  personalList: "Persönliche Adressliste",
  groupList: (group, number) =>
    number === undefined ? `Adressliste der Benutzergruppe: ${group}` : `Adressliste der Benutzergruppe ${number}: ${group}`,
  commonList: (number) => `Adressliste ${number}`,
  oneTouch: "Zielwahl",
  administratorList: "Adressliste für Administratoren",
  listWithCount: (list, entries) => `${list} (${entries})`,
  empty: "In dieser Liste steht noch nichts.",
  nothingFound: "Kein Name, keine Adresse und keine Nummer passt.",
  search: "Suchen (Name oder Nummer)",
  hidden: (entries) =>
    entries === 1
      ? "1 weiteres erscheint, wenn seine Zugriffsnummer eingegeben wird."
      : `${entries} weitere erscheinen, wenn ihre Zugriffsnummer eingegeben wird.`,
  room: (used, max) => `Gespeichert: ${used} von ${max}`,
  roomTogether: (used, max) => `Adresslisten 1-10 und Administratoren: ${used} von ${max}`,
  add: "Ziel hinzufügen",
  chooseType: "Was für ein Ziel?",
  newOf: (type) => `Neu: ${type}`,
  changed: "Ziel ändern",
  types: {
    email: "E-Mail",
    g3fax: "Fax",
    ipfax: "IP-Fax",
    ifax: "I-Fax",
    smb: "Windows-Ordner (SMB)",
    ftp: "FTP-Server",
    webdav: "WebDAV-Server",
    group: "Gruppe",
    file: "Dateiserver",
    other: "Ziel",
  },
  type: "Art",
  fields: {
    cn: "Name",
    mailaddress: "E-Mail-Adresse",
    dialdata: "Faxnummer",
    uri: "IP-Fax-Adresse",
    url: "Server",
    path: "Ordner",
    username: "Benutzername",
    pwd: "Passwort",
    indxid: "Zielwahlnummer",
    accesscode: "Zugriffsnummer (kann leer bleiben)",
  },
  stored: "gespeichert",
  none: "keines",
  passwordStays: "Das gespeicherte Passwort wird nie angezeigt. Lassen Sie das Feld leer, um es zu behalten.",
  passwordGoes: "Das gespeicherte Passwort gehört zum bisherigen Ziel, Speichern löscht es. Geben Sie das Passwort neu ein.",
  erasePassword: "Gespeichertes Passwort löschen",
  members: (members) => `Mitglieder: ${members}`,
  lostMembers: (members) =>
    members === 1
      ? "1 Mitglied wurde gelöscht. Die Gruppe gilt ohne es weiter."
      : `${members} Mitglieder wurden gelöscht. Die Gruppe gilt ohne sie weiter.`,
  lostGo: "Speichern nimmt gelöschte Mitglieder aus der Gruppe.",
  memberUnshown: "(Ihnen nicht angezeigt)",
  deleteQuestion: (name) => `"${name}" löschen?`,
  deleteForMe: "Das Ziel verschwindet aus Ihrer Liste, auf allen Geräten.",
  deleteForAll: "Das Ziel verschwindet aus dieser Liste, auf allen Geräten und für alle.",
  deleteFromGroups: (groups) => (groups === 1 ? "1 Gruppe verliert es als Mitglied." : `${groups} Gruppen verlieren es als Mitglied.`),
  copy: "In persönliche Taste kopieren",
  copyTo: "In welche persönliche Taste?",
  copyToNew: "In eine neue persönliche Taste",
};

export const deAddressWhy: { readonly [word in AddressWhy]: string } = {
  "mail-address-malformed": "Die E-Mail-Adresse ist nicht vollständig. Sie sieht so aus: name@example.com.",
  "fax-number-malformed":
    "Die Faxnummer fehlt, oder sie hat ein Zeichen, das nicht gewählt werden kann. Geben Sie Ziffern ein, zum Beispiel 0301234567.",
  "fax-address-malformed":
    "Die IP-Fax-Adresse fehlt, oder sie enthält ein Leerzeichen. Sie sieht so aus: fax@example.com oder 192.168.1.20.",
  "host-missing": "Der Server fehlt. Geben Sie seinen Namen oder seine Adresse ein, bei einem Windows-Ordner auch wie \\\\server\\share.",
  "web-address-malformed":
    "Der Server eines WebDAV-Ordners beginnt mit http:// oder https://. Gehen Sie zum Server und geben Sie ihn so ein.",
  "one-touch-malformed": "Eine Zielwahlnummer ist 1 bis 200. Gehen Sie zur Nummer und geben Sie eine ein.",
  "one-touch-taken": "Ein anderes Ziel hat diese Zielwahlnummer. Gehen Sie zur Nummer und geben Sie eine andere ein.",
  "access-number-malformed":
    "Eine Zugriffsnummer hat bis zu 7 Ziffern, und nicht nur Nullen. Lassen Sie sie leer, wenn alle das Ziel sehen dürfen.",
  "members-missing": "Eine Gruppe braucht ein Mitglied. Wählen Sie in den Zeilen unter dem Namen, wer dazugehört.",
  "members-full": "Mehr Mitglieder fasst eine Gruppe nicht. Nehmen Sie zuerst eines heraus, oder legen Sie eine zweite Gruppe an.",
  "list-full": "Diese Liste ist voll. Löschen Sie ein Ziel, das nicht mehr gebraucht wird.",
  "lists-full":
    "Die Adresslisten 1-10 und die für Administratoren sind zusammen voll. Löschen Sie ein Ziel, das nicht mehr gebraucht wird.",
  "one-touch-full":
    "Alle Zielwahlnummern sind vergeben. Löschen Sie ein Ziel, das nicht mehr gebraucht wird, oder nehmen Sie eine andere Liste.",
  "button-does-not-send":
    "Diese Taste sendet nicht an ein solches Ziel. Wählen Sie eine Taste für Scannen und Senden, für ein Fax auch eine für Fax.",
  "button-destinations-full": "Diese Taste hat für weitere Ziele keinen Platz. Wählen Sie eine andere oder eine neue Taste.",
};
