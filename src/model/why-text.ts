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

export interface Told {
  readonly state: "standing" | "pending" | "here-alone";
  readonly deleted: boolean;
  readonly by: string;
  /** The machine's name, or its id. */
  readonly machine: string;
  readonly at?: string;
  readonly certain: boolean;
  readonly why?: Why;
}

export function whyText(told: Told): string {
  const did = `${verb(told)}${whoText(told)} on ${told.machine}${whenText(told)}`;
  if (told.state === "pending") return `${did}; saved here, not yet on the server machine`;
  if (told.state === "here-alone") return `${did}; it is on this machine alone`;
  return told.why === undefined ? did : `${did}; it stands because ${WHY_TEXT[told.why]}`;
}

const verb = ({ deleted, why }: Told): string => (why === "adopted" ? "supplied" : deleted ? "deleted" : "set");

function whoText({ by }: Told): string {
  if (by === "import") return " by an import";
  if (by === "put-back") return " by putting it back from the history";
  return by === "" ? "" : ` by ${by}`;
}

const whenText = ({ at, certain }: Told): string => (at === undefined ? "" : ` ${certain ? "at" : "at or after"} ${at}`);
