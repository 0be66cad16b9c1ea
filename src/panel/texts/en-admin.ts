/** What the panel says to an administrator, in English. */
import type { AdminTexts } from "./admin-texts.ts";
import { enItems } from "./en-items.ts";
import { enLog } from "./en-log.ts";

const ownersOf = (count: number): string => (count === 1 ? "1 user or group" : `${count} users or groups`);

const daysOf = (count: number): string => (count === 1 ? "1 day" : `${count} days`);

export const enAdmin: AdminTexts = {
  items: enItems,
  common: "Everyone",
  group: (name) => `Group ${name}`,
  deletedEntry: "Deleted",
  menu: {
    owners: "Users and groups, Delete User Data",
    sharing: "Data Sharing Details",
    history: "History: replaced data",
    log: "Communication log",
    files: "Backup and restore",
    prepareExport: "Prepare for User Data Export",
    preview: "What would happen?",
    previewFirst: "Same: what would happen?",
    search: "Search for the server",
    notApplied: "Entries that differ on this machine",
    attention: "Things to look at",
  },
  awake: {
    operating: (machines) => `Does not sleep, because these are operating: ${machines}`,
    unknown: "Does not sleep yet: it waits for machines that may be operating.",
  },
  owners: {
    title: "Users and groups",
    prepareTitle: "Prepare for User Data Export",
    search: "Search (user name, group ID)",
    none: "The server keeps no data of users or groups yet.",
    lastLogin: (name, day) => `${name}, last login ${day}`,
    acts: { delete: "Delete", export: "Prepare" },
    delete: (owners) => (owners === 0 ? "Delete User Data of those ticked" : `Delete User Data (${owners})`),
    prepare: (owners) => `Prepare those ticked (${owners})`,
    prepareAll: "Prepare all of them",
    deleteQuestion: (owners) => `Delete data of ${ownersOf(owners)}?`,
    andMore: (owners) => `and ${owners} more`,
    deleteMeans: "The data disappears from all machines, and from the history of all machines. It cannot be put back.",
  },
  sharing: {
    title: "Data Sharing Details",
    none: "The server function is not running.",
    scopes: { shared: "Shared across All Devices", "device-specific": "Device-Specific (Not Shared)" },
    means: {
      shared: "For each user, the machine that connects first afterwards supplies the data. The others' goes to their history.",
      "device-specific": "Each machine keeps the data of now and then goes its own way. Such data is lost if a machine breaks down.",
    },
    onlyAlone: "This works only while no other machine is operating.",
  },
  history: {
    title: "History",
    none: (days) => `Nothing was replaced for ${daysOf(days)}.`,
    isBack: (text) => `${text} (put back)`,
    of: "Of",
    by: "Made by",
    byImport: "an import",
    byPutBack: "a putting back",
    byNobody: "nobody known",
    made: "Made",
    lost: "Replaced",
    stands: "In its place now",
    putBackAt: "Put back",
    putBack: "Put this back",
    putBackAll: (owner) => `Put back everything of ${owner}`,
    putBackQuestion: "Put back?",
    putBackMeans: "It counts as a change made now, and reaches all machines. What stands in its place goes to the history.",
    putBackAllMeans: (owner) =>
      `Of each entry of ${owner}, what was replaced last is put back, on all machines. What stands there goes to the history.`,
    because: {
      superseded: "A later change of another machine stands.",
      "replaced-at-join": "When this machine joined, the server's data replaced it.",
      "replaced-at-scope-change": "The item is shared again, and another machine supplied its data first.",
      "replaced-at-reordering": "The network places are in order again, and the common entry replaced it.",
      restored: "A backup was restored on the server, which holds something older.",
      evicted: "The server had no room: this user's last login was longest ago.",
    },
  },
  log: enLog,
  files: {
    title: "Backup and restore",
    where: "This panel has nowhere to put a file. Use the Remote UI of this machine in a browser, as an administrator.",
    backup: "A backup there holds all data of the server, locked with a passphrase that you choose.",
    restore: "Restoring it brings all machines to what it holds. What that undoes goes to the history.",
  },
  preview: {
    title: "What would happen",
    none: "It is not known yet what would happen.",
    joined: "This machine takes part already: nothing would change.",
    counts: {
      replaced: (owners) => `Replaced by the server's data: ${owners}`,
      supplied: (owners) => `Supplied by this machine: ${owners}`,
      received: (owners) => `New on this machine: ${owners}`,
      unchanged: (owners) => `Unchanged: ${owners}`,
    },
    kept: (days) => `What is replaced stays in the history for ${daysOf(days)} and can be put back.`,
    holding: (name, here, there) => `${name} (here ${here}, server ${there})`,
    nobody: "None.",
    entry: { replaced: "Replaced", removed: "Removed", supplied: "Supplied", received: "New here", unchanged: "Unchanged" },
    here: "On this machine",
    there: "On the server",
    absent: "not there",
  },
  found: {
    title: "Server machines found",
    means: "Choose one: its address is filled in. Its fingerprint is compared afterwards.",
  },
  attention: {
    title: "Things to look at",
    none: "Nothing waits for anybody.",
    otherServer: (address) => `Another server machine: ${address}`,
    otherServerTitle: "Another server machine",
    otherServerMeans:
      "The former server machine still serves. Stop its server function there, and point the clients that are connected to it to this machine: what is changed at them does not come here.",
    keptHere: (holdings) => `On this machine alone: ${holdings}`,
    keptHereTitle: "On this machine alone",
    keptHereMeans:
      "The server has no room for these. Delete the data of users who no longer work here, at the server machine: then it takes these by itself.",
    lost: (records) => `New in the history: ${records}`,
  },
  notApplied: {
    title: "Differs on this machine",
    none: "Nothing differs on this machine.",
    because: {
      machine: "this machine cannot use it",
      evicted: "this machine has no room for more of these",
      "unknown-item": "this model or version does not know it",
      "keychain-order": "the network places are in another order than on the server",
      unreadable: "a secret that cannot be opened here",
      "cannot-travel": "it cannot be sent: it is on this machine alone",
    },
  },
  users: {
    title: "Manage Personal Settings",
    action: "Action When Maximum Number of Users Exceeded",
    actionShort: "Maximum Number of Users",
    policies: { "delete-oldest": "Delete Oldest User Settings", "discard-new": "Discard New User Settings" },
  },
  network: {
    title: "Network",
    off: "not set",
    sntp: "SNTP Settings",
    timeServer: "NTP Server Address",
    check: "Check NTP Server",
    proxy: "Proxy Settings",
    address: "Proxy and port (empty: no proxy)",
    user: "User name",
    password: "Proxy password",
    passwordSet: "Proxy password (is set; empty: keep)",
    localhost: "Connections to this machine itself",
    excluded: "Not through the proxy",
    included: "Through the proxy",
  },
  takeOver: {
    title: "Become the server in its place",
    question: "Make this machine the server?",
    when: "Only if the server machine is lost or broken. While it answers, this is refused.",
    means:
      "The copy on this machine becomes the server's data. Then choose Use another server machine on each other machine, and type the address of this one: what they have beyond this copy is not lost.",
  },
  said: {
    "time-server-answers": () => ({ what: "The NTP server answers.", why: "", next: "The server function can be started." }),
    "time-server-silent": () => ({
      what: "The NTP server does not answer.",
      why: "The address is wrong, the server is off, or the network does not let it through.",
      next: "Check the address and the network cable, then check again.",
    }),
    discarded: (edits) => ({
      what: `${edits === 1 ? "1 change" : `${edits} changes`} made here ${edits === 1 ? "has" : "have"} not reached the server.`,
      why: `${edits === 1 ? "It stays" : "They stay"} on this machine and will not be sent any more.`,
      next: "",
    }),
    "took-over": () => ({
      what: "This machine is the server now.",
      why: "",
      next: "On each other machine, choose Use another server machine and type the address of this one. Do not stop their client function.",
    }),
    "deleted-so-far": (owners) => ({
      what: owners === 0 ? "Stopped: nothing was deleted." : `Stopped: the data of ${ownersOf(owners)} was deleted.`,
      why: "The data of the others is as it was.",
      next: "They are still ticked: delete again to go on.",
    }),
    deleted: (owners) => ({
      what: `The data of ${ownersOf(owners)} was deleted.`,
      why: "",
      next: "It disappears from the other machines as they connect.",
    }),
    "put-back": (entries) => ({
      what: entries === 0 ? "Nothing had to be put back." : `${entries === 1 ? "1 entry was" : `${entries} entries were`} put back.`,
      why: entries === 0 ? "It stands there already." : "",
      next: "",
    }),
    "export-prepared": () => ({
      what: "The export is open for 15 minutes.",
      why: "What this machine shows of these users and groups is what the server holds.",
      next: "Export it now in the Remote UI of this machine. The Status Monitor shows how long it stays open.",
    }),
  },
};
