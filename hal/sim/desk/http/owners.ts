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

/** A list of owners that may be left out: all of them then. An empty one is a choice of nobody, and nobody means all by it. */
export function ownersIn(fields: Fields, name: string): readonly Owner[] {
  if (!fields.has(name)) return [];
  const owners = fields.texts(name).map((text, index) => ownerOf(text, `${name}[${index}]`));
  if (owners.length === 0) throw fields.fault(name, "names nobody; leave it out for all of them");
  return owners;
}
