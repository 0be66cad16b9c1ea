/** What is held back on this machine, and what is open for now, in German. */
import type { HeldTexts } from "./text-parts.ts";

export const deHeld: HeldTexts = {
  exportOpen: (minutes) => `Export der Benutzerdaten: noch ${minutes} Min. offen`,
  placesDiffer: "Schlüsselbunde werden nicht synchronisiert: andere Reihenfolge der Netzwerkorte",
  notApplied: (entries) => `Einträge, die an diesem Gerät anders sind: ${entries}`,
  startsAgain: "Sie startet von selbst wieder, sobald die Ursache behoben ist.",
  dateAhead: (days) => ({
    what: `Das Datum dieses Geräts ist der Zeit, die die Geräte gezählt haben, um ${days} Tage voraus.`,
    why: "Das wird nicht geglaubt: Kein Verlauf veraltet dadurch.",
    next: "Prüfen Sie Netzwerk > SNTP-Einstellungen: Vielleicht nennt der Zeitserver ein falsches Datum. Ist das Datum richtig, ist nichts zu tun.",
  }),
  serverFaults: {
    "port-closed": {
      why: "Ein anderes Programm dieses Geräts benutzt Port 8443.",
      next: "Starten Sie das Gerät neu. Kommt es wieder vor, rufen Sie den Kundendienst.",
    },
    "storage-damaged": {
      why: "Gespeicherte Daten waren beschädigt: Der Speicher hatte einen Fehler, oder der Strom fiel aus.",
      next: "Geht es nicht weiter, stellen Sie hier eine Sicherung der Serverdaten wieder her, oder machen Sie ein anderes Gerät zum Server. Rufen Sie den Kundendienst.",
    },
  },
};
