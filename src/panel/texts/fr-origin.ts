/** Where an entry comes from, in French. */
import type { OriginTexts } from "./text-parts.ts";

export const frOrigin: OriginTexts = {
  title: "D’où cela vient",
  machine: "Sur la machine",
  orLater: (date) => `${date} ou plus tard`,
  states: {
    standing: "C’est sur le serveur.",
    pending: "C’est enregistré ici, et pas encore sur le serveur.",
    "here-alone": "C’est sur cette machine seulement.",
  },
  why: {
    first: "Il n’y avait rien à cette place.",
    seen: "L’auteur avait vu ce qui était là avant.",
    later: "Cela a été fait après ce qui était là avant.",
    own: "La même machine avait fait ce qui était là avant.",
    adopted: "Le serveur l’a repris quand cette autre machine a été admise.",
    brought: "Une autre machine le tenait du serveur perdu.",
    server: "Le serveur l’a fait lui-même.",
  },
  over: "Sur le serveur, il y a encore",
  none: "Personne ne l’a encore réglé.",
};
