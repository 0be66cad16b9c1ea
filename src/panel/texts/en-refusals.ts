/** English: every refusal, with what happened, why, and what to do next. */
import { type PolicyPart, travelInFiles } from "../../model/refusal.ts";
import { enDataRefusals } from "./en-data-refusals.ts";
import type { Texts } from "./texts.ts";

const PARTS: { readonly [part in PolicyPart]: string } = {
  "login-service": "the login service",
  domains: "the login domains",
  departments: "the Department IDs",
  groups: "the user groups",
};

export const enRefusals: Texts["refusals"] = {
  ...enDataRefusals,
  "too-many-machines": ({ machinesMax }) => ({
    what: "This machine was not admitted.",
    why: `The server already has all ${machinesMax ?? 10} machines it can take, itself included.`,
    next: "Stop the client function on a machine that is no longer needed, or take it out at the server: Synchronize Custom Settings (Server) > Machines.",
  }),
  "own-client-first": () => ({
    what: "The server does not admit this machine yet.",
    why: "The server machine's own client function has to join first.",
    next: "Nothing to do here: it goes on by itself. If it takes long, restart the server machine.",
  }),
  "settings-differ": ({ parts = [] }) => ({
    what: "This machine was not admitted.",
    why: `Its settings differ from the server's: ${parts.length === 0 ? "authentication or user groups" : parts.map((part) => PARTS[part]).join(", ")}.`,
    next: `Make them the same on both machines.${travelInFiles(parts) ? " Easiest: export them on the server machine and import them here, with the client function stopped." : ""}`,
  }),
  "not-a-server-model": () => ({
    what: "The server function cannot be started.",
    why: "This model can only be a client machine.",
    next: "Start the server function on a model that has it, and the client function here.",
  }),
  "clock-not-right": ({ sntp }) => ({
    what: "The server function was not started: the clock is not known to be right.",
    why:
      sntp === "off"
        ? "No time server (SNTP) is set on this machine."
        : sntp === "silent"
          ? "The time server (SNTP) does not answer."
          : "The time server (SNTP) is not set, or does not answer.",
    next:
      sntp === "silent"
        ? "Check the network cable, and the address under Network > SNTP Settings, then start the server function again."
        : "Set a time server under Network > SNTP Settings, wait for its answer, then start the server function again.",
  }),
  "put-out": () => ({
    what: "This machine was taken out of synchronising.",
    why: "An administrator of the server machine took it out of the list of machines.",
    next: "To take part again, stop the client function here, start it again, and restart the machine.",
  }),
  "not-paired": () => ({
    what: "The server does not know this machine.",
    why: "Its first contact with the server has not been made, or the server has forgotten it.",
    next: "Stop the client function, start it again with the account of an administrator of the server machine, and restart.",
  }),
  "account-refused": () => ({
    what: "The server did not accept the account.",
    why: "The name or the password is wrong, or the account is no administrator of the server machine.",
    next: "Stop the client function, start it again with the right account and password, and restart.",
  }),
  "another-server": () => ({
    what: "Another machine answers at the server's address.",
    why: "It does not hold the certificate that was confirmed at the first contact.",
    next: "Find out which machine has this address. Only if the server was replaced or set up again on purpose: Use another server machine, with this address.",
  }),
  "protocol-version": ({ served }) => ({
    what: "The server and this machine do not understand each other.",
    why: `Their software versions are too far apart${served === undefined ? "" : ` (the server speaks ${served[0]} to ${served[1]})`}.`,
    next: "Update the older of the two machines.",
  }),
  "destination-malformed": ({ text }) => ({
    what: `The server address cannot be used${text === undefined || text === "" ? "" : `: ${text}`}.`,
    why: "It takes an IP address or a host name, alone or with :8443.",
    next: "Press Back and correct the address. Example: 192.168.1.10",
  }),
  "locked-while-synchronising": () => ({
    what: "Import and export are locked.",
    why: "The client function is started, so the data of this machine is kept by the server.",
    next: "Stop the client function first: Synchronize Custom Settings (Client).",
  }),
  "server-not-running": () => ({
    what: "The server function is not running.",
    why: "It is not started on the server machine, was stopped there, or waits for the time server.",
    next: "Go to the server machine: Synchronize Custom Settings (Server) says what it needs.",
  }),
  "client-not-running": () => ({
    what: "The client function is not running.",
    why: "It is not started on this machine, or waits for a restart.",
    next: "Start it: Synchronize Custom Settings (Client). Then restart the machine.",
  }),
  "machine-unknown": () => ({
    what: "The server does not know this machine.",
    why: "It has been taken out of the list meanwhile.",
    next: "Press Back and look at the list again.",
  }),
  "machines-operating": ({ machines }) => ({
    what: "The scope of sharing was not changed.",
    why: `These machines still operate: ${(machines ?? []).join(", ")}.`,
    next: "Stop the client function on them or switch them off. One that lost power or network counts for half a minute longer. Then change the scope again.",
  }),
  "scope-fixed": () => ({
    what: "The scope of sharing was not changed.",
    why: "This item is always shared by all machines.",
    next: "Only timeline, default job settings and previous settings can be kept on each machine.",
  }),
  "no-own-client": () => ({
    what: "The export was not prepared.",
    why: "It needs a server machine that takes part itself, with localhost as its destination.",
    next: "Start the client function here with the destination localhost. Then restart the machine.",
  }),
  "import-export-running": () => ({
    what: "This cannot be done now.",
    why: "An import or export is running.",
    next: "Wait until it has ended, and try again.",
  }),
  "backup-unusable": ({ fault }) => ({
    what: "Nothing was taken from the file. The data is as it was.",
    why:
      fault === "passphrase"
        ? "The passphrase is not the one of this file."
        : fault === "newer"
          ? "A newer version made this file."
          : "The file is none of the kind that is needed here, or it was changed.",
    next:
      fault === "passphrase"
        ? "Enter the passphrase again. Mind capital letters."
        : fault === "newer"
          ? "Update this machine first."
          : "Use another copy of the file.",
  }),
  "preview-stale": () => ({
    what: "Nothing was started.",
    why: "The data has changed since you looked at it.",
    next: "Look at it once more, then start.",
  }),
  "search-depth": ({ depthMax }) => ({
    what: "The search was not started.",
    why: `The search depth must be 1 to ${depthMax ?? 8}.`,
    next: "Press Back and correct it. 1 stays inside this network segment.",
  }),
  "server-not-found": ({ searchDepth }) => ({
    what: "No server machine was found.",
    why:
      searchDepth === 1
        ? "None answers in this network segment."
        : `None answers over ${searchDepth === 2 ? "1 router" : `${(searchDepth ?? 1) - 1} routers`}.`,
    next: "Start the server function there, or type its address.",
  }),
  "several-servers": ({ addresses }) => ({
    what: "More than one server machine was found.",
    why: `These answer: ${(addresses ?? []).join(", ")}.`,
    next: "Press Back, choose Search for the server, and there the right one.",
  }),
  "server-alive": () => ({
    what: "This machine did not become the server.",
    why: "The server machine answers.",
    next: "Stop the server function there first.",
  }),
  "stood-down": () => ({
    what: "The server function does not run.",
    why: "Another machine has become the server in place of the former one, or an older state was put back into the server machine.",
    next: "On the machine that was replaced, stop the server function. On every other machine, choose Use another server machine. To undo it instead, or where there is no new one: stop the server function on the new one, then stop and start it on the former one.",
  }),
  "key-in-use-twice": () => ({
    what: "This machine is not let in.",
    why: "Another machine uses the same key: the storage of one was copied to the other.",
    next: "On the machine that is the copy, stop the client function and start it again.",
  }),
  "own-machine": ({ machine }) => ({
    what: "This machine was not taken out.",
    why: `It is the server machine itself${machine === undefined ? "" : ` (${machine})`}.`,
    next: "To take it out, stop its client function here: Synchronize Custom Settings (Client).",
  }),
  "unknown-word": ({ text }) => ({
    what: "The other machine refused.",
    why: `Its reason is not known to this version${text === undefined || text === "" ? "" : `: ${text}`}.`,
    next: "Update this machine.",
  }),
};

/** Said while the form still stands behind it. */
export const enNotStarted: Texts["notStarted"] = {
  "account-refused": {
    what: "The server did not accept the account. Nothing was started.",
    why: "The name or the password is wrong, or the account is no administrator of the server machine.",
    next: "Press Back and correct them. Mind capital letters. After three wrong tries the server waits ten minutes.",
  },
  "another-server": {
    what: "Another machine answers now than the one you compared. Nothing was started.",
    why: "The address has changed hands, or somebody is in between.",
    next: "Press Back, check the address, and start again.",
  },
  "server-not-running": {
    what: "The server function is not running there. Nothing was started.",
    why: "It is not started on that machine, or has just been stopped.",
    next: "Start it there first: Synchronize Custom Settings (Server). Then press Back and start again.",
  },
  "rate-exceeded": {
    what: "The server takes no more tries for now. Nothing was started.",
    why: "There were three tries from here with a wrong account or password.",
    next: "Wait ten minutes. Then press Back, correct them, and start again.",
  },
  "authentication-failed": {
    what: "The other machine did not prove that it knows the account. Nothing was started.",
    why: "It may only pretend to be the server.",
    next: "Press Back and check the address. If it is right, ask who looks after the network.",
  },
  "message-malformed": {
    what: "The other machine gave an answer that makes no sense. Nothing was started.",
    why: "It is no server machine, or its software is very different.",
    next: "Press Back and check the address. Update both machines.",
  },
};
