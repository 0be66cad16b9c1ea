/** Refusals as sentences of the communication log and of the HTTP API, in English; the panel has its own texts in each language. */
import { counted } from "./counted.ts";
import type { BackupFault, Refusal } from "./refusal.ts";

const BACKUP_TEXT: { readonly [fault in BackupFault]: string } = {
  passphrase: "the passphrase is not the one of this file; nothing was changed",
  damaged: "the file is none of those that are taken here, or was changed since it was made; nothing was changed",
  newer: "a newer version of the module made this file; update this machine first; nothing was changed",
};

export function refusalText(refusal: Refusal): string {
  switch (refusal.word) {
    case "too-many-machines":
      return `the fleet has ${refusal.machinesMax} machines already; stop the client function on one of them, or take it out on the server machine`;
    case "own-client-first":
      return "the server machine's own client has not joined yet; this machine asks again by itself";
    case "settings-differ":
      return `these settings differ from the server machine's: ${refusal.parts.join(", ")}; set them alike on both machines`;
    case "not-a-server-model":
      return "this model has no server function";
    case "clock-not-right":
      return refusal.sntp === "off"
        ? "SNTP is not set; set a time server under SNTP Settings and start the server function again"
        : "the time server does not answer; check SNTP Settings and start the server function again";
    case "put-out":
      return "an administrator took this machine out on the server machine; start the client function again to join anew";
    case "not-paired":
      return "the server machine does not know this machine's key; set the connection up again on this machine";
    case "account-refused":
      return "account or password was not accepted, or the account has no administrator rights on the server machine";
    case "another-server":
      return "another machine answers at the server's address; check the address, or where the server was replaced on purpose, point this machine to it again";
    case "protocol-version":
      return `no protocol version in common (the server speaks ${refusal.served[0]} to ${refusal.served[1]}); update the older machine`;
    case "too-many-users":
      return `the server keeps the data of at most ${refusal.usersMax} users; delete users on the server machine`;
    case "too-many-entries":
      return `the list is full at ${refusal.entriesMax} entries; delete some of them`;
    case "too-many-lists":
      return `${refusal.listsMax} user groups have an address list already; delete the addresses of one of them`;
    case "owner-removed":
      return "the user data was deleted on the server machine since";
    case "owner-evicted":
      return "the user data had to make room for a new user on the server machine since";
    case "owner-held":
      return "another machine had supplied this user's data first";
    case "edit-unreadable":
      return "the server machine could not read the change; update the server machine if it has an older version";
    case "owner-unknown":
      return "the server machine holds nothing of this user";
    case "destination-malformed":
      return `"${refusal.text.slice(0, 80)}" is no server address: an IP address or a host name is needed, with port 8443 or none`;
    case "locked-while-synchronising":
      return "synchronised data is neither imported nor exported while the client function is started";
    case "server-not-running":
      return "the server function is not running on that machine";
    case "client-not-running":
      return "the client function is not running on this machine";
    case "machine-unknown":
      return "no such machine is registered";
    case "machines-operating":
      return `these machines still operate: ${refusal.machines.join(", ")}; stop or switch them off first`;
    case "scope-fixed":
      return `the scope of sharing of ${refusal.item} cannot be chosen`;
    case "device-specific":
      return "the item is device-specific; the change stays on its machine";
    case "common-kept":
      return "shared buttons and common address lists are not deleted as user data; delete their entries";
    case "no-own-client":
      return "this works only on a server machine whose own client function is connected to localhost";
    case "import-export-running":
      return "an import or export is running; wait until it has ended";
    case "backup-unusable":
      return BACKUP_TEXT[refusal.fault];
    case "backup-of-another-fleet":
      return `the backup is of another fleet${refusal.machine === "" ? "" : `, served at ${refusal.machine}`}: it would replace the data of these machines: ${refusal.machines.join(", ")}; if that is meant, stop the server function here first`;
    case "preview-stale":
      return "the data has changed since the preview was shown; look at it once more";
    case "nothing-kept":
      return "the history keeps nothing of it";
    case "search-depth":
      return `the search depth must be 1 to ${refusal.depthMax}`;
    case "server-not-found":
      return refusal.searchDepth === 1
        ? "no server machine answers in this segment of the network; start the server function, search deeper, or write its address"
        : `no server machine answers over ${counted(refusal.searchDepth - 1, "router", "routers")}; start the server function, search deeper, or write its address`;
    case "several-servers":
      return `more than one server machine answers: ${refusal.addresses.join(", ")}; write the address of the one that is meant`;
    case "server-alive":
      return "the server machine answers; stop its server function before another machine takes its place";
    case "stood-down":
      return "another machine has become the server in the former one's place; stop the server function on the former one, or restore a backup there";
    case "key-in-use-twice":
      return "two machines use one key: the storage of one was copied to the other; start the client function anew on the copy";
    case "own-machine":
      return `${refusal.machine} is this server machine itself; stop its client function to take it out`;
    case "passphrase-short":
      return `the passphrase must have at least ${refusal.charactersMin} characters; nothing was made`;
    case "unknown-word":
      return `the other machine gave a reason that this version does not know: ${JSON.stringify(refusal.text.slice(0, 80))}`;
  }
}
