/** French: refusals that are about data: an owner, an entry, a change. */
import type { Texts } from "./texts.ts";

export const frDataRefusals = {
  "too-many-users": ({ usersMax }) => ({
    what: "Les données personnelles d’un utilisateur de plus n’ont pas été acceptées.",
    why: `Le serveur garde déjà ${usersMax ?? 1000} utilisateurs et ne peut pas en garder davantage.`,
    next: "Sur la machine serveur, supprimez les données des utilisateurs qui ne travaillent plus ici.",
  }),
  "too-many-entries": ({ entriesMax }) => ({
    what: "L’élément n’a pas été accepté.",
    why: `Sa liste est pleine${entriesMax === undefined ? "" : ` : ${entriesMax} éléments`}.`,
    next: "Supprimez un élément devenu inutile, puis réessayez.",
  }),
  "too-many-lists": ({ listsMax }) => ({
    what: "L’adresse n’a pas été acceptée.",
    why: `Il y a déjà ${listsMax ?? 50} groupes d’utilisateurs avec une liste d’adresses.`,
    next: "Supprimez les adresses d’un groupe qui n’en a plus besoin, puis réessayez.",
  }),
  "owner-removed": () => ({
    what: "La modification n’a pas été acceptée.",
    why: "Entre-temps, les données de cet utilisateur ou de ce groupe ont été supprimées sur le serveur.",
    next: "Refaites la modification si vous la voulez toujours.",
  }),
  "owner-evicted": () => ({
    what: "La modification n’a pas été acceptée.",
    why: "Entre-temps, sur le serveur, les données de cet utilisateur ont dû laisser la place à un nouvel utilisateur.",
    next: "Elle est dans l’historique. Refaites-la si vous la voulez toujours.",
  }),
  "owner-held": () => ({
    what: "Les données de cette machine n’ont pas été reprises.",
    why: "Une autre machine avait déjà fourni les données de cet utilisateur ou de ce groupe.",
    next: "Les données du serveur sont utilisées à partir de maintenant. Il n’y a rien à faire.",
  }),
  "edit-unreadable": () => ({
    what: "La modification n’a pas été acceptée.",
    why: "La machine serveur ne peut pas la lire. Sa version est peut-être plus ancienne.",
    next: "La modification est dans l’historique de cette machine. Faites mettre à jour la machine serveur.",
  }),
  "owner-unknown": () => ({
    what: "Il n’y avait rien à supprimer.",
    why: "Le serveur n’a pas de données de cet utilisateur ou de ce groupe.",
    next: "Vérifiez le nom et cherchez à nouveau.",
  }),
  "device-specific": () => ({
    what: "La modification reste sur cette machine.",
    why: "Les machines ne partagent plus cet élément.",
    next: "Il n’y a rien à faire.",
  }),
  "common-kept": () => ({
    what: "Rien n’a été supprimé.",
    why: "Les boutons partagés et les listes d’adresses communes appartiennent à tous.",
    next: "Supprimez leurs éléments un par un.",
  }),
  "nothing-kept": () => ({
    what: "Rien n’a été rétabli.",
    why: "L’historique n’en garde rien, ou n’en garde plus rien.",
    next: "Appuyez sur Retour et regardez à nouveau l’historique.",
  }),
  "backup-of-another-fleet": ({ machine, machines }) => ({
    what: "La sauvegarde n’a pas été restaurée. Les données sont comme avant.",
    why: `Elle vient d’un autre groupe de machines${machine ? ` (serveur : ${machine})` : ""}. Elle remplacerait les données de ces machines : ${(machines ?? []).join(", ")}.`,
    next: "Prenez une sauvegarde de ce groupe. Si c’est bien voulu, arrêtez d’abord la fonction serveur ici.",
  }),
  "passphrase-short": ({ charactersMin }) => ({
    what: "Le fichier n’a pas été créé.",
    why: `La phrase secrète doit avoir au moins ${charactersMin ?? 8} caractères.`,
    next: "Choisissez-en une plus longue. Plusieurs mots se retiennent facilement.",
  }),
} satisfies Partial<Texts["refusals"]>;
