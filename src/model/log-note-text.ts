/** Records of the communication log as sentences in English, for its file and the API; the panel has its own texts in each language. */
import { counted } from "./counted.ts";
import { entryText } from "./entry.ts";
import { isWaiting, type LogNote, type NotedEntry, type Refused, type Sent, type SyncFunction } from "./log-note.ts";
import { notAppliedText } from "./not-applied.ts";
import type { Refusal, RefusalWord } from "./refusal.ts";
import { refusalText } from "./refusal-text.ts";

const FUNCTIONS: { readonly [which in SyncFunction]: string } = { server: "the server function", client: "the client function" };

const INHERITED = {
  taken: "what only it had was taken over",
  nothing: "it had nothing that is missing here",
  kept: "what only it had stays there, for its module is older",
} as const;

export function noteText(note: LogNote): string {
  switch (note.kind) {
    case "server-started":
      return "the server function was started";
    case "server-stopped":
      return "the server function was stopped";
    case "client-started":
      return "the client function was started; it works after a restart of the machine";
    case "joined":
      return "this machine has joined the fleet";
    case "connected":
      return "connected to the server machine";
    case "backed-up":
      return "a backup of the server's data was made";
    case "restored":
      return "the server's data was restored from a backup; what that undid is in the history";
    case "act-completed":
      return "what an import, or a putting back, had still to do when the power failed was done";
    case "act-failed":
      return `an import, or a putting back, that the power failure had interrupted came to nothing: ${note.failure.detail}`;
    case "places-alike":
      return "the network places are in the server machine's order again; keychains are synchronised";
    case "places-differ":
      return note.machine === undefined
        ? "the network places are in another order than on the server machine; keychains are not synchronised until it is the same"
        : `${note.machine} has its network places in another order; its keychains are not synchronised until it is the same`;
    case "clock-remembered":
      return "the time server does not answer; the server function starts with the time it had within the last 7 days";
    case "date-ahead":
      return `the date of this machine is ${note.days} days ahead of the time that the machines have counted; that is not believed, and no history grows old by it; check SNTP Settings, unless the date is right`;
    case "server-ended":
      return "the server function was stopped; this machine goes on with its own copy";
    case "server-off":
      return "the server machine goes off, or restarts; this machine goes on with its own copy";
    case "storage-lost":
      return "what the module had kept on this machine is lost, its functions are stopped: its storage was damaged; start them again, and restore a backup where this was the server machine";
    case "failed":
      return note.failure.detail;
    case "refused":
      return `${refusedText(note.refused)}: ${isWaiting(note.refused) ? clockText(note.refusal) : refusalText(note.refusal)}`;
    case "unsent": {
      const which = counted(note.edits, "change", "changes");
      return `${which} that had not reached the server ${isOrAre(note.edits)} on this machine alone and will not be sent`;
    }
    case "machine-registered":
      return `${note.machine} (${note.serialNumber}) takes part`;
    case "machine-removed":
      return `${note.machine} was taken out by an administrator`;
    case "not-understood":
      return `${note.machine} ${sentText(note.sent, note.failure.detail)}`;
    case "owner-deleted":
      return `the data of ${note.owner} was deleted on every machine`;
    case "owner-evicted":
      return `${note.owner} was not logged in for the longest time and made room for a new user on every machine; the history has its ${counted(note.entries, "entry", "entries")}`;
    case "users-near-limit":
      return `the server keeps ${note.users} users or more, of at most ${note.usersMax}`;
    case "users-over-limit":
      return `the server keeps ${note.users} users, more than the ${note.usersMax} it may; nobody is removed for that alone, but a new one is refused or takes the place of another; delete users that are no longer needed`;
    case "scope-changed":
      return `${note.item} is ${note.scope} now`;
    case "number-moved":
      return `${entryWords(note.entry)}: one-touch number ${note.taken} was taken; the entry has number ${note.number} now`;
    case "server-found":
      return `the server machine has another address: ${note.address}`;
    case "edit-lost":
      return `${entryWords(note.entry)}: a later change of another machine stands; this machine's is in the history`;
    case "edit-refused":
      return `${entryWords(note.entry)} was not taken by the server machine${NOT_TAKEN[note.word] ?? ""}`;
    case "stays-here":
      return `${entryWords(note.entry)} stays on this machine alone: ${note.failure.detail}`;
    case "not-applied":
      return `${entryWords(note.entry)} ${note.reason.because === "evicted" ? "was dropped" : "is not applied on this machine"}: ${notAppliedText(note.reason)}`;
    case "over-limit":
      return `${note.holding} has more data than the server machine takes; it stays on this machine`;
    case "edits-wait":
      return `${note.edits} changes wait for the server; further ones are kept by the machine until there is room`;
    case "undone":
      return `${counted(note.edits, "change", "changes")} of this machine ${isOrAre(note.edits)} not part of the server's data any more; the history has what was undone`;
    case "put-back":
      return `${counted(note.entries, "entry", "entries")} of ${note.owner} ${wasOrWere(note.entries)} put back from the history`;
    case "scope-replaced":
      return `an item is shared again, and another machine supplied it first: ${counted(note.entries, "entry", "entries")} of ${note.owner} ${wasOrWere(note.entries)} replaced here; the history has what was`;
    case "export-prepared":
      return `the export of the data of ${note.owners.length === 0 ? "all users and groups" : note.owners.join(", ")} is open for ${note.minutes} minutes`;
    case "export-left-out":
      return `${leftOut(note.entries)} of an exported address book: its file has no place for them, a file of users' data has`;
    case "import-left-out":
      return `${leftOut(note.entries)} of an imported file: this machine does not know them, or has its network places in another order`;
    case "took-over": {
      const kept = note.hadData ? "; what its own server function had held before is in the history" : "";
      return `this machine is the server now, in the place of the one that is lost${kept}`;
    }
    case "predecessor-back":
      return `the former server machine is back, and has stepped aside; ${INHERITED[note.inheritance]}`;
    case "other-server":
      return `the former server machine still serves, at ${note.address}; its server function has to be stopped there`;
    case "epoch-begun":
      return `${note.machine} knows another history of this fleet; this server begins a new epoch, and what differs is in the history`;
    case "function-failed":
      return `${FUNCTIONS[note.which]} failed: ${note.detail}; it starts again in ${note.againS} s`;
  }
}

/** Why, as far as a word alone says it. */
const NOT_TAKEN: { readonly [word in RefusalWord]?: string } = {
  "too-many-users": ": it keeps as many users as it may",
  "too-many-entries": ": the list is full there",
  "too-many-lists": ": as many user groups have an address list as may have one",
  "owner-removed": ": the data of this user or group was deleted meanwhile",
  "owner-evicted": ": this user had to make room for another one meanwhile",
  "owner-held": ": another machine had supplied the data of this user or group",
  "owner-unknown": ": it holds nothing of this user or group that could be deleted",
  "edit-unreadable": ": it could not read the change",
  "device-specific": ": the item is kept on each machine",
};

const isOrAre = (count: number): string => (count === 1 ? "is" : "are");
const wasOrWere = (count: number): string => (count === 1 ? "was" : "were");
const entryWords = (entry: NotedEntry): string => `${entryText(entry)}${entry.more === undefined ? "" : ` (and ${entry.more} more)`}`;
const leftOut = (count: number): string => `${counted(count, "entry", "entries")} ${wasOrWere(count)} left out`;

function refusedText(refused: Refused): string {
  switch (refused.of) {
    case "machine":
      return refused.machine;
    case "visitor":
      return `first contact from ${refused.address}`;
    case "entry":
      return entryWords(refused.entry);
    case "holding":
      return refused.entries === undefined
        ? refused.holding
        : `${refused.entries[0]} of ${counted(refused.entries[1], "entry", "entries")} of ${refused.holding}`;
    case "this-machine":
      return BY[refused.by];
    case "server-function":
      return SERVER_REFUSED[refused.by];
    case "server-place":
      return `the server function, as ${refused.machine} tells`;
    case "restore":
      return "the backup was not restored";
  }
}

const BY = {
  answer: "the server machine refuses this machine",
  end: "the server machine put this machine out",
  link: "the server machine",
  contact: "the connection to the server machine",
} as const;

/** Why it waits; nobody has to start it again. */
const clockText = (refusal: Refusal): string =>
  refusal.word === "clock-not-right" && refusal.sntp === "off"
    ? "SNTP is not set; set a time server under SNTP Settings, and it goes on by itself"
    : "the time server (SNTP) does not answer; check SNTP Settings, and it goes on by itself once there is an answer";

const SERVER_REFUSED = {
  start: "the server function was not started",
  clock: "the server function waits",
  "taken-over": "this machine does not become the server",
} as const;

function sentText(sent: Sent, detail: string): string {
  switch (sent) {
    case "foreign-edit":
      return "sent edits of another machine, or without a number; they were not taken";
    case "edit":
      return `sent what is no edit: ${detail}; it was not taken`;
    case "foreign-offer":
      return "offered data of another machine; they were not taken";
    case "offer":
      return `offered what is no edit: ${detail}; it was not taken`;
    case "record":
      return `brought what is no record: ${detail}; it was not taken`;
  }
}
