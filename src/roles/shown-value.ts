/** A value as it may be shown to people and scripts: secrets only say that they are set. */
import { itemOf } from "../model/item.ts";
import { isFields, type Value } from "../model/value.ts";

const SET: Value = { set: true };

export function shownValue(item: string, value: Value): Value {
  const definition = itemOf(item);
  if (definition === undefined) return value;
  if (definition.secret) return SET;
  if (!isFields(value) || definition.secretFields.length === 0) return value;
  return Object.fromEntries(Object.entries(value).map(([field, of]) => [field, definition.secretFields.includes(field) ? SET : of]));
}
