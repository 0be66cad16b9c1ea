/** Owners as clients write them. */
import { type Owner, parseOwner } from "../../../../src/model/owner.ts";
import type { Fields } from "./fields.ts";
import { malformed } from "./problem.ts";

export function ownerOf(text: string, path: string): Owner {
  const owner = parseOwner(text);
  if (owner === undefined)
    throw malformed(`${path}: ${JSON.stringify(text).slice(0, 100)} is no owner; owners are user:NAME, group:ID and common`);
  return owner;
}

/** A list of owners that may be left out: all of them then. */
export const ownersIn = (fields: Fields, name: string): readonly Owner[] =>
  fields.has(name) ? fields.texts(name).map((text, index) => ownerOf(text, `${name}[${index}]`)) : [];
