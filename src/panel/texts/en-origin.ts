/** Where an entry comes from, in English. */
import type { OriginTexts } from "./text-parts.ts";

export const enOrigin: OriginTexts = {
  title: "Where it comes from",
  machine: "On the machine",
  orLater: (date) => `${date} or later`,
  states: {
    standing: "It is on the server.",
    pending: "It is saved here, and not on the server yet.",
    "here-alone": "It is on this machine alone.",
  },
  why: {
    first: "Nothing stood there before.",
    seen: "Who made it had seen what stood there before.",
    later: "It was made later than what stood there before.",
    own: "The same machine had made what stood there before.",
    adopted: "The server took it over when that machine joined.",
    brought: "Another machine had it from the server that was lost.",
    server: "The server did it itself.",
  },
  over: "On the server stands still",
  none: "Nobody has set this yet.",
};
