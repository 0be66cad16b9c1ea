/** German: refusals that are about data: an owner, an entry, a change. */
import type { Texts } from "./texts.ts";

export const deDataRefusals = {
  "too-many-users": ({ usersMax }) => ({
    what: "Die persönlichen Daten eines weiteren Benutzers wurden nicht angenommen.",
    why: `Der Server hat schon ${usersMax ?? 1000} Benutzer und kann nicht mehr aufnehmen.`,
    next: "Löschen Sie am Servergerät die Daten von Benutzern, die nicht mehr hier arbeiten.",
  }),
  "too-many-entries": ({ entriesMax }) => ({
    what: "Der Eintrag wurde nicht angenommen.",
    why: `Seine Liste ist voll${entriesMax === undefined ? "" : `: ${entriesMax} Einträge`}.`,
    next: "Löschen Sie einen Eintrag, der nicht mehr gebraucht wird, und versuchen Sie es wieder.",
  }),
  "too-many-lists": ({ listsMax }) => ({
    what: "Die Adresse wurde nicht angenommen.",
    why: `Es gibt schon ${listsMax ?? 50} Benutzergruppen mit einer Adressliste.`,
    next: "Löschen Sie die Adressen einer Gruppe, die sie nicht mehr braucht, und versuchen Sie es wieder.",
  }),
  "owner-removed": () => ({
    what: "Die Änderung wurde nicht angenommen.",
    why: "Die Daten dieses Benutzers oder dieser Gruppe wurden inzwischen am Server gelöscht.",
    next: "Machen Sie die Änderung noch einmal, wenn sie noch gewünscht ist.",
  }),
  "owner-evicted": () => ({
    what: "Die Änderung wurde nicht angenommen.",
    why: "Die Daten dieses Benutzers mussten inzwischen am Server einem neuen Benutzer Platz machen.",
    next: "Sie steht im Verlauf. Machen Sie die Änderung noch einmal, wenn sie noch gewünscht ist.",
  }),
  "owner-held": () => ({
    what: "Die Daten dieses Geräts wurden nicht übernommen.",
    why: "Ein anderes Gerät hatte die Daten dieses Benutzers oder dieser Gruppe zuerst geliefert.",
    next: "Ab jetzt gelten die Daten des Servers. Es ist nichts zu tun.",
  }),
  "edit-unreadable": () => ({
    what: "Die Änderung wurde nicht übernommen.",
    why: "Das Servergerät kann sie nicht lesen. Es hat vielleicht eine ältere Version.",
    next: "Die Änderung steht im Verlauf dieses Geräts. Lassen Sie das Servergerät aktualisieren.",
  }),
  "owner-unknown": () => ({
    what: "Es gab nichts zu löschen.",
    why: "Der Server hat keine Daten dieses Benutzers oder dieser Gruppe.",
    next: "Prüfen Sie den Namen und suchen Sie noch einmal.",
  }),
  "device-specific": () => ({
    what: "Die Änderung bleibt auf diesem Gerät.",
    why: "Die Geräte teilen sich dieses Element nicht mehr.",
    next: "Es ist nichts zu tun.",
  }),
  "common-kept": () => ({
    what: "Es wurde nichts gelöscht.",
    why: "Gemeinsame Tasten und Adresslisten gehören allen.",
    next: "Löschen Sie ihre Einträge einzeln.",
  }),
  "nothing-kept": () => ({
    what: "Es wurde nichts zurückgeholt.",
    why: "Im Verlauf ist nichts davon, oder nicht mehr.",
    next: "Drücken Sie Zurück und sehen Sie den Verlauf noch einmal an.",
  }),
  "backup-of-another-fleet": ({ machine, machines }) => ({
    what: "Die Sicherung wurde nicht zurückgespielt. Die Daten sind, wie sie waren.",
    why: `Sie ist von einem anderen Geräteverbund${machine ? ` (Server: ${machine})` : ""}. Sie würde die Daten dieser Geräte ersetzen: ${(machines ?? []).join(", ")}.`,
    next: "Nehmen Sie eine Sicherung dieses Verbunds. Ist es so gemeint, stoppen Sie hier zuerst die Serverfunktion.",
  }),
  "passphrase-short": ({ charactersMin }) => ({
    what: "Die Datei wurde nicht erstellt.",
    why: `Die Passphrase muss mindestens ${charactersMin ?? 8} Zeichen haben.`,
    next: "Wählen Sie eine längere. Mehrere Wörter lassen sich gut merken.",
  }),
} satisfies Partial<Texts["refusals"]>;
