/** The way to the server machine and its search, in French. */
import type { WayTexts } from "./text-parts.ts";

export const frWay: WayTexts = {
  depth: "Profondeur de recherche (routeurs)",
  test: "Tester le chemin vers le serveur",
  title: "Chemin vers le serveur",
  parts: {
    address: "Adresse",
    port: "Port 8443",
    service: "Fonction serveur",
    clock: "Horloge du serveur",
    account: "Administrateur du serveur",
    settings: "Authentification et groupes",
  },
  passed: "réussi",
  failed: "échec",
  notReached: "non testé",
  serverClock: "La fonction serveur attend l’heure exacte.",
  untold: "Son service de connexion demande le mot de passe lui-même. Il n’est donné qu’au démarrage, quand vous avez comparé l’empreinte.",
  nobody: {
    why: "Elle est éteinte, le réseau est coupé, ou sa fonction serveur n’est pas démarrée.",
    next: "Vérifiez l’adresse, et démarrez-y la fonction serveur : Synchroniser les réglages perso. (Serveur).",
  },
};
