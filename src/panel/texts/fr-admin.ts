/** What the panel says to an administrator, in French. */
import type { AdminTexts } from "./admin-texts.ts";
import { frItems } from "./fr-items.ts";
import { frLog } from "./fr-log.ts";

const ownersOf = (count: number): string => (count < 2 ? `${count} utilisateur ou groupe` : `${count} utilisateurs ou groupes`);

const daysOf = (count: number): string => (count < 2 ? `${count} jour` : `${count} jours`);

export const frAdmin: AdminTexts = {
  items: frItems,
  common: "Tout le monde",
  group: (name) => `Groupe ${name}`,
  deletedEntry: "Supprimé",
  menu: {
    owners: "Utilisateurs et groupes, supprimer les données",
    sharing: "Détails du partage des données",
    history: "Historique : ce qui a été écarté",
    log: "Journal de communication",
    files: "Sauvegarde et restauration",
    prepareExport: "Préparer l’export des données utilisateur",
    preview: "Que se passerait-il ?",
    previewFirst: "Identique : que se passerait-il ?",
    search: "Chercher le serveur",
    notApplied: "Éléments différents sur cette machine",
    attention: "Points à vérifier",
  },
  awake: {
    operating: (machines) => `Reste en éveil, car ces machines sont en service : ${machines}`,
    unknown: "Reste encore en éveil : des machines sont peut-être en service.",
  },
  owners: {
    title: "Utilisateurs et groupes",
    prepareTitle: "Préparer l’export des données utilisateur",
    search: "Chercher (utilisateur, ID de groupe)",
    none: "Le serveur n’a pas encore de données d’utilisateurs ou de groupes.",
    lastLogin: (name, day) => `${name}, dernière connexion le ${day}`,
    acts: { delete: "Supprimer", export: "Préparer" },
    delete: (owners) => (owners === 0 ? "Supprimer les données de la sélection" : `Supprimer les données utilisateur (${owners})`),
    prepare: (owners) => `Préparer la sélection (${owners})`,
    prepareAll: "Tout préparer",
    deleteQuestion: (owners) => `Supprimer les données de ${ownersOf(owners)} ?`,
    andMore: (owners) => `et ${owners} de plus`,
    deleteMeans: "Les données disparaissent de toutes les machines et de tous les historiques. Elles ne peuvent pas être rétablies.",
  },
  sharing: {
    title: "Détails du partage des données",
    none: "La fonction serveur n’est pas en marche.",
    scopes: { shared: "Partagé par toutes les machines", "device-specific": "Propre à la machine (non partagé)" },
    means: {
      shared:
        "Pour chaque utilisateur, la première machine qui se connecte ensuite fournit les données. Celles des autres vont dans leur historique.",
      "device-specific":
        "Chaque machine garde les données actuelles, puis suit son propre chemin. Si une machine tombe en panne, les siennes sont perdues.",
    },
    onlyAlone: "Possible seulement quand aucune autre machine n’est en service.",
  },
  history: {
    title: "Historique",
    none: (days) => `Rien n’a été écarté depuis ${daysOf(days)}.`,
    isBack: (text) => `${text} (rétabli)`,
    of: "De",
    by: "Fait par",
    byImport: "un import",
    byPutBack: "un rétablissement",
    byNobody: "inconnu",
    made: "Fait le",
    lost: "Écarté le",
    stands: "À sa place maintenant",
    putBackAt: "Rétabli le",
    putBack: "Rétablir cet élément",
    putBackAll: (owner) => `Tout rétablir pour ${owner}`,
    putBackQuestion: "Rétablir ?",
    putBackMeans:
      "Cela compte comme une modification faite maintenant, sur toutes les machines. Ce qui est à sa place va dans l’historique.",
    putBackAllMeans: (owner) =>
      `Pour ${owner}, ce que chaque élément a perdu en dernier est rétabli, sur toutes les machines. Ce qui est à sa place va dans l’historique.`,
    because: {
      superseded: "Une modification plus récente d’une autre machine vaut.",
      "replaced-at-join": "Quand cette machine a été admise, les données du serveur l’ont remplacé.",
      "replaced-at-scope-change": "L’élément est à nouveau partagé, et une autre machine a fourni ses données la première.",
      "replaced-at-reordering": "Les emplacements réseau sont à nouveau en ordre, et l’élément commun l’a remplacé.",
      restored: "Une sauvegarde restaurée sur le serveur contient quelque chose de plus ancien.",
      evicted: "Le serveur n’avait plus de place : la dernière connexion de cet utilisateur était la plus ancienne.",
    },
  },
  log: frLog,
  files: {
    title: "Sauvegarde et restauration",
    where:
      "Ce panneau n’a pas d’endroit pour un fichier. Utilisez l’interface utilisateur distante de cette machine dans un navigateur, comme administrateur.",
    backup: "Une sauvegarde y contient toutes les données du serveur, protégées par la phrase secrète que vous choisissez.",
    restore: "La restaurer ramène toutes les machines à son contenu. Ce que cela annule va dans l’historique.",
  },
  preview: {
    title: "Ce qui se passerait",
    none: "On ne sait pas encore ce qui se passerait.",
    joined: "Cette machine participe déjà : rien ne changerait.",
    counts: {
      replaced: (owners) => `Remplacés par les données du serveur : ${owners}`,
      supplied: (owners) => `Fournis par cette machine : ${owners}`,
      received: (owners) => `Nouveaux sur cette machine : ${owners}`,
      unchanged: (owners) => `Inchangés : ${owners}`,
    },
    kept: (days) => `Ce qui est remplacé reste ${daysOf(days)} dans l’historique et peut être rétabli.`,
    holding: (name, here, there, lost) => `${name} (ici ${here}, serveur ${there}${lost > 0 ? `, sans place ${lost}` : ""})`,
    nobody: "Aucun.",
    entry: {
      replaced: "Remplacé",
      removed: "Retiré",
      supplied: "Fourni",
      "left-out": "Pas de place",
      received: "Nouveau ici",
      unchanged: "Inchangé",
    },
    here: "Sur cette machine",
    there: "Sur le serveur",
    absent: "absent",
  },
  found: {
    title: "Machines serveur trouvées",
    means: "Choisissez-en une : son adresse est reprise. Son empreinte est comparée ensuite.",
  },
  attention: {
    title: "Points à vérifier",
    none: "Rien n’attend personne.",
    otherServer: (address) => `Une autre machine serveur : ${address}`,
    otherServerTitle: "Une autre machine serveur",
    otherServerMeans:
      "L’ancienne machine serveur fonctionne encore comme serveur. Arrêtez-y la fonction serveur et dirigez vers cette machine les clients qui y sont connectés : ce qui y est modifié n’arrive pas ici.",
    storageLost: "Mémoire perdue : à reconfigurer",
    storageLostMeans: [
      "La mémoire a été abîmée. Ce que cette machine gardait pour synchroniser est perdu, et ses fonctions sont arrêtées. Les données des utilisateurs restent.",
      "Si c’était la machine serveur : démarrez la fonction serveur, restaurez-y une sauvegarde, puis redémarrez la fonction client de toutes les machines.",
      "Si c’était une machine cliente : démarrez de nouveau sa fonction client.",
    ],
    storageLostSeen: "Elle ne participe plus : ne plus afficher",
    keptHere: (holdings) => `Sur cette machine seulement : ${holdings}`,
    keptHereTitle: "Sur cette machine seulement",
    keptHereMeans:
      "Le serveur n’a pas de place pour ces données. Sur la machine serveur, supprimez les données des utilisateurs qui ne travaillent plus ici : il les prendra alors de lui-même.",
    lost: (records) => `Nouveau dans l’historique : ${records}`,
  },
  notApplied: {
    title: "Différent sur cette machine",
    none: "Rien ne diffère sur cette machine.",
    because: {
      machine: "cette machine ne peut pas l’utiliser",
      evicted: "cette machine n’a pas de place pour d’autres éléments de cette sorte",
      "unknown-item": "ce modèle ou cette version ne le connaît pas",
      "keychain-order": "les emplacements réseau sont dans un autre ordre que sur le serveur",
      unreadable: "un secret qui ne peut pas être ouvert ici",
      "cannot-travel": "ne peut pas être envoyé : il est sur cette machine seulement",
    },
  },
  users: {
    title: "Gérer les réglages personnels",
    action: "Action si le nombre maximal d’utilisateurs est dépassé",
    actionShort: "Nombre maximal d’utilisateurs",
    policies: {
      "delete-oldest": "Supprimer les réglages utilisateur les plus anciens",
      "discard-new": "Ignorer les nouveaux réglages utilisateur",
    },
  },
  network: {
    title: "Réseau",
    off: "non défini",
    sntp: "Réglages SNTP",
    timeServer: "Adresse du serveur NTP",
    check: "Vérifier le serveur NTP",
    proxy: "Réglages proxy",
    address: "Proxy et port (vide : aucun proxy)",
    user: "Nom d’utilisateur",
    password: "Mot de passe du proxy",
    passwordSet: "Mot de passe du proxy (défini ; vide : le garder)",
    localhost: "Connexions à cette machine elle-même",
    excluded: "Sans passer par le proxy",
    included: "Par le proxy",
  },
  takeOver: {
    title: "Devenir le serveur à sa place",
    question: "Faire de cette machine le serveur ?",
    when: "Seulement si la machine serveur est perdue ou en panne. Tant qu’elle répond, c’est refusé.",
    means:
      "La copie de cette machine devient les données du serveur. Choisissez ensuite sur chaque autre machine Utiliser une autre machine serveur, avec l’adresse de celle-ci : ce qu’elles ont en plus de cette copie n’est pas perdu.",
  },
  said: {
    "time-server-answers": () => ({ what: "Le serveur NTP répond.", why: "", next: "La fonction serveur peut être démarrée." }),
    "time-server-silent": () => ({
      what: "Le serveur NTP ne répond pas.",
      why: "L’adresse est fausse, il est arrêté, ou le réseau ne le laisse pas passer.",
      next: "Vérifiez l’adresse et le câble réseau, puis recommencez.",
    }),
    discarded: (edits) => ({
      what:
        edits < 2
          ? `${edits} modification faite ici n’est pas parvenue au serveur.`
          : `${edits} modifications faites ici ne sont pas parvenues au serveur.`,
      why:
        edits < 2 ? "Elle reste sur cette machine et ne sera plus envoyée." : "Elles restent sur cette machine et ne seront plus envoyées.",
      next: "",
    }),
    "took-over": () => ({
      what: "Cette machine est maintenant le serveur.",
      why: "",
      next: "Sur chaque autre machine, choisissez Utiliser une autre machine serveur et saisissez l’adresse de celle-ci. N’y arrêtez pas la fonction client.",
    }),
    "deleted-so-far": (owners) => ({
      what: owners === 0 ? "Arrêté : rien n’a été supprimé." : `Arrêté : les données de ${ownersOf(owners)} ont été supprimées.`,
      why: "Les données des autres sont inchangées.",
      next: "Ils sont encore cochés : supprimer à nouveau pour continuer.",
    }),
    deleted: (owners) => ({
      what: `Les données de ${ownersOf(owners)} ont été supprimées.`,
      why: "",
      next: "Elles disparaissent des autres machines quand celles-ci se connectent.",
    }),
    "put-back": (entries) => ({
      what:
        entries === 0
          ? "Il n’y avait rien à rétablir."
          : entries === 1
            ? "1 élément a été rétabli."
            : `${entries} éléments ont été rétablis.`,
      why: entries === 0 ? "Cela y est déjà." : "",
      next: "",
    }),
    "export-prepared": () => ({
      what: "L’export est ouvert pendant 15 minutes.",
      why: "Ce que cette machine montre de ces utilisateurs et groupes est ce que garde le serveur.",
      next: "Exportez maintenant dans l’interface utilisateur distante de cette machine. Le suivi d’état montre combien de temps il reste.",
    }),
  },
};
