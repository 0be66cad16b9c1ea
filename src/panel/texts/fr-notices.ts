/** French: why a row is greyed out, and notices that need no figures. */
import { frAddressWhy } from "./fr-address.ts";
import { frOwnWhy } from "./fr-own.ts";
import type { Texts } from "./texts.ts";

export const frWhy: Texts["why"] = {
  ...frAddressWhy,
  ...frOwnWhy,
  "scope-fixed":
    "Cet élément est toujours partagé. Seuls la chronologie, les réglages par défaut et les réglages précédents peuvent rester propres à chaque machine.",
  "nothing-ticked": "Rien n’est encore sélectionné. Allez sur les utilisateurs et groupes voulus et appuyez sur OK.",
  "users-policy-locked":
    "Tant que les fonctions serveur et client sont en marche, les réglages utilisateur les plus anciens sont supprimés. Pour choisir, arrêtez l’une des deux.",
  "save-first": "La vérification s’adresse au serveur NTP enregistré. Entrez d’abord son adresse et appuyez sur Enregistrer.",
  "log-in-first": "Cela appartient à un utilisateur. Connectez-vous d’abord : touche ID.",
  "administrators-only": "C’est réservé aux administrateurs. Connectez-vous comme administrateur : touche ID.",
  "shared-by-administrators":
    "Tout le monde voit les boutons partagés, seul un administrateur peut donc les modifier. Connectez-vous comme administrateur : touche ID.",
  "name-missing": "Il manque un nom. Allez sur le nom et entrez-en un.",
  "account-missing": "Il manque le nom d’un administrateur de la machine serveur. Allez sur ce champ et entrez-le.",
  "buttons-full": "Il n’y a plus de place pour un bouton. Supprimez-en un qui n’est plus utile.",
};

export const frNotices: Texts["notices"] = {
  "wrong-password": {
    what: "Le mot de passe est faux.",
    why: "Ce n’est pas celui de cet utilisateur.",
    next: "Appuyez sur Retour et entrez-le à nouveau. Attention aux majuscules.",
  },
  "unknown-user": {
    what: "Cet utilisateur ne peut pas se connecter ici.",
    why: "Il n’est plus enregistré sur cette machine.",
    next: "Appuyez sur Retour et choisissez un autre utilisateur.",
  },
  gone: {
    what: "Cet élément n’existe plus.",
    why: "Il a été supprimé entre-temps, ici ou sur une autre machine.",
    next: "Appuyez sur Retour.",
  },
  "job-running": {
    what: "Rien n’a été démarré.",
    why: "Une autre tâche est en cours sur cette machine.",
    next: "Attendez sa fin, ou arrêtez-la avec la touche Stop. Puis démarrez à nouveau.",
  },
  late: {
    what: "La machine n’a pas encore répondu.",
    why: "Elle est occupée, ou sa mémoire ne réagit pas.",
    next: "Regardez si c’est fait avant de réessayer.",
  },
  "this-machine": {
    what: "C’est l’adresse de cette machine elle-même. Rien n’a été démarré.",
    why: "Sa propre fonction serveur n’est pas démarrée.",
    next: "Appuyez sur Retour et saisissez l’adresse de la machine serveur. Si celle-ci doit être le serveur, démarrez d’abord sa fonction serveur.",
  },
  "not-the-server": {
    what: "Rien n’a été démarré, rien n’a été envoyé.",
    why: "Ce qui répond à cette adresse n’est pas la machine dont vous avez comparé l’empreinte.",
    next: "Vérifiez l’adresse. Si elle est juste, prévenez le responsable du réseau : quelqu’un s’est peut-être interposé.",
  },
  "destination-copied": {
    what: "Le destinataire a été copié dans le bouton.",
    why: "Le bouton garde cette copie, même si la liste d’adresses change plus tard. Les mots de passe ne sont pas copiés.",
    next: "Vous trouvez le bouton à l’accueil.",
  },
  restarting: { what: "La machine redémarre.", why: "", next: "Cela prend environ une minute. Ne l’éteignez pas." },
};
