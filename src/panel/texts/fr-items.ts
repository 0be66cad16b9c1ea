/** The items that are personalised, in French. */
import type { AdminTexts } from "./admin-texts.ts";

export const frItems: AdminTexts["items"] = {
  "display-language": "Langue d’affichage",
  "keyboard-layout": "Disposition du clavier",
  accessibility: "Accessibilité",
  "initial-screen": "Écran initial",
  "personal-button": "Bouton personnel",
  timeline: "Chronologie",
  "home-settings": "Réglages de l’accueil",
  "direct-connection": "Connexion directe",
  "default-job-settings": "Réglages par défaut",
  shortcut: "Raccourci",
  "previous-settings": "Réglages précédents",
  "personal-address": "Adresse personnelle",
  "group-address": "Adresse de groupe",
  "list-order": "Ordre des listes",
  "automatic-printing": "Impression automatique",
  keychain: "Trousseau",
  "shared-button": "Bouton partagé",
  "common-address": "Adresse d’une liste commune",
};
