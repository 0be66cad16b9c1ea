/** French: why the client function was not started. Said while the form still stands behind it. */
import type { Texts } from "./texts.ts";

export const frNotStarted: Texts["notStarted"] = {
  "account-refused": {
    what: "Le serveur n’a pas accepté le compte. Rien n’a été démarré.",
    why: "Le nom ou le mot de passe est faux, ou le compte n’est pas administrateur de la machine serveur.",
    next: "Appuyez sur Retour et corrigez-les. Attention aux majuscules. Après trois essais faux, le serveur attend dix minutes.",
  },
  "another-server": {
    what: "Une autre machine répond maintenant que celle que vous avez comparée. Rien n’a été démarré.",
    why: "L’adresse a changé de machine, ou quelqu’un s’est interposé.",
    next: "Appuyez sur Retour, vérifiez l’adresse et démarrez à nouveau.",
  },
  "server-not-running": {
    what: "La fonction serveur n’y est pas en marche. Rien n’a été démarré.",
    why: "Elle n’est pas démarrée sur cette machine-là, ou vient d’être arrêtée.",
    next: "Démarrez-la d’abord là-bas : Synchroniser les réglages perso. (Serveur). Puis appuyez sur Retour et démarrez à nouveau.",
  },
  "rate-exceeded": {
    what: "Le serveur n’accepte plus d’essais pour le moment. Rien n’a été démarré.",
    why: "Trois essais avec un compte ou un mot de passe faux sont venus d’ici.",
    next: "Attendez dix minutes. Puis appuyez sur Retour, corrigez-les et démarrez à nouveau.",
  },
  "authentication-failed": {
    what: "L’autre machine n’a pas montré qu’elle connaît le compte. Rien n’a été démarré.",
    why: "Elle se fait peut-être seulement passer pour le serveur.",
    next: "Appuyez sur Retour et vérifiez l’adresse. Si elle est juste, prévenez le responsable du réseau.",
  },
  "message-malformed": {
    what: "L’autre machine a donné une réponse qui n’a pas de sens. Rien n’a été démarré.",
    why: "Ce n’est pas une machine serveur, ou son logiciel est très différent.",
    next: "Appuyez sur Retour et vérifiez l’adresse. Mettez à jour les deux machines.",
  },
};
