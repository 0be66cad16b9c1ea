/** What is held back on this machine, and what is open for now, in French. */
import type { HeldTexts } from "./text-parts.ts";

export const frHeld: HeldTexts = {
  exportOpen: (minutes) => `Export des données utilisateur : ouvert encore ${minutes} min.`,
  placesDiffer: "Trousseaux non synchronisés : emplacements réseau dans un autre ordre",
  notApplied: (entries) => `Éléments différents sur cette machine : ${entries}`,
  startsAgain: "Elle redémarre d’elle-même dès que la cause est écartée.",
  dateAhead: (days) => ({
    what: `La date de cette machine a ${days} jours d’avance sur le temps compté par les machines.`,
    why: "Elle n’est pas prise en compte : aucun historique ne vieillit pour autant.",
    next: "Vérifiez Réseau > Réglages SNTP : le serveur de temps donne peut-être une mauvaise date. Si la date est juste, il n’y a rien à faire.",
  }),
  serverFaults: {
    "port-closed": {
      why: "Un autre programme de cette machine utilise le port 8443.",
      next: "Redémarrez la machine. Si cela se reproduit, appelez le service technique.",
    },
    "storage-damaged": {
      why: "Des données enregistrées étaient abîmées : la mémoire a eu une erreur, ou le courant a été coupé.",
      next: "Si elle ne reprend pas, restaurez ici une sauvegarde des données du serveur, ou faites d’une autre machine le serveur. Appelez le service technique.",
    },
  },
};
