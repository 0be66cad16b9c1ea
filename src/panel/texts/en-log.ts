/** The communication log, in English. */
import type { LogTexts } from "./log-texts.ts";

const entries = (count: number): string => (count === 1 ? "1 entry" : `${count} entries`);
const changes = (count: number): string => (count === 1 ? "1 change" : `${count} changes`);
const was = (count: number): string => (count === 1 ? "was" : "were");

export const enLog: LogTexts = {
  title: "Communication log",
  none: "Nothing has been noted yet.",
  levels: { Information: "Information", Warning: "Warning", Error: "Error" },
  bare: {
    "server-started": "The server function was started.",
    "server-stopped": "The server function was stopped.",
    "client-started": "The client function was started. It works after a restart of this machine.",
    joined: "This machine has joined.",
    connected: "Connected to the server machine.",
    "backed-up": "A backup of the server's data was made.",
    restored: "The server's data was restored from a backup. What that undid is in the history.",
    "storage-lost":
      "What this machine kept for synchronising is lost, and its functions are stopped: its storage was damaged. Start them again. If this was the server machine, restore a backup.",
    "act-completed": "An import, or a putting back, that a power failure had interrupted was completed.",
    "places-alike": "The network places are in the server machine's order again. Keychains are synchronised.",
    "clock-remembered": "The time server does not answer. The server function starts with its answer of the last 7 days.",
    "server-ended": "The server function was stopped on the server machine. This machine goes on with its own copy.",
    "server-off": "The server machine goes off, or restarts. This machine goes on with its own copy.",
  },
  notes: {
    unsent: (edits) => `${changes(edits)} that had not reached the server will not be sent. This machine keeps what was made.`,
    "machine-registered": (machine, serialNumber) => `${machine} takes part. Serial number: ${serialNumber}`,
    "machine-removed": (machine) => `${machine} was taken out by an administrator.`,
    "not-understood": (machine) => `${machine} sent something that cannot be used. It was not taken.`,
    "owner-deleted": (owner) => `The data of ${owner} was deleted on all machines.`,
    "owner-evicted": (owner, count) =>
      `${owner} had the oldest login and made room for a new user on all machines. In the history: ${entries(count)}.`,
    "users-near-limit": (users, usersMax) => `The server keeps ${users} users or more, of at most ${usersMax}.`,
    "users-over-limit": (users, usersMax) =>
      `The server keeps ${users} users, more than the ${usersMax} it may. Nobody is removed for that alone, but a new one is refused or takes another's place. Delete users that are no longer needed.`,
    "scope-changed": (item, scope) => `${item}: ${scope === "shared" ? "shared by all machines" : "kept on each machine"} from now on.`,
    "number-moved": (entry, taken, number) => `${entry}: one-touch number ${taken} was taken, so it has number ${number} now.`,
    "server-found": (address) => `The server machine has another address now: ${address}`,
    "edit-lost": (entry) => `${entry}: a later change of another machine stands. The one made here is in the history.`,
    "edit-refused": (entry) => `${entry}: the server machine did not take the change.`,
    "stays-here": (entry) => `${entry}: it cannot be sent and stays on this machine alone.`,
    "not-applied": (entry, why) => `${entry}: ${why}.`,
    "over-limit": (holding) => `${holding}: there is more data than the server machine takes. It stays on this machine.`,
    "edits-wait": (edits) => `${edits} changes wait for the server. This machine keeps further ones until there is room.`,
    undone: (edits) => `${changes(edits)} of this machine ${was(edits)} undone on the server. What was undone is in the history.`,
    "put-back": (owner, count) => `${owner}: ${entries(count)} ${was(count)} put back from the history.`,
    "scope-replaced": (owner, count) =>
      `${owner}: ${entries(count)} ${was(count)} replaced here, as the item is shared again and another machine supplied its data first. What was replaced is in the history.`,
    "export-prepared": (owners, minutes) =>
      `The export of user data is open for ${minutes} minutes: ${owners === "" ? "all users and groups" : owners}.`,
    "export-left-out": (count) =>
      `${entries(count)} of an exported address book ${was(count)} left out: its file has no place for them. A file of users' data has.`,
    "import-left-out": (count) =>
      `${entries(count)} of an imported file ${was(count)} left out: this machine does not know them, or has its network places in another order.`,
    "act-failed": () => "An import, or a putting back, that a power failure had interrupted came to nothing. Do it again.",
    "took-over": (hadData) =>
      `This machine is the server now, in the place of the one that is lost.${hadData ? " What its own server function had held is in the history." : ""}`,
    "predecessor-back": {
      taken: "The former server machine is back and has stepped aside. What only it had was taken over.",
      nothing: "The former server machine is back and has stepped aside. It had nothing that is missing here.",
      kept: "The former server machine is back and has stepped aside. What only it had stays there, as its version is older. Update it.",
    },
    "other-server": (address) => `The former server machine still serves, at ${address}. Stop its server function there.`,
    "epoch-begun": (machine) =>
      `${machine} knows newer data than this server. The server's data counts anew; what differs is in the history.`,
    "places-differ": (machine) =>
      machine === undefined
        ? "The network places are in another order than on the server machine. Keychains are not synchronised until it is the same."
        : `${machine} has its network places in another order. Its keychains are not synchronised until it is the same.`,
    "function-failed": (which, againS) =>
      `The ${which === "server" ? "server" : "client"} function failed. It starts again in ${againS} seconds.`,
  },
  refused: {
    machine: (machine) => `${machine} was told`,
    visitor: (address) => `The machine at ${address} was told`,
    thisMachine: "This machine",
    serverFunction: "Server function",
    asTold: (machine) => `Server function, as ${machine} tells`,
    restore: "Restoring a backup",
    someOf: (refused, all, whose) => `${refused} of ${entries(all)}, ${whose}`,
    andMore: (entry, more) => `${entry} and ${more} more`,
  },
  noted: "In the log",
  detail: "For service",
  buttons: "Shared buttons",
};
