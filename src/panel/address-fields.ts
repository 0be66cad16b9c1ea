/** From what stands in the form of a destination to the columns of its entry, and back. Pure. */
import { ONE_TOUCH_LIST } from "../model/entry.ts";
import { LIMITS } from "../model/limits.ts";
import type { Fields } from "../model/value.ts";
import { ACCESS_NUMBER, accessNumber, type Cell, type Destination, ONE_TOUCH_NUMBER } from "./destinations.ts";
import type { Address } from "./personal-data.ts";
import type { ListName, Values } from "./place.ts";
import type { WhyWord } from "./texts/texts.ts";

/** Everything that is entered for a destination of this type in this list. */
export function cellsOf({ cells }: Destination, { item, list }: ListName): readonly Cell[] {
  if (item !== "common-address") return cells;
  return [...cells, list === ONE_TOUCH_LIST ? ONE_TOUCH_NUMBER : ACCESS_NUMBER];
}

const MEMBER = "member/";
/** The field of the form that tells whether an entry is a member. */
export const memberField = (key: string): string => `${MEMBER}${key}`;

/**
 * Whether an entry is ticked: as this person last set it; what the person has not touched is as it is by now, for somebody
 * else may be adding members to the group meanwhile.
 */
export function isTicked(key: string, values: Values, before: Values, now: boolean): boolean {
  const [tick = "no", then = "no"] = [values[memberField(key)], before[memberField(key)]];
  return tick === then ? now : tick === "yes";
}

/** What stands in the form at first. A stored password does not: the form can only set another one. */
export function formValues(address: Address): Values {
  const cells = Object.entries(address.cells).map(([column, text]) => [column, text ?? ""]);
  const members = address.members.map((key) => [memberField(key), "yes"]);
  return Object.fromEntries([...cells, ...members, ["indxid", address.number], ["accesscode", address.access]]);
}

/** What was entered, cell by cell: without blanks around it, except in a password. */
const entered = (cells: readonly Cell[], values: Values): Values =>
  Object.fromEntries(cells.map(({ field, secret }) => [field, secret ? (values[field] ?? "") : (values[field] ?? "").trim()]));

/**
 * Why it cannot be saved as it is: the first cell from above. What stood there before, an import may have written, and it
 * stands in nobody's way. `taken` are the one-touch numbers of other entries.
 */
export function formFault(
  cells: readonly Cell[],
  values: Values,
  before: Values | undefined,
  taken: ReadonlySet<number>,
): WhyWord | undefined {
  const texts = entered(cells, values);
  const then = before === undefined ? {} : entered(cells, before);
  if (texts.cn === "") return "name-missing";
  const fresh = cells.filter(({ field }) => before === undefined || texts[field] !== then[field]);
  for (const { field, fault } of fresh) {
    const why = fault(texts[field] ?? "");
    if (why !== undefined) return why;
  }
  return fresh.includes(ONE_TOUCH_NUMBER) && taken.has(Number(texts.indxid)) ? "one-touch-taken" : undefined;
}

/** Why a group cannot have these members. */
export function membersFault(members: readonly string[]): WhyWord | undefined {
  if (members.length === 0) return "members-missing";
  return members.length > LIMITS.groupMembersMax ? "members-full" : undefined;
}

/** The columns of the cells as they are written. An empty password is no password that was entered. */
function written(cells: readonly Cell[], values: Values): Values {
  const { indxid, accesscode, pwd, ...texts } = entered(cells, values);
  return {
    ...texts,
    ...(pwd === undefined || pwd === "" ? {} : { pwd }),
    ...(indxid === undefined ? {} : { indxid: String(Number(indxid)) }),
    ...(accesscode === undefined ? {} : { accesscode: accessNumber(accesscode) || "0" }),
  };
}

/** Members are named by uuid; a number there would mean somebody else as soon as numbers are given anew. */
export const memberFields = (members: readonly string[]): Fields => ({ memberobjectuuid: members.join(";"), member: "" });

/** A new entry: what was entered, its type and its list. */
export function newFields(destination: Destination, { list }: ListName, cells: readonly Cell[], values: Values): Fields {
  const { objectclass, protocol } = destination;
  return {
    objectclass,
    ...(protocol === "" ? {} : { protocol }),
    ...written(cells, values),
    ...(list === "" ? {} : { subdbid: list }),
  };
}

/** Only what this person changed: somebody else may be changing the rest. */
export function changedFields(cells: readonly Cell[], values: Values, before: Values): Fields {
  const then = written(cells, before);
  return Object.fromEntries(Object.entries(written(cells, values)).filter(([column, text]) => text !== then[column]));
}
