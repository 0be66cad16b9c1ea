/** French: every error code, with what happened, why, and what to do next. */
import type { Texts } from "./texts.ts";

export const frErrors: Texts["errors"] = {
  "hal-unavailable": {
    what: "Cela n’a pas été fait.",
    why: "Une partie de la machine n’est pas prête en ce moment.",
    next: "Attendez un instant, puis réessayez.",
  },
  "hal-refused": {
    what: "Cela n’a pas été fait.",
    why: "La machine n’accepte pas cette valeur.",
    next: "Appuyez sur Retour et entrez autre chose.",
  },
  "hal-full": {
    what: "Cela n’a pas été enregistré.",
    why: "La mémoire de la machine est pleine.",
    next: "Supprimez ce qui n’est plus utile, puis réessayez.",
  },
  "hal-broken": {
    what: "Cela n’a pas été fait.",
    why: "Une partie de la machine ne fonctionne pas.",
    next: "Redémarrez la machine. Si cela se reproduit, appelez le service technique.",
  },
  "server-unreachable": {
    what: "Le serveur ne répond pas.",
    why: "Il est éteint, le réseau est coupé, ou sa fonction serveur est arrêtée.",
    next: "Continuez à travailler : les modifications sont gardées ici et envoyées plus tard.",
  },
  "link-lost": {
    what: "La connexion au serveur a été perdue.",
    why: "Le réseau est coupé, ou le serveur redémarre.",
    next: "Rien à faire : la machine se reconnecte toute seule.",
  },
  "address-unusable": {
    what: "L’adresse du serveur est inutilisable.",
    why: "Aucune machine ne se trouve à cette adresse.",
    next: "Vérifiez l’adresse dans Synchroniser les réglages perso. (Client).",
  },
  "port-closed": {
    what: "Le serveur ne répond pas.",
    why: "La machine est là, mais son port 8443 est fermé.",
    next: "Démarrez-y la fonction serveur, et vérifiez les pare-feu sur le chemin.",
  },
  "server-not-pinned": {
    what: "Le serveur n’a pas été reconnu.",
    why: "Son certificat n’a été confirmé lors d’aucun premier contact.",
    next: "Arrêtez la fonction client et démarrez-la à nouveau.",
  },
  "authentication-failed": {
    what: "Le serveur n’a pas laissé entrer cette machine.",
    why: "Le compte, le mot de passe ou le certificat n’a pas été accepté.",
    next: "Arrêtez la fonction client et démarrez-la à nouveau avec le bon compte.",
  },
  "message-malformed": {
    what: "Un message reçu est illisible.",
    why: "Le logiciel de l’autre machine est différent ou défectueux.",
    next: "Mettez à jour les deux machines. En attendant, le travail continue tout seul.",
  },
  "message-too-large": {
    what: "Un message était trop grand pour être envoyé ou reçu.",
    why: "Un élément dépasse ce que les machines échangent.",
    next: "Raccourcissez l’élément le plus récent.",
  },
  "rate-exceeded": {
    what: "La connexion a été ralentie.",
    why: "Plus de messages ont été envoyés qu’une machine n’en peut envoyer à la fois.",
    next: "Rien à faire : cela continue tout seul.",
  },
  "storage-damaged": {
    what: "Des données enregistrées étaient abîmées.",
    why: "La mémoire a eu une erreur, ou le courant a été coupé.",
    next: "La machine reprend les données du serveur. Sinon, arrêtez la fonction client et démarrez-la de nouveau.",
  },
  "storage-format": {
    what: "Des données enregistrées sont illisibles.",
    why: "Elles ont été écrites par une version plus récente du logiciel.",
    next: "Réinstallez la version plus récente.",
  },
  "import-malformed": {
    what: "Rien n’a été importé.",
    why: "Le fichier n’est pas un carnet d’adresses que cette machine peut lire.",
    next: "Vérifiez le fichier. Le message indique la ligne et la colonne.",
  },
  "limit-exceeded": {
    what: "Cela n’a pas été accepté.",
    why: "Une limite de la machine serait dépassée.",
    next: "Supprimez ce qui n’est plus utile, puis réessayez.",
  },
  "clock-not-right": {
    what: "Il n’est pas sûr que l’horloge soit à l’heure.",
    why: "Le serveur de temps (SNTP) n’est pas réglé ou ne répond pas.",
    next: "Vérifiez Réseau > Réglages SNTP. Dès qu’il répond, la machine continue d’elle-même.",
  },
};
