/** English: every error code, with what happened, why, and what to do next. */
import type { Texts } from "./texts.ts";

export const enErrors: Texts["errors"] = {
  "hal-unavailable": {
    what: "It was not done.",
    why: "A part of the machine is not ready just now.",
    next: "Wait a moment and try again.",
  },
  "hal-refused": { what: "It was not done.", why: "The machine does not take this value.", next: "Press Back and enter something else." },
  "hal-full": { what: "It was not saved.", why: "The machine's storage is full.", next: "Delete what is no longer needed, and try again." },
  "hal-broken": {
    what: "It was not done.",
    why: "A part of the machine does not work.",
    next: "Restart the machine. If it happens again, call service.",
  },
  "server-unreachable": {
    what: "The server cannot be reached.",
    why: "It is off, the network is interrupted, or its server function is stopped.",
    next: "Go on working: changes are saved here and sent later.",
  },
  "link-lost": {
    what: "The connection to the server was lost.",
    why: "The network is interrupted, or the server restarts.",
    next: "Nothing to do: the machine connects again by itself.",
  },
  "address-unusable": {
    what: "The server address cannot be used.",
    why: "No machine can be found under it.",
    next: "Check the address under Synchronize Custom Settings (Client).",
  },
  "port-closed": {
    what: "The server does not answer.",
    why: "The machine is there, but its port 8443 is closed.",
    next: "Start the server function there, and check firewalls in between.",
  },
  "server-not-pinned": {
    what: "The server was not trusted.",
    why: "Its certificate was not confirmed at a first contact.",
    next: "Stop the client function and start it again.",
  },
  "authentication-failed": {
    what: "The server did not let this machine in.",
    why: "Account, password or certificate was not accepted.",
    next: "Stop the client function and start it again with the right account.",
  },
  "message-malformed": {
    what: "Something was received that cannot be read.",
    why: "The other machine's software may differ or be faulty.",
    next: "Update both machines. It goes on by itself meanwhile.",
  },
  "message-too-large": {
    what: "Something was too large to be sent or received.",
    why: "An entry exceeds what the machines exchange.",
    next: "Make the newest entry shorter.",
  },
  "rate-exceeded": {
    what: "The connection was slowed down.",
    why: "More was sent than a machine may send at a time.",
    next: "Nothing to do: it goes on by itself.",
  },
  "storage-damaged": {
    what: "Stored data was damaged.",
    why: "The storage had an error, or the power failed.",
    next: "The machine fetches the data again from the server. If it does not, stop the client function and start it again.",
  },
  "storage-format": {
    what: "Stored data cannot be read.",
    why: "It was written by a newer software version.",
    next: "Install the newer version again.",
  },
  "import-malformed": {
    what: "Nothing was imported.",
    why: "The file is not an address book that this machine can read.",
    next: "Check the file. The message names line and column.",
  },
  "limit-exceeded": {
    what: "It was not taken.",
    why: "A limit of the machine would be exceeded.",
    next: "Delete what is no longer needed, and try again.",
  },
  "clock-not-right": {
    what: "The clock is not known to be right.",
    why: "The time server (SNTP) is not set, or does not answer.",
    next: "Check Network > SNTP Settings. Once it answers, it goes on by itself.",
  },
};
