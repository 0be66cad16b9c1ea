/** English: why a row is greyed out, and notices that need no figures. */
import { enAddressWhy } from "./en-address.ts";
import { enOwnWhy } from "./en-own.ts";
import type { Texts } from "./texts.ts";

export const enWhy: Texts["why"] = {
  ...enOwnWhy,
  ...enAddressWhy,
  "log-in-first": "This belongs to a user. Log in first: press the ID key.",
  "administrators-only": "Only an administrator can use this. Log in as an administrator: press the ID key.",
  "shared-by-administrators":
    "Everyone sees shared buttons, so only an administrator can change them. Log in as an administrator: press the ID key.",
  "name-missing": "A name is missing. Go to the name and type one.",
  "account-missing": "The name of an administrator of the server machine is missing. Go to it and type it.",
  "buttons-full": "There is no room for one more button. Delete one that is no longer needed.",
  "scope-fixed": "This item is always shared. Only timeline, default job settings and previous settings can be kept on each machine.",
  "nothing-ticked": "Nobody is ticked yet. Go to the users and groups that you mean and press OK.",
  "users-policy-locked":
    "It stays at Delete Oldest User Settings while both the server function and the client function run. Stop one of them to choose.",
  "save-first": "The check asks the NTP server that is saved. Type its address and press Save first.",
};

export const enNotices: Texts["notices"] = {
  "wrong-password": {
    what: "The password is wrong.",
    why: "It does not belong to this user.",
    next: "Press Back and type it again. Mind capital letters.",
  },
  "unknown-user": {
    what: "This user cannot log in here.",
    why: "The user is no longer registered on this machine.",
    next: "Press Back and choose another user.",
  },
  gone: { what: "This entry is no longer there.", why: "It was deleted meanwhile, here or on another machine.", next: "Press Back." },
  "job-running": {
    what: "It was not started.",
    why: "Another job is running on this machine.",
    next: "Wait for its end, or end it with the Stop key. Then start again.",
  },
  late: {
    what: "The machine has not answered yet.",
    why: "It is busy, or its storage does not respond.",
    next: "Look whether it was done before you try again.",
  },
  "this-machine": {
    what: "This is the address of this machine itself. Nothing was started.",
    why: "Its own server function is not started.",
    next: "Press Back and type the address of the server machine. If this one is to be the server, start its server function first.",
  },
  "not-the-server": {
    what: "Nothing was started, and nothing was sent.",
    why: "What answers at this address is not the machine whose fingerprint you compared.",
    next: "Check the address. If it is right, ask who looks after the network: somebody may be in between.",
  },
  "destination-copied": {
    what: "The destination was copied to the button.",
    why: "The button keeps this copy, also when the address list changes later. Passwords are not copied.",
    next: "Find the button on Home.",
  },
  restarting: { what: "The machine restarts.", why: "", next: "This takes about a minute. Do not switch it off." },
};
