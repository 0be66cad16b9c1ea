/** The communication log, in French. */
import type { LogTexts } from "./log-texts.ts";

const entries = (count: number): string => (count < 2 ? `${count} élément` : `${count} éléments`);
const changes = (count: number): string => (count < 2 ? `${count} modification` : `${count} modifications`);

export const frLog: LogTexts = {
  title: "Journal de communication",
  none: "Rien n’a encore été noté.",
  levels: { Information: "Information", Warning: "Avertissement", Error: "Erreur" },
  bare: {
    "server-started": "La fonction serveur a été démarrée.",
    "server-stopped": "La fonction serveur a été arrêtée.",
    "client-started": "La fonction client a été démarrée. Elle agit après un redémarrage de cette machine.",
    joined: "Cette machine participe.",
    connected: "Connectée à la machine serveur.",
    "backed-up": "Une sauvegarde des données du serveur a été faite.",
    restored: "Les données du serveur ont été restaurées à partir d’une sauvegarde. Ce que cela a annulé est dans l’historique.",
    "storage-lost":
      "Ce que cette machine gardait pour la synchronisation est perdu et ses fonctions sont arrêtées : sa mémoire était abîmée. Démarrez-les de nouveau. Si c’était la machine serveur, restaurez une sauvegarde.",
    "act-completed": "Un import ou un rétablissement interrompu par une coupure de courant a été terminé.",
    "places-alike": "Les emplacements réseau ont à nouveau l’ordre de la machine serveur. Les trousseaux sont synchronisés.",
    "clock-remembered": "Le serveur de temps ne répond pas. La fonction serveur démarre avec sa réponse des 7 derniers jours.",
    "server-ended": "La fonction serveur a été arrêtée sur la machine serveur. Cette machine continue avec sa propre copie.",
    "server-off": "La machine serveur s’éteint ou redémarre. Cette machine continue avec sa propre copie.",
  },
  notes: {
    unsent: (edits) =>
      edits < 2
        ? `${changes(edits)} non parvenue au serveur ne sera pas envoyée. Elle reste sur cette machine.`
        : `${changes(edits)} non parvenues au serveur ne seront pas envoyées. Elles restent sur cette machine.`,
    "machine-registered": (machine, serialNumber) => `${machine} participe. Numéro de série : ${serialNumber}`,
    "machine-removed": (machine) => `${machine} a été retirée par un administrateur.`,
    "not-understood": (machine) => `${machine} a envoyé des données inutilisables. Elles n’ont pas été reprises.`,
    "owner-deleted": (owner) => `${owner} : les données ont été supprimées sur toutes les machines.`,
    "owner-evicted": (owner, count) =>
      `${owner} : dernière connexion la plus ancienne, a laissé la place à un nouvel utilisateur sur toutes les machines. Dans l’historique : ${entries(count)}.`,
    "users-near-limit": (users, usersMax) => `Le serveur garde ${users} utilisateurs ou plus, sur ${usersMax} au maximum.`,
    "users-over-limit": (users, usersMax) =>
      `Le serveur garde ${users} utilisateurs, plus que les ${usersMax} possibles. Personne n’est supprimé pour cela seul, mais un nouveau est refusé ou prend la place d’un autre. Supprimez les utilisateurs devenus inutiles.`,
    "scope-changed": (item, scope) =>
      `${item} : désormais ${scope === "shared" ? "partagé par toutes les machines" : "propre à chaque machine"}.`,
    "number-moved": (entry, taken, number) => `${entry} : le numéro d’adresse directe ${taken} était pris, c’est maintenant le ${number}.`,
    "server-found": (address) => `La machine serveur a maintenant une autre adresse : ${address}`,
    "edit-lost": (entry) => `${entry} : une modification plus récente d’une autre machine vaut. Celle d’ici est dans l’historique.`,
    "edit-refused": (entry) => `${entry} : la machine serveur n’a pas accepté la modification.`,
    "stays-here": (entry) => `${entry} : ne peut pas être envoyé et reste sur cette machine seulement.`,
    "not-applied": (entry, why) => `${entry} : ${why}.`,
    "over-limit": (holding) => `${holding} : plus de données que la machine serveur n’en accepte. Elles restent sur cette machine.`,
    "edits-wait": (edits) =>
      `${edits} modifications attendent le serveur. Cette machine garde les suivantes jusqu’à ce qu’il y ait de la place.`,
    undone: (edits) =>
      edits < 2
        ? `${changes(edits)} de cette machine a été annulée sur le serveur. Elle est dans l’historique.`
        : `${changes(edits)} de cette machine ont été annulées sur le serveur. Elles sont dans l’historique.`,
    "put-back": (owner, count) => `${owner} : ${entries(count)} de l’historique ${count < 2 ? "a été rétabli" : "ont été rétablis"}.`,
    "scope-replaced": (owner, count) =>
      `${owner} : ${entries(count)} ${count < 2 ? "a été remplacé" : "ont été remplacés"} ici, car l’élément est à nouveau partagé et une autre machine a fourni ses données la première. Ce qui a été remplacé est dans l’historique.`,
    "export-prepared": (owners, minutes) =>
      `L’export des données utilisateur est ouvert pendant ${minutes} minutes : ${owners === "" ? "tous les utilisateurs et groupes" : owners}.`,
    "export-left-out": (count) =>
      `Il manque ${entries(count)} dans un carnet d’adresses exporté : son fichier n’a pas de place pour cela, un fichier de données utilisateur en a.`,
    "import-left-out": (count) =>
      `Il manque ${entries(count)} d’un fichier importé : cette machine ne les connaît pas, ou ses emplacements réseau sont dans un autre ordre.`,
    "act-failed": () => "Un import ou un rétablissement interrompu par une coupure de courant n’a pas abouti. Recommencez-le.",
    "took-over": (hadData) =>
      `Cette machine est maintenant le serveur, à la place de celle qui est perdue.${hadData ? " Ce que sa propre fonction serveur gardait est dans l’historique." : ""}`,
    "predecessor-back": {
      taken: "L’ancienne machine serveur est revenue et s’est effacée. Ce qu’elle seule avait a été repris.",
      nothing: "L’ancienne machine serveur est revenue et s’est effacée. Elle n’avait rien qui manque ici.",
      kept: "L’ancienne machine serveur est revenue et s’est effacée. Ce qu’elle seule avait y reste, car sa version est plus ancienne. Mettez-la à jour.",
    },
    "other-server": (address) => `L’ancienne machine serveur fonctionne encore comme serveur : ${address}. Arrêtez-y la fonction serveur.`,
    "epoch-begun": (machine) =>
      `${machine} connaît des données plus récentes que ce serveur. Celles du serveur font foi à nouveau ; ce qui diffère est dans l’historique.`,
    "places-differ": (machine) =>
      machine === undefined
        ? "Les emplacements réseau n’ont pas l’ordre de la machine serveur. Tant que c’est le cas, les trousseaux ne sont pas synchronisés."
        : `${machine} a ses emplacements réseau dans un autre ordre. Tant que c’est le cas, ses trousseaux ne sont pas synchronisés.`,
    "function-failed": (which, againS) =>
      `La fonction ${which === "server" ? "serveur" : "client"} a eu une panne. Elle redémarre dans ${againS} secondes.`,
  },
  refused: {
    machine: (machine) => `Réponse à ${machine}`,
    visitor: (address) => `Réponse à la machine d’adresse ${address}`,
    thisMachine: "Cette machine",
    serverFunction: "Fonction serveur",
    asTold: (machine) => `Fonction serveur, selon ${machine}`,
    restore: "Restauration d’une sauvegarde",
    someOf: (refused, all, whose) => `${refused} sur ${entries(all)}, ${whose}`,
    andMore: (entry, more) => `${entry} et ${more} de plus`,
  },
  noted: "Dans le journal (en anglais)",
  detail: "Pour le service (en anglais)",
  buttons: "Boutons partagés",
};
