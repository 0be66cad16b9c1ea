/** English: refusals that are about data: an owner, an entry, a change. */
import type { Texts } from "./texts.ts";

export const enDataRefusals = {
  "too-many-users": ({ usersMax }) => ({
    what: "The personal data of one more user was not taken.",
    why: `The server already keeps ${usersMax ?? 1000} users, and can keep no more.`,
    next: "Delete the data of users who no longer work here, at the server machine.",
  }),
  "too-many-entries": ({ entriesMax }) => ({
    what: "The entry was not taken.",
    why: `Its list is full${entriesMax === undefined ? "" : `: ${entriesMax} entries`}.`,
    next: "Delete an entry that is no longer needed, and try again.",
  }),
  "too-many-lists": ({ listsMax }) => ({
    what: "The address was not taken.",
    why: `There are ${listsMax ?? 50} user groups with an address list already.`,
    next: "Delete the addresses of a group that no longer needs them, and try again.",
  }),
  "owner-removed": () => ({
    what: "The change was not taken.",
    why: "The data of this user or group was deleted at the server meanwhile.",
    next: "Make the change again if it is still wanted.",
  }),
  "owner-evicted": () => ({
    what: "The change was not taken.",
    why: "The data of this user had to make room for a new user at the server meanwhile.",
    next: "It is in the history. Make the change again if it is still wanted.",
  }),
  "owner-held": () => ({
    what: "The data of this machine was not taken over.",
    why: "Another machine had supplied the data of this user or group before.",
    next: "The server's data is used from now on. There is nothing to do.",
  }),
  "edit-unreadable": () => ({
    what: "The change was not taken.",
    why: "The server machine cannot read it. It may have an older version.",
    next: "The change is in the history of this machine. Have the server machine updated.",
  }),
  "owner-unknown": () => ({
    what: "There was nothing to delete.",
    why: "The server keeps no data of this user or group.",
    next: "Check the name, and search again.",
  }),
  "device-specific": () => ({
    what: "The change stays on this machine.",
    why: "This item is not shared by the machines any more.",
    next: "There is nothing to do.",
  }),
  "common-kept": () => ({
    what: "Nothing was deleted.",
    why: "Shared buttons and common address lists belong to everybody.",
    next: "Delete their entries one by one.",
  }),
  "nothing-kept": () => ({
    what: "Nothing was put back.",
    why: "The history keeps nothing of it, or no longer.",
    next: "Press Back and look at the history again.",
  }),
  "backup-of-another-fleet": ({ machine, machines }) => ({
    what: "The backup was not restored. The data is as it was.",
    why: `It is of another fleet${machine ? ` (server machine: ${machine})` : ""}. It would replace the data of: ${(machines ?? []).join(", ")}.`,
    next: "Use a backup of this fleet. If it is meant, stop the server function here first.",
  }),
  "passphrase-short": ({ charactersMin }) => ({
    what: "The file was not made.",
    why: `The passphrase must have at least ${charactersMin ?? 8} characters.`,
    next: "Choose a longer one. Several words are easy to remember.",
  }),
} satisfies Partial<Texts["refusals"]>;
