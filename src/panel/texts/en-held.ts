/** What is held back on this machine, and what is open for now, in English. */
import type { HeldTexts } from "./text-parts.ts";

export const enHeld: HeldTexts = {
  exportOpen: (minutes) => `Export of user data: open for ${minutes} min.`,
  placesDiffer: "Keychains are not synchronised: other order of network places",
  notApplied: (entries) => `Entries that differ on this machine: ${entries}`,
  startsAgain: "It starts again by itself once the cause is gone.",
  dateAhead: (days) => ({
    what: `The date of this machine is ${days} days ahead of the time that the machines have counted.`,
    why: "That is not believed: no history grows old by it.",
    next: "Check Network > SNTP Settings: the time server may give a wrong date. If the date is right, nothing has to be done.",
  }),
  serverFaults: {
    "port-closed": {
      why: "Another program of this machine uses port 8443.",
      next: "Restart the machine. If it happens again, call service.",
    },
    "storage-damaged": {
      why: "Stored data was damaged: the storage had an error, or the power failed.",
      next: "If it does not go on, restore a backup of the server's data here, or let another machine become the server. Call service.",
    },
  },
};
