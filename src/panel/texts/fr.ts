/** What the panel says, in French. A no-break space stands before a colon, a question mark and inside of quotes. */
import { frAddress } from "./fr-address.ts";
import { frAdmin } from "./fr-admin.ts";
import { frErrors } from "./fr-errors.ts";
import { frHeld } from "./fr-held.ts";
import { frNotStarted } from "./fr-not-started.ts";
import { frNotices, frWhy } from "./fr-notices.ts";
import { frOrigin } from "./fr-origin.ts";
import { frOwn } from "./fr-own.ts";
import { frRefusals } from "./fr-refusals.ts";
import { frServerStates } from "./fr-states.ts";
import { frWay } from "./fr-way.ts";
import type { Texts } from "./texts.ts";

const changes = (count: number): string => (count < 2 ? `${count} modification` : `${count} modifications`);

export const fr: Texts = {
  name: "Français",
  labelled: (label, value) => `${label} : ${value}`,
  action: {
    add: "Ajouter",
    cancel: "Annuler",
    change: "Modifier",
    characters: "abc/123",
    delete: "Supprimer",
    done: "Terminé",
    logIn: "Connexion",
    logOut: "Déconnexion",
    no: "Non",
    ok: "OK",
    save: "Enregistrer",
    search: "Chercher",
    start: "Démarrer",
    yes: "Oui",
  },
  home: {
    title: "Accueil",
    titleOf: (user) => `Accueil : ${user}`,
    addPersonal: "Ajouter un bouton personnel",
    addShared: "Ajouter un bouton partagé",
    shared: (name) => `Partagé : ${name}`,
    addresses: "Listes d’adresses",
    settings: "Réglages/Enregistrement",
    unreadable: "Les boutons et les adresses ne peuvent pas être lus en ce moment. La machine réessaie toute seule.",
  },
  login: {
    title: "Connexion : qui êtes-vous ?",
    nobody: "Aucun utilisateur n’est enregistré sur cette machine.",
    passwordOf: (user) => `Connexion : ${user}`,
    password: "Mot de passe",
  },
  button: {
    personal: "Bouton personnel",
    shared: "Bouton partagé",
    newPersonal: "Nouveau bouton personnel",
    newShared: "Nouveau bouton partagé",
    changed: "Modifier le bouton",
    name: "Nom",
    job: "Fonction",
    jobs: {
      copy: "Copie",
      fax: "Fax",
      "scan-and-send": "Numérisation et envoi",
      "scan-and-store": "Numérisation et stockage",
      "access-stored-files": "Accès aux fichiers stockés",
    },
    deleteQuestion: (name) => `Supprimer « ${name} » ?`,
    deletePersonal: "Le bouton disparaît de toutes les machines où vous vous connectez.",
    deleteShared: "Le bouton disparaît de toutes les machines, pour tout le monde.",
  },
  address: frAddress,
  settings: {
    title: "Réglages/Enregistrement",
    language: "Langue",
    languageNow: (name) => `Langue : ${name}`,
    management: "Réglages de gestion",
    deviceManagement: "Gestion du périphérique",
    syncServer: "Synchroniser les réglages perso. (Serveur)",
    syncClient: "Synchroniser les réglages perso. (Client)",
  },
  server: {
    state: "État",
    off: "Arrêtée",
    states: frServerStates,
    machines: (machines, machinesMax) => `Machines : ${machines} sur ${machinesMax}`,
    users: (users, usersMax) => `Utilisateurs : ${users} sur ${usersMax}`,
    start: "Démarrer la fonction serveur",
    stop: "Arrêter la fonction serveur",
    stopQuestion: "Arrêter la fonction serveur ?",
    stopMeans:
      "Les autres machines continuent avec leur propre copie. Leurs modifications attendent que la fonction serveur soit redémarrée.",
    machinesTitle: "Machines",
    noMachines: "Aucune machine ne s’est encore connectée. Démarrez la fonction client sur les machines qui doivent participer.",
    operating: "en service",
    notOperating: "hors service",
    location: "Emplacement",
    product: "Produit",
    serialNumber: "Numéro de série",
    lastContact: "Dernier contact",
    remove: "Retirer cette machine",
    removeQuestion: (machine) => `Retirer « ${machine} » ?`,
    removeMeans: "Sa place se libère, et elle garde ses données. Pour participer à nouveau, sa fonction client doit y être redémarrée.",
    fingerprint: "Empreinte de cette machine",
    fingerprintMeans:
      "Une machine dont on fait un client de celle-ci montre une empreinte. N’y continuez que si c’est celle-ci, chiffre par chiffre.",
  },
  admin: frAdmin,
  way: frWay,
  own: frOwn,
  origin: frOrigin,
  held: frHeld,
  client: {
    state: "État",
    off: "Arrêtée",
    states: {
      "restart-needed": "Commence après un redémarrage",
      offline: "Serveur injoignable",
      joining: "Admission en cours",
      synchronized: "Synchronisée",
      paused: "En pause",
      refused: "Non admise",
    },
    pending: (edits) => `Pas encore envoyé : ${changes(edits)}`,
    start: "Démarrer la fonction client",
    stop: "Arrêter la fonction client",
    another: "Utiliser une autre machine serveur",
    exportQuestion: "Exporter d’abord les données ?",
    exportWhy:
      "Pour les utilisateurs que le serveur a déjà, ses données remplacent celles de cette machine. Tant que la fonction client est démarrée, rien ne peut être exporté ici.",
    exportWhere:
      "L’export se fait dans l’interface utilisateur distante de cette machine : ouvrez-la dans un navigateur comme administrateur, et exportez les données utilisateur et le carnet d’adresses.",
    exportGoOn: "Continuer",
    exportBack: "Pas encore",
    formTitle: "Démarrer la fonction client",
    destination: "Adresse du serveur",
    account: "Administrateur du serveur",
    password: "Mot de passe de cet administrateur",
    compareQuestion: "Est-ce le serveur ?",
    emptySearches: "Si elle reste vide, le serveur est recherché.",
    moved:
      "Si la machine serveur a maintenant une autre adresse : Utiliser une autre machine serveur. Ce qui n’est pas encore envoyé suit.",
    searchedAgain: "Une recherche l’a trouvée. Tant que le serveur est injoignable, il est recherché à nouveau.",
    anotherAccount:
      "Un proxy sur le chemin, ou la machine serveur elle-même, veut un autre compte. Le journal de communication dit lequel.",
    answers: (destination) => `${destination} répond. Son empreinte :`,
    compareWhere:
      "Comparez-la à celle que montre la machine serveur : Synchroniser les réglages perso. (Serveur) > Empreinte de cette machine.",
    startReplaces:
      "Les utilisateurs que le serveur a déjà reçoivent leurs données de lui : elles remplacent ce qu’ils ont sur cette machine. Cela commence après un redémarrage.",
    same: "Identique : démarrer",
    sameKey: "Identique",
    different: "Différente : annuler",
    differentKey: "Différente",
    awayTitle: "Le serveur ne répond pas",
    away: (destination) => `Aucune machine serveur ne répond à ${destination}.`,
    awayWhy: {
      "address-unusable": "Aucune machine ne se trouve à cette adresse.",
      "authentication-failed": "Le proxy réglé sur cette machine demande un autre compte.",
      other: "Elle est éteinte, le réseau est coupé, ou sa fonction serveur n’est pas démarrée.",
    },
    awayNext: "Le mieux : vérifiez l’adresse, démarrez-y la fonction serveur, et réessayez.",
    tryAgain: "Réessayer",
    startAnywayMeans:
      "Si vous démarrez quand même : la première machine qui répond à cette adresse, quelle qu’elle soit, sera reconnue comme serveur, et le compte et le mot de passe lui serviront.",
    startAnyway: "Démarrer quand même",
    stopQuestion: "Arrêter la fonction client ?",
    stopMeans: "Les données restent sur cette machine. Les modifications ne sont plus échangées.",
    stopPending: (edits) =>
      edits < 2
        ? `${changes(edits)} faite ici n’est pas arrivée au serveur et ne sera pas envoyée.`
        : `${changes(edits)} faites ici ne sont pas arrivées au serveur et ne seront pas envoyées.`,
    restart: "Redémarrer la machine",
    restartQuestion: "Redémarrer la machine maintenant ?",
    restartMeans: "La synchronisation commence après le redémarrage. Les tâches en cours sont annulées.",
    restartNow: "Redémarrer",
    restartLater: "Plus tard",
  },
  status: {
    title: "Suivi d’état",
    nothing: "La synchronisation n’est pas démarrée sur cette machine.",
    upToDate: "À jour",
    saved: (edits) => (edits === 0 ? "Enregistré ici, sera synchronisé" : `Enregistré ici, sera synchronisé (${edits})`),
    serverStopped: (edits) => `Fonction serveur à l’arrêt${edits === 0 ? "" : ` ; ${changes(edits)} ici`}`,
    things: (things, edits) =>
      `${things === 1 ? "1 point" : `${things} points`} à vérifier${edits === 0 ? "" : ` ; ${changes(edits)} ici`}`,
    joining: "Admission : reprise des réglages",
    receiving: (parts) => `Admission : ${parts} partie${parts < 2 ? "" : "s"} reçue${parts < 2 ? "" : "s"}`,
    showing: (done, of) => `Admission : ${done} sur ${of} utilisateurs`,
    handingOver: (left) => `Admission : encore ${left} à fournir`,
    paused: (edits) => `En pause (import/export)${edits === 0 ? "" : ` ; ${changes(edits)} ici`}`,
    restartNeeded: "Redémarrer pour synchroniser",
    server: (machines) => `Serveur en marche, ${machines < 2 ? `${machines} machine` : `${machines} machines`}`,
    askAdministrator: "Prévenez un administrateur de cette machine.",
  },
  typing: {
    hint: "Haut/Bas : caractère  Droite : prendre  Gauche : effacer  OK : terminé",
    space: "espace",
    sets: ["small", "capital", "digits"],
    cannot: "",
  },
  wait: {
    title: "Un instant, s’il vous plaît",
    line: "La machine y travaille.",
    stop: "Touche Stop : ne plus attendre.",
    contacting: "Connexion en cours ...",
    progress: (done, of) => `${done} sur ${of} terminés.`,
    stopHere: "Touche Stop : arrêter ici. Ce qui est fait reste fait.",
    stopping: "Arrêt en cours ...",
  },
  message: { title: "À noter", notNow: "Impossible pour le moment" },
  noName: "(sans nom)",
  why: frWhy,
  notices: frNotices,
  notStarted: frNotStarted,
  refusals: frRefusals,
  errors: frErrors,
};
