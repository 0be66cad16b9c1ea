/** What the tour says, in French. */
import type { TourTexts } from "./tour-texts.ts";

export const frTour: TourTexts = {
  heading: "Visite guidée",
  start: "Commencer la visite",
  resume: (step, of) => `Reprendre la visite (${step} sur ${of})`,
  leave: "Quitter la visite",
  again: "Recommencer",
  step: (step, of) => `Visite guidée : étape ${step} sur ${of}`,
  showMe: "Montrez-moi où",
  doIt: "Faites-le pour moi",
  skip: "Passer",
  working: "Un instant ...",
  backTo: "Les imprimantes ne sont plus reliées entre elles ; la visite revient donc ici :",
  names: { scan: "Numériser pour moi", copy: "Deux par page", fax: "Fax à Paris", mail: "M’envoyer un mail", store: "Vers la boîte 7" },
  steps: {
    fleet: ({ server }) => ({
      title: "Relier les imprimantes",
      text: `Chacune est encore seule. Faites de ${server} la machine serveur, qui met toutes les modifications en ordre, et des autres ses clients. Sur les écrans : connectez-vous comme Administrator, puis la touche Réglages/Enregistrement, réglages de gestion, gestion du périphérique.`,
      done: "Elles sont reliées : ce que l’une sait, toutes le savent.",
    }),
    button: ({ first }) => ({
      title: "Enregistrer un bouton",
      text: `Sur ${first}, connectez-vous comme alice, choisissez « Ajouter un bouton personnel » (sur un écran en anglais « Add a personal button »), donnez-lui un nom et enregistrez.`,
      done: "Il est enregistré, et en route vers les autres.",
    }),
    elsewhere: ({ second, user, button }) => ({
      title: "Le retrouver sur une autre imprimante",
      text: `Connectez-vous maintenant comme ${user} sur ${second}. Le bouton « ${button} » y est déjà.`,
      done: "Le même bouton, sur une imprimante où il n’a jamais été créé.",
    }),
    cut: ({ first }) => ({
      title: "Couper un câble",
      text: `Les réseaux tombent en panne. Appuyez sur les ciseaux du câble de ${first}.`,
      done: "",
    }),
    both: ({ first, second }) => ({
      title: "Continuer à travailler des deux côtés",
      text: `Modifiez quelque chose sur ${first}, qui est coupée, et autre chose sur ${second} : ajoutez un bouton, ou modifiez-en un. Personne n’attend le réseau.`,
      done: "Chaque côté a quelque chose que l’autre ne peut pas savoir.",
    }),
    mend: ({ first }) => ({
      title: "Réparer le câble",
      text: `Réparez le câble de ${first} et regardez : il lui faut peut-être quelques secondes pour s’en apercevoir.`,
      done: "Les deux modifications sont sur toutes les imprimantes. Rien n’est perdu.",
    }),
    plug: ({ server, first }) => ({
      title: "Débrancher la machine serveur",
      text: `Débranchez ${server} en pleine journée, puis modifiez quelque chose sur ${first}. Son écran dit que la modification est enregistrée et sera synchronisée.`,
      done: "La modification attend, à l’abri d’une coupure de courant.",
    }),
    power: ({ server }) => ({
      title: "Lui rendre le courant",
      text: `Branchez ${server}.`,
      done: "Elle démarre, et les modifications de tous arrivent.",
    }),
    sleep: ({ second }) => ({
      title: "Laisser dormir une imprimante",
      text: `Appuyez sur Économie d’énergie (☾) de ${second} jusqu’à ce que son écran soit noir et que le voyant de veille soit allumé. Modifiez ensuite quelque chose sur une autre imprimante.`,
      done: "Elle dort toujours : personne ne la réveille pour cela.",
    }),
    wake: ({ second }) => ({
      title: "La réveiller",
      text: `Appuyez sur n’importe quelle touche de ${second}.`,
      done: "Elle était à jour avant que vous puissiez lire son écran.",
    }),
    end: () => ({
      title: "La visite est finie",
      text: "Continuez par vous-même : avancez une horloge d’un an et voyez que l’ordre des modifications reste juste, faites taire le serveur de temps, ajoutez des imprimantes jusqu’à dix, débranchez en pleine modification. Ce qu’un écran a dit enregistré arrive.",
      done: "",
    }),
  },
};
