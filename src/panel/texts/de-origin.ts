/** Where an entry comes from, in German. */
import type { OriginTexts } from "./text-parts.ts";

export const deOrigin: OriginTexts = {
  title: "Woher das kommt",
  machine: "Am Gerät",
  orLater: (date) => `${date} oder später`,
  states: {
    standing: "Es ist auf dem Server.",
    pending: "Es ist hier gespeichert und noch nicht auf dem Server.",
    "here-alone": "Es ist nur an diesem Gerät.",
  },
  why: {
    first: "Vorher stand dort nichts.",
    seen: "Wer es gemacht hat, hatte gesehen, was vorher dort stand.",
    later: "Es wurde später gemacht als das, was vorher dort stand.",
    own: "Dasselbe Gerät hatte gemacht, was vorher dort stand.",
    adopted: "Der Server hat es übernommen, als jenes Gerät aufgenommen wurde.",
    brought: "Ein anderes Gerät hatte es vom Server, der verlorenging.",
    server: "Der Server hat es selbst getan.",
  },
  over: "Auf dem Server steht noch",
  none: "Das hat noch niemand eingestellt.",
};
