/** What an entry needs beyond what a person types: a key of its own, and the columns every destination has. */
import { createHash } from "node:crypto";
import { ADDRESS_PASSWORD, withoutPassedBack } from "../model/destination.ts";
import { type Entry, ONE_TOUCH_LIST } from "../model/entry.ts";
import { LIMITS } from "../model/limits.ts";
import { type Fields, isFields, type Value } from "../model/value.ts";

/**
 * A key that no other entry has, in the form of a UUID: this machine, this power-on, its newest edit and how many keys
 * were made since the panel started cannot all be the same twice.
 */
export function newKey(from: { readonly deviceId: string; readonly boot: string; readonly mark: number; readonly made: number }): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([from.deviceId, from.boot, from.mark, from.made]))
    .digest("hex");
  // Version 8 is the one whose bits are the maker's own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const SHORT_NAME_CHARACTERS = 13;
const FIRST_INDEX_ELSEWHERE = 201;

/** A destination with the columns that these printers write; `fields` are the ones a person chose. */
export function newAddress(fields: Fields, key: string, others: readonly Entry[]): Fields {
  const name = typeof fields.cn === "string" ? fields.cn : "";
  return {
    cnread: name,
    cnshort: shortName(name),
    indxid: String(freeIndex(fields.subdbid === ONE_TOUCH_LIST, others)),
    enablepartial: "off",
    accesscode: "0",
    uuid: key,
    cnreadlang: "en",
    ...fields,
  };
}

/** One-touch buttons take the lowest free of their 200 numbers; elsewhere an index only has to be unlike the others. */
function freeIndex(oneTouch: boolean, others: readonly Entry[]): number {
  const taken = new Set<number>();
  for (const { value } of others) {
    if (isFields(value) && (String(value.subdbid) === ONE_TOUCH_LIST) === oneTouch) taken.add(Number(value.indxid));
  }
  let index = oneTouch ? 1 : FIRST_INDEX_ELSEWHERE;
  while (taken.has(index) && index < LIMITS.commonAddressesMax + FIRST_INDEX_ELSEWHERE) index += 1;
  return index;
}

/**
 * An entry's value with these fields changed, all others as they are. What was derived from the name follows it, and a
 * stored password goes when the destination it belongs to changes (B08).
 */
export function changedValue(value: Value, fields: Fields): Fields {
  const before = isFields(value) ? value : {};
  const after: { [field: string]: Value } = { ...before, ...fields };
  // Settings of a job that a newer machine knows stay beside those that were changed here.
  if (isFields(before.settings) && isFields(fields.settings)) after.settings = { ...before.settings, ...fields.settings };
  if (fields.cn !== undefined && typeof before.cn === "string" && typeof fields.cn === "string") {
    if (before.cnread === before.cn) after.cnread = fields.cn;
    if (before.cnshort === before.cn || before.cnshort === shortName(before.cn)) after.cnshort = shortName(fields.cn);
  }
  return withoutPassedBack(before, after, ADDRESS_PASSWORD);
}

const shortName = (name: string): string => [...name].slice(0, SHORT_NAME_CHARACTERS).join("");
