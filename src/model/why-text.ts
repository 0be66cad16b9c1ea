/** Where an entry comes from as a sentence of the API, in English (B04). */
import type { Why } from "./entry.ts";

const WHY_TEXT: { readonly [why in Why]: string } = {
  first: "nothing stood there before",
  seen: "its author had seen what stood there before",
  later: "it was made later than what stood there before",
  own: "the same machine had written what stood there before",
  adopted: "the server machine took it over, whole, when this machine joined",
  brought: "another machine had it from the server machine that was lost",
  server: "the server machine did it itself",
};

/** What is known of where an entry comes from. */
export interface EntryOrigin {
  readonly state: "standing" | "pending" | "here-alone";
  readonly deleted: boolean;
  readonly by: string;
  /** The machine's name, or its id. */
  readonly machine: string;
  readonly at?: string;
  readonly certain: boolean;
  readonly why?: Why;
}

export function whyText(origin: EntryOrigin): string {
  const did = `${verb(origin)}${whoText(origin)} on ${origin.machine}${whenText(origin)}`;
  if (origin.state === "pending") return `${did}; saved here, not yet on the server machine`;
  if (origin.state === "here-alone") return `${did}; it is on this machine alone`;
  return origin.why === undefined ? did : `${did}; it stands because ${WHY_TEXT[origin.why]}`;
}

const verb = ({ deleted, why }: EntryOrigin): string => (why === "adopted" ? "supplied" : deleted ? "deleted" : "set");

function whoText({ by }: EntryOrigin): string {
  if (by === "import") return " by an import";
  if (by === "put-back") return " by putting it back from the history";
  return by === "" ? "" : ` by ${by}`;
}

const whenText = ({ at, certain }: EntryOrigin): string => (at === undefined ? "" : ` ${certain ? "at" : "at or after"} ${at}`);
