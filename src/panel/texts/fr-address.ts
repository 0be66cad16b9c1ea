/** French: address books. */
import type { AddressTexts, AddressWhy } from "./address-texts.ts";

export const frAddress: AddressTexts = {
  lists: "Listes d’adresses",
  personalList: "Liste d’adresses personnelle",
  groupList: (group, number) =>
    number === undefined ? `Liste d’adresses du groupe : ${group}` : `Liste d’adresses du groupe ${number} : ${group}`,
  commonList: (number) => `Liste d’adresses ${number}`,
  oneTouch: "Adresse directe",
  administratorList: "Liste d’adresses des administrateurs",
  listWithCount: (list, entries) => `${list} (${entries})`,
  empty: "Il n’y a encore rien dans cette liste.",
  nothingFound: "Aucun nom, aucune adresse et aucun numéro ne correspond.",
  search: "Chercher (nom ou numéro)",
  hidden: (entries) =>
    entries < 2
      ? `${entries} autre apparaît quand son numéro d’accès est entré.`
      : `${entries} autres apparaissent quand leur numéro d’accès est entré.`,
  room: (used, max) => `Enregistrés : ${used} sur ${max}`,
  roomTogether: (used, max) => `Listes d’adresses 1-10 et administrateurs : ${used} sur ${max}`,
  add: "Ajouter un destinataire",
  chooseType: "Quel genre de destinataire ?",
  newOf: (type) => `Nouveau : ${type}`,
  changed: "Modifier le destinataire",
  types: {
    email: "E-mail",
    g3fax: "Fax",
    ipfax: "Fax IP",
    ifax: "I-fax",
    smb: "Dossier Windows (SMB)",
    ftp: "Serveur FTP",
    webdav: "Serveur WebDAV",
    group: "Groupe",
    file: "Serveur de fichiers",
    other: "Destinataire",
  },
  type: "Type",
  fields: {
    cn: "Nom",
    mailaddress: "Adresse e-mail",
    dialdata: "Numéro de fax",
    uri: "Adresse de fax IP",
    url: "Serveur",
    path: "Dossier",
    username: "Nom d’utilisateur",
    pwd: "Mot de passe",
    indxid: "Numéro d’adresse directe",
    accesscode: "Numéro d’accès (facultatif)",
  },
  stored: "enregistré",
  none: "aucun",
  passwordStays: "Le mot de passe enregistré n’est jamais affiché. Laissez le champ vide pour le garder.",
  passwordGoes: "Le mot de passe enregistré est celui de l’ancienne destination, et Enregistrer l’efface. Entrez-le à nouveau.",
  erasePassword: "Effacer le mot de passe enregistré",
  members: (members) => `Membres : ${members}`,
  lostMembers: (members) =>
    members < 2
      ? `${members} membre a été supprimé. Le groupe continue sans lui.`
      : `${members} membres ont été supprimés. Le groupe continue sans eux.`,
  lostGo: "Enregistrer retire du groupe les membres supprimés.",
  memberUnshown: "(non affiché pour vous)",
  deleteQuestion: (name) => `Supprimer « ${name} » ?`,
  deleteForMe: "Le destinataire disparaît de votre liste, sur toutes les machines.",
  deleteForAll: "Le destinataire disparaît de cette liste, sur toutes les machines et pour tout le monde.",
  deleteFromGroups: (groups) => (groups < 2 ? `${groups} groupe le perd comme membre.` : `${groups} groupes le perdent comme membre.`),
  copy: "Copier dans un bouton personnel",
  copyTo: "Dans quel bouton personnel ?",
  copyToNew: "Dans un nouveau bouton personnel",
};

export const frAddressWhy: { readonly [word in AddressWhy]: string } = {
  "mail-address-malformed": "L’adresse e-mail n’est pas complète. Exemple : nom@example.com.",
  "fax-number-malformed":
    "Le numéro de fax manque, ou il contient un caractère qui ne se compose pas. Entrez des chiffres, par exemple 0301234567.",
  "fax-address-malformed": "L’adresse de fax IP manque, ou elle contient une espace. Exemples : fax@example.com ou 192.168.1.20.",
  "host-missing": "Le serveur manque. Entrez son nom ou son adresse, pour un dossier Windows aussi sous la forme \\\\serveur\\partage.",
  "web-address-malformed":
    "Le serveur d’un dossier WebDAV commence par http:// ou https://. Allez sur le serveur et entrez-le sous cette forme.",
  "one-touch-malformed": "Un numéro d’adresse directe va de 1 à 200. Allez sur le numéro et entrez-en un.",
  "one-touch-taken": "Un autre destinataire a ce numéro d’adresse directe. Allez sur le numéro et entrez-en un autre.",
  "access-number-malformed":
    "Un numéro d’accès a au plus 7 chiffres, et pas seulement des zéros. Laissez-le vide si tout le monde peut voir le destinataire.",
  "members-missing": "Il faut au moins un membre dans un groupe. Choisissez dans les lignes sous le nom qui en fait partie.",
  "members-full": "Un groupe ne prend pas plus de membres. Retirez-en un d’abord, ou créez un deuxième groupe.",
  "list-full": "Cette liste est pleine. Supprimez un destinataire devenu inutile.",
  "lists-full": "Les listes d’adresses 1-10 et celle des administrateurs sont pleines ensemble. Supprimez un destinataire devenu inutile.",
  "one-touch-full": "Tous les numéros d’adresse directe sont pris. Supprimez un destinataire devenu inutile ou prenez une autre liste.",
  "button-does-not-send":
    "Ce bouton n’envoie pas à un tel destinataire. Choisissez un bouton Numérisation et envoi, pour un fax aussi un bouton Fax.",
  "button-destinations-full": "Ce bouton n’a plus de place pour d’autres destinataires. Choisissez un autre bouton, ou un nouveau.",
};
