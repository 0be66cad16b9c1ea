/** The way to the server machine and its search, in German. */
import type { WayTexts } from "./text-parts.ts";

export const deWay: WayTexts = {
  depth: "Suchtiefe (Router)",
  test: "Weg zum Server testen",
  title: "Weg zum Server",
  parts: {
    address: "Adresse",
    port: "Port 8443",
    service: "Serverfunktion",
    clock: "Uhr des Servers",
    account: "Administrator des Servers",
    settings: "Authentifizierung und Gruppen",
  },
  passed: "gut",
  failed: "fehlgeschlagen",
  notReached: "nicht getestet",
  serverClock: "Die Serverfunktion wartet auf die richtige Zeit.",
  untold: "Sein Anmeldedienst verlangt das Passwort selbst. Es wird erst beim Starten gesagt, wenn Sie den Fingerabdruck verglichen haben.",
  nobody: {
    why: "Es ist aus, das Netz ist unterbrochen, oder seine Serverfunktion ist nicht gestartet.",
    next: "Prüfen Sie die Adresse, und starten Sie dort die Serverfunktion: Eigene Einstellungen synchronisieren (Server).",
  },
};
