/** French: every refusal, with what happened, why, and what to do next. */
import { type PolicyPart, travelInFiles } from "../../model/refusal.ts";
import { frDataRefusals } from "./fr-data-refusals.ts";
import type { Texts } from "./texts.ts";

const PARTS: { readonly [part in PolicyPart]: string } = {
  "login-service": "le service de connexion",
  domains: "les domaines de connexion",
  departments: "les ID de service",
  groups: "les groupes d’utilisateurs",
};

export const frRefusals: Texts["refusals"] = {
  ...frDataRefusals,
  "too-many-machines": ({ machinesMax }) => ({
    what: "Cette machine n’a pas été admise.",
    why: `Le serveur a déjà les ${machinesMax ?? 10} machines qu’il peut prendre, lui-même compris.`,
    next: "Arrêtez la fonction client sur une machine devenue inutile, ou retirez-la sur le serveur : Synchroniser les réglages perso. (Serveur) > Machines.",
  }),
  "own-client-first": () => ({
    what: "Le serveur n’admet pas encore cette machine.",
    why: "La fonction client de la machine serveur doit d’abord participer elle-même.",
    next: "Rien à faire ici : cela continue tout seul. Si c’est long, redémarrez la machine serveur.",
  }),
  "settings-differ": ({ parts = [] }) => ({
    what: "Cette machine n’a pas été admise.",
    why: `Ses réglages diffèrent de ceux du serveur : ${parts.length === 0 ? "authentification ou groupes d’utilisateurs" : parts.map((part) => PARTS[part]).join(", ")}.`,
    next: `Rendez-les identiques sur les deux machines.${travelInFiles(parts) ? " Le plus simple : exporter sur la machine serveur, importer ici, la fonction client étant arrêtée." : ""}`,
  }),
  "not-a-server-model": () => ({
    what: "La fonction serveur ne peut pas être démarrée.",
    why: "Ce modèle ne peut être que machine cliente.",
    next: "Démarrez la fonction serveur sur un modèle qui l’a, et ici la fonction client.",
  }),
  "clock-not-right": ({ sntp }) => ({
    what: "La fonction serveur n’a pas démarré : il n’est pas sûr que l’horloge soit à l’heure.",
    why:
      sntp === "off"
        ? "Aucun serveur de temps (SNTP) n’est réglé sur cette machine."
        : sntp === "silent"
          ? "Le serveur de temps (SNTP) ne répond pas."
          : "Le serveur de temps (SNTP) n’est pas réglé ou ne répond pas.",
    next:
      sntp === "silent"
        ? "Vérifiez le câble réseau, et l’adresse sous Réseau > Réglages SNTP, puis démarrez à nouveau la fonction serveur."
        : "Réglez un serveur de temps sous Réseau > Réglages SNTP, attendez sa réponse, puis démarrez à nouveau la fonction serveur.",
  }),
  "put-out": () => ({
    what: "Cette machine a été retirée de la synchronisation.",
    why: "Un administrateur de la machine serveur l’a retirée de la liste des machines.",
    next: "Pour participer à nouveau : ici, arrêtez la fonction client, démarrez-la à nouveau, et redémarrez la machine.",
  }),
  "not-paired": () => ({
    what: "Le serveur ne connaît pas cette machine.",
    why: "Le premier contact avec le serveur n’a pas eu lieu, ou le serveur l’a oublié.",
    next: "Arrêtez la fonction client, démarrez-la avec le compte d’un administrateur de la machine serveur, et redémarrez la machine.",
  }),
  "account-refused": () => ({
    what: "Le serveur n’a pas accepté le compte.",
    why: "Le nom ou le mot de passe est faux, ou le compte n’est pas administrateur de la machine serveur.",
    next: "Arrêtez la fonction client, démarrez-la avec le bon compte et le bon mot de passe, et redémarrez la machine.",
  }),
  "another-server": () => ({
    what: "Une autre machine répond à l’adresse du serveur.",
    why: "Elle n’a pas le certificat confirmé lors du premier contact.",
    next: "Cherchez quelle machine a cette adresse. Seulement si le serveur a été remplacé ou réinstallé exprès : Utiliser une autre machine serveur, avec cette adresse.",
  }),
  "protocol-version": ({ served }) => ({
    what: "Le serveur et cette machine ne se comprennent pas.",
    why: `Leurs versions sont trop éloignées${served === undefined ? "" : ` (le serveur parle ${served[0]} à ${served[1]})`}.`,
    next: "Mettez à jour la plus ancienne des deux machines.",
  }),
  "destination-malformed": ({ text }) => ({
    what: `L’adresse du serveur est inutilisable${text === undefined || text === "" ? "" : ` : ${text}`}.`,
    why: "Il faut une adresse IP ou un nom d’hôte, seul ou suivi de :8443.",
    next: "Appuyez sur Retour et corrigez l’adresse. Exemple : 192.168.1.10",
  }),
  "locked-while-synchronising": () => ({
    what: "L’import et l’export sont verrouillés.",
    why: "La fonction client est démarrée : c’est le serveur qui garde les données de cette machine.",
    next: "Arrêtez d’abord la fonction client : Synchroniser les réglages perso. (Client).",
  }),
  "server-not-running": () => ({
    what: "La fonction serveur n’est pas en marche.",
    why: "Elle n’est pas démarrée sur la machine serveur, y a été arrêtée, ou attend le serveur de temps.",
    next: "Allez à la machine serveur : Synchroniser les réglages perso. (Serveur) dit ce qu’il lui faut.",
  }),
  "client-not-running": () => ({
    what: "La fonction client n’est pas en marche.",
    why: "Elle n’est pas démarrée sur cette machine, ou attend un redémarrage.",
    next: "Démarrez-la : Synchroniser les réglages perso. (Client). Puis redémarrez la machine.",
  }),
  "machine-unknown": () => ({
    what: "Le serveur ne connaît pas cette machine.",
    why: "Elle a été retirée de la liste entre-temps.",
    next: "Appuyez sur Retour et regardez à nouveau la liste.",
  }),
  "machines-operating": ({ machines }) => ({
    what: "L’étendue du partage n’a pas été modifiée.",
    why: `Ces machines travaillent encore : ${(machines ?? []).join(", ")}.`,
    next: "Arrêtez-y la fonction client ou éteignez-les. Une machine privée de courant ou de réseau compte encore une demi-minute. Puis modifiez à nouveau l’étendue.",
  }),
  "scope-fixed": () => ({
    what: "L’étendue du partage n’a pas été modifiée.",
    why: "Toutes les machines partagent toujours cet élément.",
    next: "Seuls la chronologie, les réglages par défaut et les réglages précédents peuvent rester propres à chaque machine.",
  }),
  "no-own-client": () => ({
    what: "L’export n’a pas été préparé.",
    why: "Pour cela, la machine serveur doit elle-même participer, avec localhost comme destination.",
    next: "Démarrez ici la fonction client avec la destination localhost. Puis redémarrez la machine.",
  }),
  "import-export-running": () => ({
    what: "Ce n’est pas possible en ce moment.",
    why: "Un import ou un export est en cours.",
    next: "Attendez qu’il soit terminé, puis réessayez.",
  }),
  "backup-unusable": ({ fault }) => ({
    what: "Rien n’a été repris du fichier. Les données sont comme avant.",
    why:
      fault === "passphrase"
        ? "La phrase secrète n’est pas celle de ce fichier."
        : fault === "newer"
          ? "Une version plus récente a fait ce fichier."
          : "Le fichier n’est pas de la sorte qu’il faut ici, ou il a été modifié.",
    next:
      fault === "passphrase"
        ? "Entrez à nouveau la phrase secrète. Attention aux majuscules."
        : fault === "newer"
          ? "Mettez d’abord cette machine à jour."
          : "Prenez une autre copie du fichier.",
  }),
  "preview-stale": () => ({
    what: "Rien n’a été démarré.",
    why: "Les données ont changé depuis que vous les avez regardées.",
    next: "Regardez-les encore une fois, puis démarrez.",
  }),
  "search-depth": ({ depthMax }) => ({
    what: "La recherche n’a pas été lancée.",
    why: `La profondeur de recherche doit être entre 1 et ${depthMax ?? 8}.`,
    next: "Appuyez sur Retour et corrigez-la. 1 reste dans ce segment du réseau.",
  }),
  "server-not-found": ({ searchDepth }) => ({
    what: "Aucune machine serveur n’a été trouvée.",
    why:
      searchDepth === 1
        ? "Aucune ne répond dans ce segment du réseau."
        : `Aucune ne répond à travers ${searchDepth === 2 ? "1 routeur" : `${(searchDepth ?? 1) - 1} routeurs`}.`,
    next: "Démarrez-y la fonction serveur, ou entrez son adresse.",
  }),
  "several-servers": ({ addresses }) => ({
    what: "Plusieurs machines serveur ont été trouvées.",
    why: `Celles-ci répondent : ${(addresses ?? []).join(", ")}.`,
    next: "Appuyez sur Retour, choisissez Chercher le serveur, et là, la bonne machine.",
  }),
  "server-alive": () => ({
    what: "Cette machine n’est pas devenue le serveur.",
    why: "La machine serveur répond.",
    next: "Arrêtez-y d’abord la fonction serveur.",
  }),
  "stood-down": () => ({
    what: "La fonction serveur n’est pas en marche.",
    why: "Une autre machine est devenue le serveur à la place de l’ancienne, ou un état plus ancien a été remis dans la machine serveur.",
    next: "Sur la machine remplacée, arrêtez la fonction serveur. Sur chaque autre machine, choisissez Utiliser une autre machine serveur. Pour revenir en arrière, ou s’il n’y en a pas de nouvelle, arrêtez la fonction serveur sur la nouvelle, puis arrêtez-la et démarrez-la sur l’ancienne.",
  }),
  "key-in-use-twice": () => ({
    what: "Cette machine n’est pas admise.",
    why: "Une autre machine utilise la même clé : la mémoire de l’une a été copiée sur l’autre.",
    next: "Sur la machine qui est la copie, arrêtez la fonction client et démarrez-la à nouveau.",
  }),
  "own-machine": ({ machine }) => ({
    what: "Cette machine n’a pas été retirée.",
    why: `C’est la machine serveur elle-même${machine === undefined ? "" : ` (${machine})`}.`,
    next: "Pour la retirer, arrêtez ici sa fonction client.",
  }),
  "unknown-word": ({ text }) => ({
    what: "L’autre machine a refusé.",
    why: `Cette version ne connaît pas sa raison${text === undefined || text === "" ? "" : ` : ${text}`}.`,
    next: "Mettez cette machine à jour.",
  }),
};
